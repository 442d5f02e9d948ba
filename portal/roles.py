"""Who may do what. One table; ``manage.py apply_roles`` writes it into Django's groups.

Each role lists verbs and, for each, the models that it covers: "app.model", "app.*" for all models of an app, or
"pages", "facts" and "governed" for all of their kind. "governed" are all rows whose values wait for a second person;
"begun-by-editors" are the kinds of page that a room declares with ``editors_add``.
"""

FDA_DATA_EDITOR = "FDA data editor"

TEXTS = ["publishing.edition", "publishing.page", "publishing.change", "publishing.source"]
EVERYTHING_PUBLIC = ["pages", "therapies.*", "faq.*", "immune.*"]
FDA_DATA = [
    *("facts", "publishing.source", "therapies.indication", "therapies.earlierterms", "therapies.therapy"),
    *("therapies.labelleduse", "therapies.unlabelleduse", "therapies.furthersource"),
]

ROLES: dict[str, dict[str, list[str]]] = {
    # Writes and revises text, and proposes other changes. Cannot publish or confirm.
    "Editor": {
        "view": [
            *(*EVERYTHING_PUBLIC, *TEXTS, "publishing.picture", "publishing.sentenceindoubt", "pages.takepartlink"),
        ],
        "add": ["publishing.edition", "publishing.source", "publishing.picture", "faq.topic", "begun-by-editors"],
        "change": [
            *("publishing.edition", "pages", "publishing.source", "publishing.picture"),
            *("publishing.sentenceindoubt", "faq.topic"),
        ],
        "delete": ["publishing.picture"],
    },
    # Reads what editors submit or propose; publishes, confirms, returns it. Whoever fixes words cannot publish them.
    "Reviewer": {
        "view": [*EVERYTHING_PUBLIC, *TEXTS, "publishing.picture", "publishing.sentenceindoubt"],
        "add": ["publishing.edition"],
        "change": ["publishing.edition", "pages", "publishing.source", "publishing.sentenceindoubt"],
        "publish": ["publishing.edition"],
        "confirm": ["pages", "publishing.source", "faq.topic", "pages.takepartlink"],
    },
    # Enters what FDA did, reads FDA's files, and confirms what another FDA data editor entered.
    FDA_DATA_EDITOR: {
        "view": [*EVERYTHING_PUBLIC, *TEXTS, "publishing.sentenceindoubt"],
        "add": [*FDA_DATA, "therapies.batch", "therapies.goaldate"],
        "change": [*FDA_DATA, "publishing.sentenceindoubt", "therapies.batch", "therapies.goaldate"],
        "confirm": FDA_DATA,
    },
    # Accounts, roles, site settings, links; everything else too, under the same rules of two people.
    "Administrator": {
        "view": ["*"],
        "add": ["*"],
        "change": ["*"],
        "delete": [
            *("auth.*", "pages.takepartlink", "publishing.medicalcredential", "publishing.picture", "faq.topic"),
            "publishing.source",
        ],
        "publish": ["publishing.edition"],
        "confirm": ["governed"],
    },
}

#: What the dashboard says of each role, to whoever gives it to somebody.
DESCRIPTIONS: dict[str, str] = {
    "Editor": "Writes and revises pages, questions, and glossary terms, and proposes other changes. "
    "Can’t publish or confirm anything.",
    "Reviewer": "Reads what editors submit, then publishes or confirms it, or returns it for changes. "
    "Can fix the text, too, but then someone else must publish it.",
    FDA_DATA_EDITOR: "Enters FDA decisions, reads FDA files, and confirms what another FDA data editor entered. "
    "Can’t publish pages.",
    "Administrator": "Does everything the other roles do, and manages people, links, and site settings. "
    "Still needs a second person for their own work.",
}
