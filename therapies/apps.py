from portal.publishing.rooms import Asked, Declaration, DeskPlace, Errand, MenuEntry, PageKind, Room, Weight

#: Pages without a row of their own, with what people call each.
FIXED = {
    "therapies:index": "All therapies",
    "therapies:types": "Types of immunotherapy",
    "therapies:cancers": "All cancers",
    "therapies:biomarkers": "Test results (biomarkers)",
    "therapies:approvals": "Approvals",
    "therapies:trials": "Find a clinical trial",
    "therapies:compare": "Compare therapies",
    "therapies:grid": "Cancers by type of immunotherapy",
    "therapies:my-visit": "A sheet for your visit",
}


class TherapiesRoom(Room):
    default = True
    name = "therapies"
    verbose_name = "Therapies and approvals"
    place = 10
    below = ("immune",)

    def declare(self) -> Declaration:
        from . import (
            comparing,
            figures,
            filling,
            forms,
            freshness,
            linked,
            models,
            open_data,
            searched,
            shipping,
            visit,
            words,
        )
        from .desk import doubts, waiting
        from .trials.forms import TrialsForm

        return Declaration(
            pages=_pages(),
            facts={"FDA decisions": models.ApprovalEvent, "Facts about therapies": models.TherapyFact},
            fixed_addresses=FIXED,
            asked_with=searched.ASKED_WITH,
            fills=filling.FILLS,
            parameters=forms.PARAMETERS
            | {
                "therapies:trials": tuple(TrialsForm.base_fields),
                "therapies:compare": comparing.PARAMETERS,
                "therapies:my-visit": visit.PARAMETERS,
            },
            open_forms={"therapies:my-visit": visit.LARGEST},
            menu=(
                MenuEntry("therapies:index", "Therapies", 20),
                MenuEntry("therapies:cancers", "Cancers", 30),
                MenuEntry("therapies:biomarkers", "Test results", 35),
                MenuEntry("therapies:approvals", "Approvals", 40),
            ),
            things=linked.THINGS,
            urls="therapies.urls",
            desk=_desk(),
            desk_urls="therapies.desk.urls",
            work=waiting.work,
            errands=(Errand("Enter an FDA decision", "therapies.add_approvalevent", "desk:record", 10),),
            panels={"freshness": freshness.panel, "admin:index": waiting.last_compared},
            load=shipping.load,
            open_data=open_data.TABLES,
            live_numbers=((figures.TherapyNumbers, figures.FIGURES),),
            quotes=figures.QUOTES,
            names=words.names,
            typed=words.TYPED,
            doubts=doubts.find,
            said_for=searched.SAID_FOR,
        )


def _desk() -> tuple[DeskPlace, ...]:
    from . import models

    facts = (("view", models.ApprovalEvent), ("view", models.TherapyFact))
    return (
        DeskPlace("desk:index", "Overview", 10, facts),
        DeskPlace("desk:record", "Enter", 20, (("add", models.ApprovalEvent), ("add", models.Indication))),
        DeskPlace("desk:batches", "FDA’s files", 40, (("view", models.Batch),)),
        DeskPlace("desk:watch", "FDA watch", 45, (("view", models.Batch),)),
        DeskPlace("desk:gaps", "Gaps", 50, facts),
        DeskPlace("desk:labels", "Labels", 60, (("view", models.DrugLabel),)),
        DeskPlace("desk:export", "Export", 70, facts),
    )


def _pages() -> tuple[PageKind, ...]:
    """A test result comes before cancers: some are named after theirs."""
    from . import models, searched, views

    return (
        PageKind(
            models.Therapy,
            show=views.show,
            called="therapy",
            also_found_by=searched.of_therapies,
            several="Therapies",
            weight=Weight(told=0.85),
        ),
        *(
            PageKind(
                model,
                show=views.show_type,
                called="type of immunotherapy",
                several="Types of immunotherapy",
                also_found_by=asked_with,
            )
            for model, asked_with in ((models.Family, None), (models.TherapyClass, searched.of_classes))
        ),
        PageKind(
            models.Biomarker,
            show=views.show_biomarker,
            asked=Asked(searched.RESULT, frozenset(), ("/biomarkers/",), searched.GENE),
            called="test result",
            found_by=("name", "synonyms"),
            also_found_by=searched.of_results,
            several="Test results",
        ),
        PageKind(
            models.Cancer,
            show=views.show_cancer,
            asked=Asked(
                searched.CANCER, searched.BODY, ("/cancers/solid-tumors/", "/cancers/"), alone=searched.WITHOUT_PAGE
            ),
            called="cancer",
            found_by=("name", "plain_name", "synonyms"),
            also_found_by=searched.of_cancers,
            several="Cancers",
            weight=Weight(told=0.7),  # who asks about bruises has not said that they may be a cancer
        ),
    )
