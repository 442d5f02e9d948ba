from portal.publishing.rooms import Declaration, Errand, MenuEntry, PageKind, Room


class FaqRoom(Room):
    default = True
    name = "faq"
    verbose_name = "Questions and answers"
    place = 20
    below = ("therapies", "immune")

    def declare(self) -> Declaration:
        from portal.publishing.references import word

        from . import shipping, views
        from .models import Question

        return Declaration(
            pages=(
                PageKind(
                    Question,
                    show=views.show,
                    editors_add=True,
                    called="question",
                    found_by=(word("question"),),
                ),
            ),
            fixed_addresses={"faq:index": "Questions"},
            parameters={"faq:index": ("question",)},
            menu=(MenuEntry("faq:index", "Q&A", 60),),
            urls="faq.urls",
            errands=(Errand("Write a new question", "faq.add_question", "admin:faq_question_add", 30),),
            load=shipping.load,
        )
