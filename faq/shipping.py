"""Loads ``faq/content/``: the questions, answers and claims that come with the software."""

from pathlib import Path
from typing import Any

from portal.publishing.content_files import read_text
from portal.publishing.shipping import Loader

from .models import Belief, Question, Topic

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    therapy: Any = Question._meta.get_field("therapies").related_model
    therapies = loader.shipped(therapy)
    files = [(path, *read_text(path)) for path in CONTENT.glob("*.md")]
    for path, front, sections in sorted(files, key=lambda file: file[1]["order"]):
        named = Topic(name=front["topic"], order=front["order"])
        topic = loader.once(named, f"faq.topic:{named.name}", natural=("name",))
        told_of = [therapies[slug] for slug in front.get("therapies", []) if slug in therapies]
        question = Question(slug=path.stem, topic=topic, order=front["order"])
        loader.page(question, front, sections, many={"therapies": told_of})
    for path in sorted((CONTENT / "claims").glob("*.md")):
        front, sections = read_text(path)
        loader.page(Belief(slug=path.stem, order=front["order"], verdict=front["verdict"]), front, sections)
