"""Loads ``faq/content/``: the questions and answers that come with the software."""

from pathlib import Path
from typing import Any

from portal.publishing.shipping import Loader, read_text

from .models import Question, Topic

CONTENT = Path(__file__).parent / "content"
PARTS = {"In short": "in_short", "Answer": "answer"}


def load(loader: Loader) -> None:
    therapy: Any = Question._meta.get_field("therapies").related_model
    therapies = loader.shipped(therapy)
    files = [(path, *read_text(path)) for path in CONTENT.glob("*.md")]
    for path, front, parts in sorted(files, key=lambda file: file[1]["order"]):
        named = Topic(name=front["topic"], order=front["order"])
        topic = loader.once(named, f"faq.topic:{named.name}", natural=("name",))
        page = loader.row(
            Question(slug=path.stem, topic=topic, order=front["order"]),
            f"faq.question:{path.stem}",
            many={"therapies": [therapies[slug] for slug in front.get("therapies", []) if slug in therapies]},
        )
        if page:
            onward = front.get("onward", {})
            text = {PARTS[head]: body for head, body in parts.items()}
            text |= {"question": front["question"], "onward_label": onward.get("label", "")}
            text["onward_address"] = onward.get("address", "")
            loader.text(page, text, front["sources"], front.get("written"))
