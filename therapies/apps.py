from portal.publishing.rooms import Declaration, DeskPlace, FactKindGroup, MenuEntry, PageKind, Room


class TherapiesRoom(Room):
    default = True
    name = "therapies"
    verbose_name = "Therapies and approvals"
    place = 10
    below = ("immune",)

    def declare(self) -> Declaration:
        from . import figures, shipping, views, words
        from .desk import doubts
        from .models import (
            ApprovalEvent,
            Batch,
            Biomarker,
            Cancer,
            Family,
            Indication,
            Therapy,
            TherapyClass,
            TherapyFact,
        )

        facts = (("view", ApprovalEvent), ("view", TherapyFact))
        return Declaration(
            pages=(
                PageKind(Therapy, show=views.show),
                PageKind(Family, show=views.show_type),
                PageKind(TherapyClass, show=views.show_type),
                PageKind(Cancer, show=views.show_cancer),
                PageKind(Biomarker, show=views.show_biomarker),
            ),
            facts=(
                FactKindGroup(ApprovalEvent, "Approval events"),
                FactKindGroup(TherapyFact, "Facts about therapies"),
            ),
            fixed_addresses={
                "therapies:index": "All therapies",
                "therapies:types": "Types of immunotherapy",
                "therapies:cancers": "All cancers",
                "therapies:biomarkers": "Test results (biomarkers)",
                "therapies:approvals": "Approvals",
            },
            menu=(
                MenuEntry("therapies:index", "Therapies", 20),
                MenuEntry("therapies:cancers", "Cancers", 30),
                MenuEntry("therapies:biomarkers", "Test results", 35),
                MenuEntry("therapies:approvals", "Approvals", 40),
            ),
            urls="therapies.urls",
            desk=(
                DeskPlace("desk:index", "Overview", 10, facts),
                DeskPlace("desk:record", "Enter", 20, (("add", ApprovalEvent), ("add", Indication))),
                DeskPlace("desk:batches", "FDA’s files", 40, (("view", Batch),)),
                DeskPlace("desk:gaps", "Gaps", 50, facts),
                DeskPlace("desk:export", "Export", 70, facts),
            ),
            desk_urls="therapies.desk.urls",
            load=shipping.load,
            live_numbers=((figures.TherapyNumbers, figures.FIGURES),),
            quotes=figures.QUOTES,
            names=words.names,
            typed=words.TYPED,
            doubts=doubts.find,
        )
