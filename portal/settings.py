"""Every setting of the portal, read from the environment.

Strict by default: without ``PORTAL_DEV=1`` a missing secret key or host list stops
the start. ``docs/operating.md`` lists the variables; a test keeps that list true.
"""

import secrets
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from js_asset import static_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# PORTAL_DEV=1 is the machine of somebody who tries the portal or works on it: plain
# http on loopback and a secret key made on the spot. Debug pages are a further step.
DEV = env.bool("PORTAL_DEV", default=False)
DEBUG = DEV and env.bool("PORTAL_DEBUG", default=False)
VAR_DIR = Path(env.str("PORTAL_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)


def _for_this_user_alone(path: Path) -> None:
    """A file that nobody else on the machine reads, made if need be. SQLite gives those beside it the same mode."""
    if not path.exists():
        path.touch(mode=0o600)
    elif (mode := path.stat().st_mode) & 0o007:
        with suppress(PermissionError):  # another user's, who must do it
            path.chmod(mode & ~0o007)


def _local_secret_key() -> str:
    path = VAR_DIR / "secret_key"
    _for_this_user_alone(path)
    if not path.read_text():
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _local_secret_key() if DEV else env.str("SECRET_KEY")
# Keys of before, the newest first: what they signed or encrypted is still read while they stand here.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK) if DEV else env.list("ALLOWED_HOSTS")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS names no host.")
# Where the portal stands, for every address that is given away. No request says it: a Host header is whatever somebody
# sends, with whatever port (docs/decisions/0041-the-site-knows-its-address.md).
_guess = f"http://127.0.0.1:{env.int('PORT', default=8000)}" if DEV else f"https://{ALLOWED_HOSTS[0].lstrip('*.')}"
SITE_ADDRESS = env.str("SITE_ADDRESS", default=_guess).rstrip("/")
ITS_HOST = urlsplit(SITE_ADDRESS).netloc

INSTALLED_APPS = [
    "portal.pages",
    "faq",
    "therapies",
    "immune",
    "portal.publishing",
    "portal.pages.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "crispy_forms",
    "django_htmx",
    "django_prose_editor",
    "allauth.account",
    "allauth.mfa",
    "portal.accounts",
    "portal.operating",
]

MIDDLEWARE = [
    "portal.pages.headers.security_headers",
    "portal.pages.discretion.guest_links",
    "portal.serving.database.DatabaseWatch",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "portal.pages.methods.ReadAlone",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.idle.idle_sessions",
    "portal.pages.bodies.large_bodies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.pages.senseless.Senseless",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.publishing.templatetags.publishing"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.publishing.prose.figures",
                "portal.pages.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["portal"]
CRISPY_TEMPLATE_PACK = "portal"

# SQLite is the default; WAL lets readers go on while somebody writes, and IMMEDIATE
# takes the write lock at once, so that two writers queue instead of failing half-way.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    if (file := Path(DATABASES["default"]["NAME"])).is_absolute() and file.parent.is_dir():  # it may be memory
        _for_this_user_alone(file)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Whoever can't reach it is told so after these seconds. Whoever waits for an answer learns as soon that its machine
    # or the network is gone: milliseconds for what was sent, seconds for asking whether it is still there.
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
    } | DATABASES["default"].get("OPTIONS", {})

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Sign-in of staff. allauth's own defaults throttle it; counters and used codes live in the cache, so several
# processes need one that they share.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://?max_entries=10000")}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"] |= {
        "BACKEND": "portal.serving.shared_cache.SharedCache",  # nobody is kept out because Redis is away
        "KEY_PREFIX": CACHES["default"].pop("key_prefix", "portal"),
    }
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "portal.accounts.adapter.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}  # names are unique here and addresses are not
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "portal.accounts.links.PasswordLinks"  # noqa: S105 - where they are signed
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60  # seconds in which a link must be used that lets somebody choose a password
ACCOUNT_REAUTHENTICATION_TIMEOUT = 60 * env.int("FRESH_SIGN_IN_MINUTES", default=15)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", default=False) else 0
MFA_ADAPTER = "portal.accounts.adapter.SecondFactors"
MFA_FORMS = {"authenticate": "portal.accounts.adapter.CodeForm"}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_ISSUER = ITS_HOST
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody gives themselves an account, so there is no address to verify
REQUIRE_MFA = env.bool("REQUIRE_MFA", default=not DEV)

TIME_ZONE = env.str("TIME_ZONE", default="America/New_York")
FORMAT_MODULE_PATH = "portal.formats"
USE_I18N = False  # all that people read is English, and Django would ask for the language at each address and number

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_FILES", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = VAR_DIR / "media"  # renditions of pictures; nothing that somebody uploaded is kept as it came
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.serving.static_files.StaticFiles"
    },
}

WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site shows files of this one

# Source maps are the bulk of what the editor ships and no reader asks for them: they stay uncompressed.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "woff", "woff2", "png", "jpg", "jpeg", "gif", "webp", "zip", "gz", "br")

# Public pages: this site alone, no script or style inside the page, and no nonce, so
# that a page is the same bytes for every reader.
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
# The rich text editor asks for a style element, so staff pages carry a nonce. They are never cached, and show
# previews in frames.
DESK_CSP: dict[str, list[str]] = SECURE_CSP | {
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "frame-src": [CSP.SELF],
}
# Django's own defaults forbid frames and sniffing of types, and keep the session cookie from scripts.
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEV)
SECURE_SSL_HOST = ITS_HOST
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEV else 3600)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", default=False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEV
SESSION_COOKIE_AGE = 60 * env.int("IDLE_SIGN_OUT_MINUTES", default=8 * 60)  # without use: portal/accounts/idle.py
# Names with which a browser takes a cookie from nobody but this host, by https. A guest gets that of forms for their
# one path alone, which the stricter name does not allow.
SESSION_COOKIE_NAME = "sessionid" if DEV else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEV else "__Secure-csrftoken"
CSRF_FAILURE_VIEW = "portal.pages.unsent.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Extensions of the rich text editor that are ours, each with the file that brings it: schema.js brings others too.
# What a text may hold is for publishing/markup.py to say.
DJANGO_PROSE_EDITOR_EXTENSIONS = [
    {"js": [static_lazy(f"editor/{name}.js")], "extensions": {extension: lambda config, shared: None}}
    for name, extension in (("insert", "Insert"), ("link", "Link"), ("paste", "CleanPaste"), ("schema", "Direction"))
]

# Whether somebody may publish a text that they wrote themselves. The edition, and the
# page that readers see, then say so openly.
PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES = env.bool("PUBLISH_WITHOUT_SECOND_PAIR_OF_EYES", default=False)

# Mail goes out only where EMAIL_URL names a server (smtp+tls://user:password@host:587). Nothing needs it.
SENDS_MAIL = bool(env.str("EMAIL_URL", default=""))
MAILERS: dict[str, dict[str, object]] = {"default": {}}
if SENDS_MAIL:
    mail = env.email("EMAIL_URL")
    MAILERS["default"] = {
        "BACKEND": mail["EMAIL_BACKEND"],
        "OPTIONS": {
            "host": mail["EMAIL_HOST"],
            "port": mail["EMAIL_PORT"],
            "username": mail["EMAIL_HOST_USER"],
            "password": mail["EMAIL_HOST_PASSWORD"],
            "use_tls": mail.get("EMAIL_USE_TLS", False),
            "use_ssl": mail.get("EMAIL_USE_SSL", False),
            "timeout": 10,
        },
    }
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="portal@localhost")

# Megabytes of finished pages that each process keeps; 0 renders every page anew. While debugging, templates change.
PAGE_CACHE_MB = 0 if DEBUG else env.float("PAGE_CACHE_MB", default=64)

# Percent of its time that a process gives one address for what can be made up without end: searches, narrowed lists,
# pages that do not exist. 0 gives any.
MADE_UP_PERCENT = env.float("MADE_UP_PERCENT", default=3)

# Seconds between two looks at what has come due; 0 where a timer calls `manage.py tick`.
TICK_EVERY = env.float("TICK_EVERY", default=20)

# How many requests of one address the API answers in a minute; 0 answers any number.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=300)

# Whom somebody tells who finds a hole, as mailto: or https: address. Naming it puts /.well-known/security.txt there.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")

# Whom FDA may write to about the watch. Naming somebody turns it on; without, this portal asks FDA nothing.
FDA_WATCH_CONTACT = env.str("FDA_WATCH_CONTACT", default="")

# Whoever has this token may read numbers at /metrics. Without one there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# Whether words by which the search found nothing are counted, so that editors learn what readers miss. Nobody can read
# them before they were asked for on three days: docs/decisions/0045-one-search.md.
COUNT_EMPTY_SEARCHES = env.bool("COUNT_EMPTY_SEARCHES", default=True)

# Logs. As JSON there is a line for each request, but for finished pages, of which one in LOG_HITS has one; 0 for none.
LOG_FORMAT = env.str("LOG_FORMAT", default="text")
LOG_HITS = env.int("LOG_HITS", default=100)
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", default=1000)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_links": {"()": "portal.pages.discretion.WithoutLinks"}},
    "formatters": {"text": {}, "json": {"()": "portal.serving.json_lines.JsonLines"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["without_links"],
            "formatter": "json" if LOG_FORMAT == "json" else "text",
        }
    },
    "loggers": {"portal.requests": {"level": "INFO"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
