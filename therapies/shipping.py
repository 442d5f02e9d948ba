"""Loads ``therapies/content/``: the vocabulary, the therapies with every dated fact, and their texts.

One TOML file a therapy holds its facts; the Markdown file of the same name holds its text.
A fact or event that carries a ``doubt`` is loaded unconfirmed: staff see it, readers do not.
"""

import datetime
from collections import Counter, defaultdict
from itertools import count
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from portal.publishing.content_files import read_text, read_toml
from portal.publishing.models import Change, Page, Source
from portal.publishing.shipping import Loader, given
from portal.publishing.short_ids import drawn

from .fact_kinds import SEVERAL
from .models import (
    TERMS,
    ApprovalEvent,
    Biomarker,
    Cancer,
    DrugLabel,
    EarlierTerms,
    Family,
    FurtherSource,
    GoalDate,
    Indication,
    LabelledUse,
    Therapy,
    TherapyClass,
    TherapyFact,
    UnlabelledUse,
    last_of_month,
)

CONTENT = Path(__file__).parent / "content"


def load(loader: Loader) -> None:
    vocabulary = read_toml(CONTENT / "vocabulary.toml")
    for order, entry in enumerate(vocabulary["families"], 1):
        _page(loader, given(Family, entry, order=order), "families")
    families = loader.shipped(Family)
    for order, entry in enumerate(vocabulary["classes"], 1):
        _page(loader, given(TherapyClass, entry, order=order, family=families[entry["family"]]), "classes")
    cancers: dict[str, Cancer] = {}
    codes = loader.source(read_toml(CONTENT / "sources.toml")["nci-diseases"])
    for entry in sorted(vocabulary["cancers"], key=lambda e: "parent" in e):
        parent = cancers[entry["parent"]] if "parent" in entry else None
        nci: dict[str, Any] = {f"nci_{name}": value for name, value in entry.get("nci", {}).items()}
        if nci:
            nci["nci_source"] = codes
        fresh = given(Cancer, entry, parent=parent, synonyms=_synonyms(entry), **nci)
        cancers[entry["slug"]] = _page(loader, fresh, "cancers")
    for entry in vocabulary["biomarkers"]:
        _page(loader, given(Biomarker, entry, synonyms=_synonyms(entry)), "biomarkers")
    therapies = Therapies(loader)
    therapies.load()
    for path in sorted((CONTENT / "labels").glob("*.toml")):
        therapies.label(read_toml(path))
    therapies.drop_labels_and_uses()
    _goal_dates(loader)


def _goal_dates(loader: Loader) -> None:
    """Each belongs to staff from the day on which it first came."""
    for entry in read_toml(CONTENT / "goal_dates.toml")["goals"]:
        goal = given(GoalDate, entry, source=loader.source(entry["source"]))
        if goal.outcome:
            goal.closed_at = timezone.now()
        loader.once(goal, f"therapies.goal:{goal.drug}:{goal.date}", natural=("drug", "use", "date"))


def _page(loader: Loader, fresh: Page, folder: str) -> Any:
    """Load one page and, from ``folder``, its text."""
    path = CONTENT / folder / f"{fresh.slug}.md"
    return loader.page(fresh, *(read_text(path) if path.exists() else ({}, {})))


def _synonyms(entry: dict[str, Any]) -> str:
    return "\n".join(entry.get("synonyms", []))


def day_or_month(value: str) -> tuple[datetime.date, str]:
    """``2019-02-15`` or ``2019-02`` as the stored date and its precision."""
    if len(value) == 7:
        return last_of_month(datetime.date.fromisoformat(f"{value}-01")), ApprovalEvent.Precision.MONTH
    return datetime.date.fromisoformat(value), ApprovalEvent.Precision.DAY


class Therapies:
    """Loads the therapies. What the database holds is read once, so that a second run is quick."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.sources = read_toml(CONTENT / "sources.toml")
        self.now = timezone.now()
        self.cancers = loader.shipped(Cancer)
        self.biomarkers = loader.shipped(Biomarker)
        self.classes = loader.shipped(TherapyClass)
        component: Any = Therapy._meta.get_field("components").related_model
        self.components = loader.shipped(component)
        self.told: set[str] = set()  # keys of the uses and labels of this release
        self.told_of: set[str] = set()  # how keys of the uses of its therapies begin
        self.uses: dict[str, dict[str, Indication]] = defaultdict(dict)  # by therapy and name in the files
        self.readdressed: dict[int, str] = {}  # decisions that a site named by itself, before there were addresses
        self.beside: dict[int, set[int]] = defaultdict(set)  # further sources of a decision as they were
        for event, source in FurtherSource.objects.values_list("event", "source"):
            self.beside[event].add(source)

    def load(self) -> None:
        for path in sorted((CONTENT / "therapies").glob("*.toml")):
            entry = read_toml(path)
            text = path.with_suffix(".md")
            front, sections = read_text(text) if text.exists() else ({}, {})
            fresh = given(Therapy, entry, slug=path.stem, therapy_class=self.classes[entry["class"]])
            components = [self.components[slug] for slug in front.get("components", [])]
            therapy = self.loader.page(fresh, front, sections, many={"components": components})
            if not therapy:
                continue
            self.drop_what_is_told_no_more(therapy, entry)
            for position, fact in enumerate(entry["facts"]):
                self.fact(therapy, position, fact, entry["source"])
            for use in entry["uses"]:
                self.use(therapy, use)
        self.give_addresses()

    def give_addresses(self) -> None:
        """Let decisions have the addresses that they have on every other site, where no other row has one. Two may
        change places.
        """
        others = ApprovalEvent.objects.exclude(pk__in=self.readdressed)
        taken = set(others.filter(short_id__in=self.readdressed.values()).values_list("short_id", flat=True))
        free = {decision: short_id for decision, short_id in self.readdressed.items() if short_id not in taken}
        for number, decision in enumerate(free):
            ApprovalEvent.objects.filter(pk=decision).update(short_id=f"-{number}")
        for decision, short_id in free.items():
            ApprovalEvent.objects.filter(pk=decision).update(short_id=short_id)

    def drop_what_is_told_no_more(self, therapy: Therapy, entry: dict[str, Any]) -> None:
        """Take back facts and decisions of earlier releases. It comes first: others may take their places."""
        facts = {_fact_key(therapy, fact) for fact in entry["facts"]}
        for key in self.loader.known(f"therapies.fact:{therapy.shipped_as}:") - facts:
            self.loader.drop(TherapyFact, key)
        under = f"therapies.use:{therapy.shipped_as}--"
        known = {key for key in self.loader.known(under) if key.count(":") == 3}
        for use in entry["uses"]:
            self.follow_decisions(_use_key(therapy, use), use, known)
        decisions = {key for use in entry["uses"] for key in _decisions(_use_key(therapy, use), use)}
        for key in self.loader.known(under) - decisions:
            if key.count(":") == 3:  # fewer of a use itself, more of what hangs on a decision
                self.loader.drop(ApprovalEvent, key, unless=_bears_a_decision_of_staff)
        self.told |= {_use_key(therapy, use) for use in entry["uses"]}
        self.told_of |= {under}

    def drop_labels_and_uses(self) -> None:
        """Take back labels of earlier releases; and uses, of therapies that this one still tells of."""
        for key in self.loader.known("therapies.label:") - self.told:
            if key.count(":") == 2:  # more of what hangs on a label
                self.loader.drop(DrugLabel, key)
        for key in {key for under in self.told_of for key in self.loader.known(under)} - self.told:
            if key.count(":") == 1:
                self.loader.drop(Indication, key, unless=_is_named)

    def follow_decisions(self, use_key: str, use: dict[str, Any], known: set[str]) -> None:
        """Keep to a decision that a release tells on its day, or says that it corrected, though others of its kind
        came or went before it.

        What is left over of a kind was corrected, in order, or is told no more.
        """
        told = _decisions(use_key, use)
        moves: dict[str, str] = {}
        for kind in {_kind(key) for key in known if key.startswith(f"{use_key}:")}:
            days = {_day(event["date"]): key for key, event in told.items() if _kind(key) == kind}
            own = sorted((key for key in known if _kind(key) == kind), key=_number)
            shipped = {key: self.loader.shipped_value(key, "date") for key in own}
            corrected = {
                _day(event["was"]): key
                for key, event in told.items()
                if _kind(key) == kind and "was" in event and _day(event["date"]) not in shipped.values()
            }
            same = {key: (corrected | days)[day] for key, day in shipped.items() if day in corrected | days}
            free = (f"{kind}:{number}" for number in count(1) if f"{kind}:{number}" not in same.values())
            moves |= same | {key: next(free) for key in own if key not in same}
        self.loader.rekey({old: new for old, new in moves.items() if old != new})

    def provenance(self, entry: dict[str, Any], default: str | None) -> tuple[dict[str, Any], dict[str, str]]:
        """The source of a fact as shipped, and what is doubted about it: then it waits for a person."""
        doubt = entry.get("doubt", "")
        named = entry.get("source", None if doubt else default)
        source = self.source(named) if named else None
        return {"source": source, "confirmed_at": self.now}, {"doubt": doubt, "settles": entry.get("settles", "")}

    def source(self, named: str | dict[str, Any]) -> Source:
        """A source that is described where it is used, or in a table of its own under that name."""
        if not isinstance(named, str):
            return self.loader.source(named)
        unknown = {"title": named, "read_as": "named in the data set of this portal"}
        return self.loader.source(unknown | self.sources.get(named, {}))

    def fact(self, therapy: Therapy, position: int, entry: dict[str, Any], default: str) -> None:
        value = _value(entry)
        date = day_or_month(entry["date"])[0] if "date" in entry else None
        told, doubted = self.provenance(entry, default)
        fresh = given(TherapyFact, entry, therapy=therapy, value=value, date=date, position=position, **told)
        key = _fact_key(therapy, entry)
        self.loader.fact(fresh, key, natural=("therapy_id", "kind", "value"), **doubted)

    def use(self, therapy: Therapy, entry: dict[str, Any]) -> None:
        fresh = given(
            Indication,
            entry,
            therapy=therapy,
            code=entry["id"],
            cancer=self.cancers[entry["cancer"]],
            combination="; ".join(entry.get("combination", [])),
        )
        key = _use_key(therapy, entry)
        many: dict[str, list] = {
            "also_cancers": [self.cancers[slug] for slug in entry.get("also_cancers", [])],
            "biomarkers": [self.biomarkers[slug] for slug in entry.get("biomarkers", [])],
        }
        use = self.loader.row(fresh, key, natural=("therapy_id", "code"), many=many)
        if not use:
            return
        self.uses[therapy.shipped_as][entry["id"]] = use
        earlier = _earlier(entry)
        for event_key, event in _decisions(key, entry).items():
            date, known = day_or_month(event["date"])
            told, doubted = self.provenance(event, None)
            told |= {"date": date, "precision": event.get("precision", known)}
            # Its address is drawn from the day that the first release told.
            first = day_or_month(event.get("was", event["date"]))[0]
            short_id = drawn(f"event:{use.short_id}:{event['kind']}:{first}")
            told |= {"short_id": short_id} if "was" in event else {}
            fresh_event = given(ApprovalEvent, event, indication=use, **told)
            decision = self.loader.fact(fresh_event, event_key, natural=("indication_id", "kind", "date"), **doubted)
            if decision and decision.short_id != short_id and self.loader.wrote(event_key):
                self.readdressed[decision.pk] = short_id
            if decision and "before" in event:
                self.terms(decision, earlier[event["date"]], event_key)
            if decision:
                self.further_sources(decision, event, event_key)

    def further_sources(self, decision: ApprovalEvent, entry: dict[str, Any], key: str) -> None:
        """The sources that say the same (``also``), and those that give another day (``differs``)."""
        told = [{"source": source} for source in entry.get("also", [])] + entry.get("differs", [])
        named = {self.source(one["source"]): one for one in told}
        for gone in self.beside[decision.pk] - {source.pk for source in named}:
            self.loader.drop(FurtherSource, f"{key}:source:{gone}")
        for source, one in named.items():
            date = day_or_month(one["date"])[0] if "date" in one else None
            fresh = FurtherSource(event=decision, source=source, date=date, why=one.get("why", ""))
            self.loader.row(fresh, f"{key}:source:{source.pk}", natural=("event_id", "source_id"))

    def label(self, entry: dict[str, Any]) -> None:
        """A label as it was read, the uses that it names, and those of ours that it leaves out for a told reason."""
        uses = self.uses[entry["therapy"]]
        if not uses:
            return  # staff removed the therapy
        texts = {name: "; ".join(entry.get(name, [])) for name in ("boxed_warning", "common_reactions", "route")}
        therapy = next(iter(uses.values())).therapy
        fresh = given(DrugLabel, entry, therapy=therapy, source=self.loader.source(entry["source"]), **texts)
        key = f"therapies.label:{entry['set_id']}:{entry['effective']}"
        self.told.add(key)
        label = self.loader.row(fresh, key, natural=("set_id", "effective"))
        if not label or not self.loader.wrote(key):
            return  # staff removed it, or read it by themselves, with its uses in their own order and words
        for position, named in enumerate(entry["uses"]):
            cancer, partners = self.cancers.get(named.get("cancer", "")), "; ".join(named.get("partners", []))
            fresh_use = given(LabelledUse, named, label=label, position=position, cancer=cancer, partners=partners)
            many: dict[str, list] = {
                "uses": [uses[name] for name in named.get("uses", []) if name in uses],
                "biomarkers": [self.biomarkers[slug] for slug in named.get("biomarkers", [])],
            }
            self.loader.row(fresh_use, f"{key}:{position}", natural=("label_id", "position"), many=many)
        for left_out in entry.get("leaves_out", []):
            if use := uses.get(left_out["use"]):
                silence = given(UnlabelledUse, left_out, use=use, label=label)
                self.loader.row(silence, f"{key}:without:{left_out['use']}", natural=("label_id", "use_id"))

    def terms(self, decision: ApprovalEvent, entry: dict[str, Any], key: str) -> None:
        """The terms of a use until a decision."""
        fresh = given(EarlierTerms, entry, event=decision, combination="; ".join(entry.get("combination", [])))
        many = {"biomarkers": [self.biomarkers[slug] for slug in entry.get("biomarkers", [])]}
        self.loader.row(fresh, f"{key}:before", natural=("event_id",), many=many)


def _bears_a_decision_of_staff(decision: ApprovalEvent) -> bool:
    """Whether one that people here entered, such as an end, could not be without it."""
    rest = list(decision.indication.events.exclude(pk=decision.pk))
    try:
        for one in rest:
            if one.change_id:
                one.check_still_holds([other for other in rest if other is not one])
    except ValidationError:
        return True
    return False


def _is_named(use: Indication) -> bool:
    """Whether a label or a change that waits still names a use."""
    named = [change.after for change in Change.objects.pending()]
    keys = {key for after in named for key in (after.get("indication"), after.get("use")) if isinstance(key, int)}
    return use.labelled.exists() or use.pk in keys.union(*(after.get("uses", ()) for after in named))


def _value(fact: dict[str, Any]) -> str:
    return "; ".join(fact["value"]) if isinstance(fact["value"], list) else fact["value"]


def _fact_key(therapy: Therapy, fact: dict[str, Any]) -> str:
    """A name is known by itself, or by what it was in an earlier release; of a kind that a therapy has one of, a later
    release may change the value.
    """
    name = fact.get("was", _value(fact)) if fact["kind"] in SEVERAL else ""
    return f"therapies.fact:{therapy.shipped_as}:{fact['kind']}:{name}"


def _kind(key: str) -> str:
    """A use and a kind of decision, out of the key of one."""
    return key.rpartition(":")[0]


def _number(key: str) -> int:
    return int(key.rpartition(":")[2])


def _use_key(therapy: Therapy, use: dict[str, Any]) -> str:
    return f"therapies.use:{therapy.shipped_as}--{use['id']}"


def _decisions(use_key: str, use: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The decisions of a use by their keys. They are not known by their dates: a later release may correct one."""
    seen: Counter[str] = Counter()
    found = {}
    for event in use["events"]:
        seen[event["kind"]] += 1
        found[f"{use_key}:{event['kind']}:{seen[event['kind']]}"] = event
    return found


def _day(told: str) -> str:
    return day_or_month(told)[0].isoformat()


def _earlier(use: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a use said until each day of its decisions, by that day: each tells only what it changed."""
    terms = {name: use[name] for name in TERMS if name in use}
    found = {}
    for event in sorted(use["events"], key=lambda event: day_or_month(event["date"]), reverse=True):
        terms = found[event["date"]] = terms | event.get("before", {})
    return found
