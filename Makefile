# What people and CI start. Plain POSIX sh; everything that is made lies under var/.
# Set-up happens by itself, under a lock, and costs next to nothing once it is done.

VAR  := $(CURDIR)/var
PY   := $(VAR)/venv/bin/python
PORT ?= 8000
# The Pythons of pyproject.toml, the newest first: 3.13 3.12
PYTHONS := $(shell sed -n 's/^requires-python = ">=3\.\([0-9]*\),<3\.\([0-9]*\)".*/\1 \2/p' pyproject.toml \
	| { read -r first end; seq -f 3.%g $$((end - 1)) -1 "$$first"; })

export PORT
export PORTAL_DEV := 1
export PORTAL_VAR ?= $(VAR)
export PYTHONPYCACHEPREFIX := $(VAR)/cache/python
unexport PYTHONDONTWRITEBYTECODE # it lies under var/, and each process would compile Django anew
export PLAYWRIGHT_BROWSERS_PATH ?= $(VAR)/browsers

.DEFAULT_GOAL := help
.PHONY: help run dev test test-fast check audit bench bench-serving image lock clean .python .pythons .venv .venv-dev .data .static .port .chromium .node

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# ---- Running ------------------------------------------------------------------------------

# Finished pages need a thread for a moment only. The others render, or wait in the short queues of portal/serving/.
run: .venv .port .data .static ## Serve the portal as in production, on 127.0.0.1:$PORT (8000)
	@$(take_port); \
	echo "The portal:    http://127.0.0.1:$(PORT)/    (Ctrl-C stops it)"; \
	echo "Editors' desk: http://127.0.0.1:$(PORT)/admin/    accounts: $${PORTAL_VAR#$(CURDIR)/}/accounts.txt"; \
	exec $(PY) -m granian --interface wsgi portal.wsgi:application --host 127.0.0.1 --port $(PORT) \
		--workers 1 --blocking-threads 192 --backpressure 1024 --http1-header-read-timeout 10000 --workers-kill-timeout 5 --respawn-failed-workers --no-ws --log-level error

dev: .venv .port .data ## The same with debug pages, reloading when a file changes
	@$(take_port); mkdir -p "$$PORTAL_VAR/static"; \
	echo "Accounts for /admin/: $${PORTAL_VAR#$(CURDIR)/}/accounts.txt"; \
	PORTAL_DEBUG=1 exec $(PY) manage.py runserver 127.0.0.1:$(PORT)

# ---- Testing ------------------------------------------------------------------------------

# Tests keep their key and accounts apart from those of `make run`.
test test-fast check: export PORTAL_VAR := $(VAR)/test
pytest = mkdir -p "$$PORTAL_VAR/static" && $(PY) -m pytest $(ARGS)

WHICH = not browser
test: .venv-dev .chromium ## Every test: those without a browser in parallel, then the browser's
	@export CHROMIUM="$$($(chromium))"; $(pytest) -n auto --dist worksteal -m "$(WHICH)"; fast=$$?; $(pytest) -n 3 -m browser $(JOURNEYS) && exit $$fast

test-fast: .venv-dev ## The tests that are quick and need no browser; ARGS="-k word" narrows them
	@$(pytest) -n auto --dist worksteal -m "not browser and not slow"

# Every step runs, also after one has failed; the last line names those that did. Django's check of a
# deployment runs as strictly as one, but leaves subdomains, preload lists and the contact to whoever owns the domain.
check: .venv-dev ## Linters, types, Django's own checks, originality
	@failed=; step() { name="$$1"; shift; echo "== $$name"; "$$@" || failed="$$failed, $$name"; }; \
	step "ruff check" $(PY) -m ruff check --output-format concise .; \
	step "ruff format" $(PY) -m ruff format --check --output-format concise .; \
	step "djlint" $(PY) -m djlint --lint --quiet templates; \
	step "mypy" $(PY) -m mypy --python-version $(lastword $(PYTHONS)); \
	step "migrations" $(PY) manage.py makemigrations --check --dry-run; \
	step "deployment" env -u PORTAL_DEV SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		ALLOWED_HOSTS=portal.example DJANGO_SETTINGS_MODULE=portal.settings $(PY) -c 'import django; from django.conf import settings; \
		from django.core.management import call_command; settings.SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "pages.W001"]; \
		django.setup(); call_command("check", deploy=True, fail_level="WARNING")'; \
	if [ -f ../shared/checks/originality.py ]; then step "originality" $(PY) ../shared/checks/originality.py; fi; \
	[ -z "$$failed" ] || { echo "Failed: $${failed#, }" >&2; exit 1; }

audit: .chromium .node ## Valid HTML, Lighthouse, sizes; needs Node and Java (AUDIT=quick leaves Lighthouse out)
	@CHROMIUM="$$($(chromium))" $(PY) .ci/audit/audit.py

bench bench-serving: export PORTAL_VAR := $(VAR)/bench
bench: .venv .data .static ## Milliseconds of CPU per page, and the ratio to a bare Django view
	@$(PY) .ci/audit/bench.py

bench-serving: .venv .data .static ## Finished pages beside a program that only hands out their bytes; needs wrk
	@$(PY) .ci/audit/bench_serving.py

image: .venv ## The steps of deploy/Containerfile in a fresh Debian, then served; needs root and debootstrap
	@$(PY) .ci/image.py

# Versions that are in a lock already stay, unless they no longer fit. The hashes are those of all of a version's files,
# so that one lock serves every Python and platform: Linux and macOS, and an Intel Mac by building what has no wheel there.
compile = $(PY) -m uv pip compile --system-certs --quiet --cache-dir $(VAR)/cache/uv --universal --python-version $(lastword $(PYTHONS)) \
	--generate-hashes --custom-compile-command "make lock" $(ARGS)
lock: .venv-dev ## Work out from requirements*.txt what is installed; ARGS=--upgrade takes the newest
	@$(compile) requirements.txt -o requirements.lock >/dev/null
	@$(compile) requirements-dev.txt -c requirements.lock -o requirements-dev.lock >/dev/null

clean: ## Remove what can be made again (stays: the database, its accounts, the key)
	@cd $(VAR) 2>/dev/null && rm -rf venv python3.* cache browsers audit test bench image static .static || true

# ---- Set-up -------------------------------------------------------------------------------

# One set-up at a time, for `make -j` and for two makes at once; where there is no flock(1), without.
alone = mkdir -p $(VAR) "$$PORTAL_VAR"; exec 9>$(VAR)/.lock; if command -v flock >/dev/null; then flock 9; fi

# pyenv may put a name on PATH that only complains, so each candidate is run, not just found.
find_python = for p in $(PYTHONS:%=python%) python3 /usr/bin/python3 ""; do \
		"$$p" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] not in sys.argv[1:])' $(PYTHONS) 2>/dev/null && break; done; \
	[ "$$p" ] || { echo "The portal needs one of these Pythons: $(PYTHONS). None of $(PYTHONS:%=python%) python3 here is one." >&2; exit 1; }

# For .ci/run: the Pythons that are supported, and the one that a set-up would take.
.pythons: ; @echo $(PYTHONS)
.python: ; @$(find_python); echo "$$p"

# $(call install,NAME,FILES,HOW): the last of FILES is installed; done while their checksum is the one noted.
install = @$(alone); done=$(VAR)/venv/$(1).installed; want=$$(cat $(2) | cksum); \
	if [ "$$want" = "$$(cat $$done 2>/dev/null)" ] && $(PY) -c '' 2>/dev/null; then exit 0; fi; \
	if ! $(PY) -m pip --version >/dev/null 2>&1; then \
		$(find_python); rm -rf $(VAR)/venv; \
		"$$p" -m venv $(VAR)/venv || { rm -rf $(VAR)/venv; echo "$$p makes no virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }; \
	fi; \
	echo "Installing $(lastword $(2)) into var/venv …"; \
	$(3) && echo "$$want" > $$done
with_pip = $(PY) -m pip install -qq --disable-pip-version-check --require-hashes -r
# uv, one of the tests' tools, takes three seconds where pip takes half a minute. It comes by pip itself, and trusts whom
# the machine trusts, as pip does: without that it fails behind a proxy with a certificate of its own.
with_uv = sed -n '/^uv==/,/^    \# via/p' requirements-dev.lock | $(with_pip) /dev/stdin && \
	$(PY) -m uv pip install --system-certs --quiet --cache-dir $(CURDIR)/var/cache/uv --python $(PY) --require-hashes -r

.venv: ; $(call install,run,requirements.lock,$(with_pip) requirements.lock)
.venv-dev: ; $(call install,dev,requirements.lock requirements-dev.lock,$(with_uv) requirements-dev.lock)

# Each of these leaves alone what is there already, above all what staff edited.
.data: .venv
	@$(alone); for c in "migrate -v0" apply_roles load_content demo_accounts; do $(PY) manage.py $$c >/dev/null || exit 1; done

# Hashing and compressing takes a while, so it is done again only when a file or a setting of it changed.
.static: .venv
	@$(alone); done="$$PORTAL_VAR/.static"; \
	want=$$( { cksum requirements.lock portal/settings.py portal/serving/static_files.py; find . -path ./var -prune -o -path '*/static/*' -type f -exec cksum {} +; } | sort | cksum); \
	if [ -f "$$PORTAL_VAR/static/staticfiles.json" ] && [ "$$want" = "$$(cat "$$done" 2>/dev/null)" ]; then exit 0; fi; \
	echo "Collecting static files …"; $(PY) manage.py collectstatic --noinput -v0 && echo "$$want" > "$$done"

# Asked before the set-up, and again when it is done. Two granians could share a port without a word, so
# whoever serves also holds a lock of that port's name.
port_taken = { echo "Port $(PORT) is taken, or no port for you to use. Choose another: make $(filter run dev,$(MAKECMDGOALS)) PORT=8001" >&2; exit 1; }
port_is_free = $(PY) -c 'import os, socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); \
	s.bind(("127.0.0.1", int(os.environ["PORT"])))' 2>/dev/null || $(port_taken)
take_port = mkdir -p $(VAR)/cache; exec 8>$(VAR)/cache/port-$(PORT); if command -v flock >/dev/null; then flock -n 8 || $(port_taken); fi; $(port_is_free)
.port: .venv
	@$(port_is_free)

# Prints the path of a browser that tests and audit can drive, or nothing. Debian's Chromium without a screen
# comes first: it does the same work in two thirds of the time (docs/decisions/0020-browser-without-a-screen.md).
chromium = for c in "$$CHROMIUM" chromium-headless-shell chromium chromium-browser google-chrome; do command -v "$$c" && exit; done; \
	$(PY) -c 'import os; from playwright.sync_api import sync_playwright; p = sync_playwright().start(); \
	c = p.chromium.executable_path; p.stop(); print(c if os.path.exists(c) else "")' 2>/dev/null
.chromium: .venv-dev
	@$(alone); [ -z "$$($(chromium))" ] || exit 0; echo "Installing Chromium …"; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		export DEBIAN_FRONTEND=noninteractive; get="apt-get install -y -qq --no-install-recommends"; \
		apt-get update -qq && { $$get chromium-headless-shell >/dev/null 2>&1 || $$get chromium >/dev/null; }; \
	else $(PY) -m playwright install chromium; fi

.node:
	@$(alone); mkdir -p $(VAR)/audit; cmp -s .ci/audit/package-lock.json $(VAR)/audit/package-lock.json && exit 0; \
	echo "Installing the audit's tools with npm …"; cp .ci/audit/package.json .ci/audit/package-lock.json $(VAR)/audit/ && \
	cd $(VAR)/audit && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error || { rm -f package-lock.json; exit 1; }
