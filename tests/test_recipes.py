"""The recipes of docs/recipes.md, followed: what they promise is built from the page and walked as its users would."""

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from faq.models import Question

ROOT = Path(__file__).parents[1]
RECIPES = (ROOT / "docs/recipes.md").read_text()
BLOCK = re.compile(r"^```(?:python|html) (\S+)\n(.*?)^```$", re.M | re.S)

SETTINGS = """
from portal.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, "stories"]
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": "{database}"}}}}
STORAGES = STORAGES | {{"staticfiles": {{"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}}}
REQUIRE_MFA = False
ALLOWED_HOSTS = ["testserver"]
"""

WALK = """
import datetime, django
django.setup()
from django.core.management import call_command
call_command("makemigrations", "stories", verbosity=0)
call_command("migrate", verbosity=0)
call_command("apply_roles", verbosity=0)
call_command("check", fail_level="WARNING")
from django.contrib.auth.models import Group, User
from django.test import Client
from portal.pages.models import SiteSettings, Term
from portal.publishing import actions
from stories.models import Story

def person(name, role):
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user

edith, rosa = person("Edith", "Editor"), person("Rosa", "Reviewer")
checked = datetime.date(2026, 1, 1)
SiteSettings.objects.create(pk=1, name="Portal", disclaimer="Ask your team.", facts_checked_to=checked)
term = Term.objects.create(slug="antibody")
words = {"name": "antibody", "in_short": "A protein."}
draft = actions.save_draft(actions.start_draft(term, by=edith), by=edith, **words)
actions.publish(actions.submit(draft, by=edith), by=rosa)

reader, desk = Client(), Client()
desk.force_login(edith)
assert reader.get("/stories/").status_code == 200 and reader.get("/stories/my-story/").status_code == 404

# Draft, review, publication.
typed = {"slug": "my-story", "year": "2019", "_submit": "1"}
typed |= {f"editions-{name}_FORMS": n for name, n in (("TOTAL", 1), ("INITIAL", 0), ("MIN_NUM", 0), ("MAX_NUM", 1))}
typed |= {"editions-0-title": "My story", "editions-0-in_short": "Short."}
typed |= {"editions-0-story": "<p>An antibody helped.</p>"}
answer = desk.post("/admin/stories/story/add/", typed)
assert answer.status_code == 302, answer.content.decode()[:3000]
story = Story.objects.get()
draft = story.open_edition()
assert draft.status == "in-review", draft.status
assert reader.get("/stories/my-story/").status_code == 404
assert "My story" in desk.get("/admin/").content.decode()
actions.publish(draft, by=rosa)

# List, page, glossary link, sitemap, freshness, menu.
assert "My story" in reader.get("/stories/").content.decode()
page = reader.get("/stories/my-story/").content.decode()
assert "helped" in page and 'href="/glossary/antibody/"' in page
assert "/stories/my-story/" in reader.get("/sitemap.xml").content.decode()
assert "Stories" in reader.get("/about/freshness/").content.decode()
assert 'href="/stories/"' in reader.get("/").content.decode()
for typed in ("my storys", "an antibody helped", "short"):
    assert 'href="/stories/my-story/"' in reader.get("/search/", {"q": typed}).content.decode(), typed

# What readers see waits; a moved address leads on; a page that is gone says why.
done = actions.revise(story, {"year": 2020}, by=edith)
story.refresh_from_db()
assert story.year == 2019 and done.pending
moved = actions.move(story, "another", by=edith, because="A better name.").pending
actions.confirm(moved, by=person("Ada", "Administrator"))
assert reader.get("/stories/my-story/").headers["Location"] == "/stories/another/"
actions.unpublish(story.live_edition(), by=rosa, because="It was out of date.")
gone = reader.get("/stories/another/")
assert "/stories/another/" not in reader.get("/search/", {"q": "antibody helped"}).content.decode()
assert gone.status_code == 410 and "It was out of date." in gone.content.decode()
print("walked")
"""


@pytest.fixture
def stories(tmp_path):
    """The room of the recipe, built in a folder of its own, with settings that name it."""
    for name, text in BLOCK.findall(RECIPES):
        if name.startswith("stories/"):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    (tmp_path / "stories/__init__.py").touch()
    (tmp_path / "with_stories.py").write_text(SETTINGS.format(database=tmp_path / "db.sqlite3"))
    return tmp_path


@pytest.mark.slow
def test_a_kind_of_page_takes_one_folder_and_one_line(stories, monkeypatch):
    environment = {"PORTAL_DEV": "1", "PORTAL_VAR": str(stories / "var"), "PATH": "/usr/bin:/bin"}
    environment |= {"PYTHONPATH": f"{stories}:{ROOT}", "DJANGO_SETTINGS_MODULE": "with_stories"}
    ran = subprocess.run([sys.executable, "-c", WALK], cwd=stories, env=environment, capture_output=True, text=True)
    assert ran.stdout.strip().endswith("walked"), ran.stderr[-3000:]


def test_the_recipe_shows_every_file_of_the_room():
    files = {name for name, _ in BLOCK.findall(RECIPES) if name.startswith("stories/")}
    assert {"stories/apps.py", "stories/models.py", "stories/views.py", "stories/urls.py", "stories/admin.py"} <= files


def test_the_feed_of_questions_tells_each_answer_as_readers_see_it(db, rf):
    code = next(text for name, text in BLOCK.findall(RECIPES) if name == "faq/feeds.py")
    module = ModuleType("faq.feeds")
    module.__package__ = "faq"
    exec(code, module.__dict__)  # noqa: S102  our own page
    atom = module.answers(rf.get("/faq/answers.atom"), "atom")
    told = [entry.find("{*}title").text for entry in ElementTree.fromstring(atom.content).findall("{*}entry")]  # noqa: S314
    assert len(told) == Question.objects.published().count() and "What types of immunotherapy are there?" in told
    same = module.answers(rf.get("/faq/answers.json"), "json").content.decode()
    assert "[[" not in same and same.count('"content_html"') == len(told)
