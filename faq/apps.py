from portal.publishing.rooms import Declaration, Errand, MenuEntry, PageKind, Room, Weight


class FaqRoom(Room):
    default = True
    name = "faq"
    verbose_name = "Questions and answers"
    place = 20
    below = ("therapies", "immune")

    def declare(self) -> Declaration:
        from portal.publishing.references import word

        from . import linked, open_data, searched, shipping, untold, views
        from .models import Belief, Question

        return Declaration(
            pages=(
                PageKind(
                    Question,
                    show=views.show,
                    editors_add=True,
                    called="question",
                    found_by=(word("question"),),
                    also_found_by=searched.of_questions,
                    several="Questions and answers",
                    weight=Weight(told=1.3),
                ),
                PageKind(
                    Belief,
                    show=views.show_claim,
                    editors_add=True,
                    called="true or not",
                    found_by=(word("claim"),),
                    several="What people get wrong",
                    weight=Weight(told=0.7),  # whoever looks for a sign or a drug means its own page first
                ),
            ),
            fixed_addresses={"faq:index": "Questions", "faq:know": "What people get wrong"},
            parameters={"faq:index": ("question",)},
            menu=(MenuEntry("faq:index", "Q&A", 60),),
            things=linked.THINGS,
            urls="faq.urls",
            errands=(Errand("Write a new question", "faq.add_question", "admin:faq_question_add", 30),),
            untold=untold.UNTOLD,
            load=shipping.load,
            open_data=open_data.TABLES,
        )
