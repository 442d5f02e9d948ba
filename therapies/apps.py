from portal.publishing.rooms import Declaration, DeskPlace, Errand, MenuEntry, PageKind, Room


class TherapiesRoom(Room):
    default = True
    name = "therapies"
    verbose_name = "Therapies and approvals"
    place = 10
    below = ("immune",)

    def declare(self) -> Declaration:
        from . import figures, forms, freshness, models, shipping, views, words
        from .desk import doubts, waiting

        facts = (("view", models.ApprovalEvent), ("view", models.TherapyFact))
        return Declaration(
            pages=(
                PageKind(models.Therapy, show=views.show),
                PageKind(models.Family, show=views.show_type),
                PageKind(models.TherapyClass, show=views.show_type),
                PageKind(
                    models.Cancer,
                    show=views.show_cancer,
                    called="cancer",
                    found_by=("name", "plain_name", "synonyms"),
                ),
                PageKind(
                    models.Biomarker,
                    show=views.show_biomarker,
                    called="test result",
                    found_by=("name", "synonyms"),
                ),
            ),
            facts={"FDA decisions": models.ApprovalEvent, "Facts about therapies": models.TherapyFact},
            fixed_addresses={
                "therapies:index": "All therapies",
                "therapies:types": "Types of immunotherapy",
                "therapies:cancers": "All cancers",
                "therapies:biomarkers": "Test results (biomarkers)",
                "therapies:approvals": "Approvals",
            },
            parameters=forms.PARAMETERS,
            menu=(
                MenuEntry("therapies:index", "Therapies", 20),
                MenuEntry("therapies:cancers", "Cancers", 30),
                MenuEntry("therapies:biomarkers", "Test results", 35),
                MenuEntry("therapies:approvals", "Approvals", 40),
            ),
            urls="therapies.urls",
            desk=(
                DeskPlace("desk:index", "Overview", 10, facts),
                DeskPlace("desk:record", "Enter", 20, (("add", models.ApprovalEvent), ("add", models.Indication))),
                DeskPlace("desk:batches", "FDA’s files", 40, (("view", models.Batch),)),
                DeskPlace("desk:watch", "FDA watch", 45, (("view", models.Batch),)),
                DeskPlace("desk:gaps", "Gaps", 50, facts),
                DeskPlace("desk:labels", "Labels", 60, (("view", models.DrugLabel),)),
                DeskPlace("desk:export", "Export", 70, facts),
            ),
            desk_urls="therapies.desk.urls",
            work=waiting.work,
            errands=(Errand("Enter an FDA decision", "therapies.add_approvalevent", "desk:record", 10),),
            panels={"freshness": freshness.panel, "admin:index": waiting.last_compared},
            load=shipping.load,
            live_numbers=((figures.TherapyNumbers, figures.FIGURES),),
            quotes=figures.QUOTES,
            names=words.names,
            typed=words.TYPED,
            doubts=doubts.find,
        )
