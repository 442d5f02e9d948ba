"""People and content that tests share.

The test database holds the whole shipped content, a copy of its own for each worker; a test that
needs a bare portal asks for ``bare``, which empties the tables inside its own transaction.
"""

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from _pytest import runner
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import record_authentication
from django.apps import apps
from django.conf import settings as portal
from django.contrib.auth.models import Group, User
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis.configuration import set_hypothesis_home_dir

from faq.models import Question, Topic
from portal.accounts.idle import USED
from portal.publishing import actions
from portal.publishing.models import AuditEntry, Change, Edition, Source
from portal.roles import FDA_DATA_EDITOR
from therapies.models import ApprovalEvent, Batch, Cancer, Family, Indication, Therapy, TherapyClass

from . import databases, fda_server
from .fda_files import BOOK
from .imports import keep
from .machine import pace
from .sharing import sharing

set_hypothesis_home_dir(Path(__file__).parents[1] / "var/cache/hypothesis")
settings.register_profile(
    "portal",
    max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "40")),
    deadline=None,  # other tests run beside
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("portal")
STARTED = time.monotonic()


def pytest_configure() -> None:
    portal.API_REQUESTS_PER_MINUTE = 0  # tests ask more than anybody


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"{time.monotonic() - STARTED:.0f} s in all; {pace()}.")


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests marked ``sampled(n)``, the first n of a file or of a list of parameters are quick, the others slow.

    The slow ones first, or a worker that gets a test of a minute last works while the others wait.
    """
    quick: Counter[str] = Counter()
    for item in items:
        for node, mark in item.iter_markers_with_node("sampled"):
            together = item.nodeid.partition("[")[0] if node is item else node.nodeid
            quick[together] += 1
            if quick[together] > mark.args[0]:
                item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is there by now stays to the end, so that looking through it for garbage takes a twentieth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    return runner.pytest_runtest_protocol(item, nextitem)


# Python keeps the frames of calls in blocks of 16 KB, and gives a block back at once when a call returns from it. A
# page is rendered many calls deep, across such a border, so that a quarter of a test's time went into asking for the
# same block again. A frame that claims to be large gets a block of 1 MB, with room for all that is called from it.
pytest_runtest_protocol.__code__ = pytest_runtest_protocol.__code__.replace(co_stacksize=70_000)


@pytest.fixture(scope="session")
def template(django_test_environment: None, django_db_blocker: Any) -> str:
    """The name of a database with the whole content, to copy."""
    with django_db_blocker.unblock():
        return databases.template()


@pytest.fixture(scope="session")
def django_db_setup(
    template: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[None]:
    """In the place of pytest-django's own: each worker has a copy of the template."""
    folder = tmp_path_factory.mktemp("database")
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            copy = stack.enter_context(databases.database(worker_id, folder, like=template))
            stack.enter_context(databases.connected(copy))
            stack.enter_context(sharing())
        yield


@pytest.fixture
def site(template: str, django_db_blocker: Any, settings: Any, tmp_path: Path, worker_id: str) -> Iterator[str]:
    """A portal of its own, with folders of its own, where no transaction takes back what happens; its database."""
    folder = tmp_path / "var"
    folder.mkdir()
    with (
        django_db_blocker.unblock(),
        databases.database(f"site-{worker_id}", folder, like=template) as url,
        databases.connected(url),
    ):
        settings.VAR_DIR, settings.MEDIA_ROOT = folder, folder / "media"
        yield url


@pytest.fixture(autouse=True)
def _as_in_tests(settings: Any) -> None:
    """Pages name static files by their hash; tests do not collect them."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.SITE_ADDRESS = "http://testserver"  # as the client of Django's tests calls it
    settings.SECURITY_CONTACT = "mailto:security@portal.example"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server of this machine that plays those of others, at an address that passes for a public one."""
    fda_server.at_public_address(monkeypatch)
    with fda_server.playing_fda() as playing:
        yield playing


def person(name: str, role: str) -> User:
    user = User.objects.create_user(name, password="a long passphrase", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def editor(db: None) -> User:
    return person("Edith", "Editor")


@pytest.fixture
def reviewer(db: None) -> User:
    return person("Rosa", "Reviewer")


@pytest.fixture
def data_editor(db: None) -> User:
    """An FDA data editor, who enters what FDA did."""
    return person("Dana", FDA_DATA_EDITOR)


@pytest.fixture
def second_data_editor(db: None) -> User:
    """Another one, who confirms it."""
    return person("Sam", FDA_DATA_EDITOR)


@pytest.fixture
def administrator(db: None) -> User:
    return person("Ada", "Administrator")


def sign_in(user: User, *, ago: float = 1) -> Client:
    """A browser in which somebody has signed in, some seconds ago."""
    client = Client()
    client.force_login(user)
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, method="password")
    session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= ago
    session[USED] = int(time.time())  # or the first request would note it, and cost queries that no other does
    session.save()
    return client


@pytest.fixture
def desk() -> Callable[..., Client]:
    """Signs somebody in."""
    return sign_in


@pytest.fixture
def dana(desk: Callable[[User], Client], data_editor: User) -> Client:
    """The browser of the FDA data editor."""
    return desk(data_editor)


@pytest.fixture
def book(data_editor: User) -> Batch:
    """A batch that she made of a Purple Book."""
    return keep(BOOK, by=data_editor)


@pytest.fixture
def bare(db: None) -> None:
    """A portal without content."""
    ours = ("therapies", "faq", "immune", "pages", "publishing")
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ours and model is not AuditEntry:  # which nobody can empty
            model._base_manager.all()._raw_delete(model._base_manager.db)  # keys are checked at the end


@pytest.fixture
def question(db: None) -> Question:
    """A question that has no text yet."""
    topic, _ = Topic.objects.get_or_create(name="Tests")
    return Question.objects.create(slug="a-new-question", topic=topic, order=99)


ANSWER = {"question": "Is this new?", "in_short": "Yes, it is.", "answer": "<p>It was written today.</p>"}


@pytest.fixture
def published(editor: User, reviewer: User) -> Callable[..., Edition]:
    """Write, submit and publish words on a page, as the desk does."""

    def publish(page: Any, note: str = "A test asked for it.", **text: str) -> Edition:
        draft = actions.start_draft(page, by=editor)
        actions.save_draft(draft, by=editor, change_note=note, **text)
        actions.submit(draft, by=editor)
        return actions.publish(draft, by=reviewer)

    return publish


@pytest.fixture
def confirmed(data_editor: User, second_data_editor: User) -> Callable[..., Any]:
    """Propose a new row as one data editor, confirm it as another, and answer the row."""

    def confirm(model: Any, because: str = "A test asked for it.", **given: Any) -> Any:
        told = {"because": because, "source": given.get("source")}
        change = actions.propose_new(model, given, by=data_editor, **told)
        actions.confirm(change, by=second_data_editor)
        change.refresh_from_db()
        return model._default_manager.get(pk=change.row)

    return confirm


@pytest.fixture
def pending(data_editor: User) -> Callable[..., Change]:
    """Propose a new row as a data editor, and answer the change that waits."""

    def propose(model: Any, because: str = "A test asked for it.", **given: Any) -> Change:
        told = {"because": because, "source": given.get("source")}
        return actions.propose_new(model, given, by=data_editor, **told)

    return propose


@pytest.fixture
def source(db: None) -> Source:
    return Source.objects.create(title="FDA letter of a test", url="https://www.fda.gov/test", official=True)


@pytest.fixture
def use(db: None) -> Indication:
    """A use of a shipped therapy that no event speaks of yet."""
    return Indication.objects.create(
        therapy=Therapy.objects.get(slug="pembrolizumab"),
        cancer=Cancer.objects.get(slug="neuroblastoma"),
        code="neuroblastoma--test",
        setting="After everything else",
    )


@pytest.fixture
def catalogue_of(published: Callable, confirmed: Callable) -> Callable[[int], list[Therapy]]:
    """Builds n therapies with one confirmed approval each, in a bare portal."""

    def build(number: int) -> list[Therapy]:
        start = Therapy.objects.count()
        family, _ = Family.objects.get_or_create(slug="family", name="Family")
        kind, _ = TherapyClass.objects.get_or_create(slug="kind", name="Kind", family=family)
        cancer, _ = Cancer.objects.get_or_create(
            slug="cancer", name="Cancer", plain_name="Cancer", ctgov_condition="Cancer"
        )
        source, _ = Source.objects.get_or_create(title="FDA list", official=True)
        for page in (family, kind, cancer):
            if not page.editions.exists():
                published(page, in_short="Short.", about="<p>Long.</p>")
        made = []
        for i in range(start, start + number):
            therapy = Therapy.objects.create(slug=f"therapy-{i}", name=f"therapy {i}", therapy_class=kind)
            words = dict.fromkeys(("how_it_works", "what_to_know", "side_effects", "questions"), "<p>Words.</p>")
            published(therapy, in_short="Short.", **words)
            use = Indication.objects.create(therapy=therapy, cancer=cancer, code="use", setting="A setting")
            confirmed(ApprovalEvent, indication=use, kind="approval", date=f"20{10 + i % 10}-05-01", source=source)
            made.append(therapy)
        return made

    return build
