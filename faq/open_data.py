"""What this room gives away: questions under their topics, and claims. Their answers are among the texts of pages."""

from typing import Any

from portal.publishing.open_data.declaring import ID, INTEGER, LIST, DataField, DataTable, public, told

from .models import Belief, Question, Topic

THERAPY: Any = Question._meta.get_field("therapies").related_model


def _word(part: str) -> Any:
    return lambda page: page.live.words[part]


TOPICS = DataTable(
    name="topics",
    title="Topics of questions",
    one="topic",
    about="One heading under which questions stand.",
    model=Topic,
    rows=lambda on: Topic.objects.filter(questions__in=public(Question)).distinct(),
    order=("name",),
    has_history=False,
    fields=(
        DataField("name", "What it says.", unique=True),
        DataField("order", "Its place on the page of questions.", INTEGER),
    ),
)
QUESTIONS = DataTable(
    name="questions",
    title="Questions and answers",
    one="question",
    about="One question that readers ask.",
    model=Question,
    rows=lambda on: Question.objects.published(),
    has_history=False,
    address="faq:detail",
    fields=(
        ID,
        DataField("question", "As a reader would ask it.", derived=True, read=_word("question")),
        DataField("topic", "The heading under which it stands.", to="topics", by="name", narrows=True),
        DataField(
            "therapies",
            "Therapies whose pages link to the answer.",
            LIST,
            to="therapies",
            narrows="therapies__slug",
        ),
        DataField("order", "Its place under the heading.", INTEGER),
    ),
)
CLAIMS = DataTable(
    name="claims",
    title="What people get wrong",
    one="claim",
    about="One claim about immunotherapy that studies found many people get wrong, and whether it is true.",
    model=Belief,
    rows=lambda on: Belief.objects.published(),
    has_history=False,
    address="faq:claim",
    fields=(
        ID,
        DataField("claim", "As somebody would say it.", derived=True, read=_word("claim")),
        DataField("verdict", "Whether it is true.", one_of=told(Belief.Verdict.choices), narrows=True),
        DataField("order", "Its place on the page of claims.", INTEGER),
    ),
)
TABLES = (TOPICS, QUESTIONS, CLAIMS)
