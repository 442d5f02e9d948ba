"""Who may do what. One table; ``manage.py apply_roles`` writes it into Django's groups.

Each role lists verbs and, for each, the models that it covers ("app.model", or "app.*" for all
models of an app, or "editions" and "facts" for all of their kind).
"""

PAGES = [
    *("therapies.*", "faq.*", "immune.*"),
    *("pages.section", "pages.sectionedition", "pages.term", "pages.termedition"),
]

ROLES: dict[str, dict[str, list[str]]] = {
    # Writes and revises text. Sees facts, changes none; cannot publish.
    "Editor": {
        "view": [
            *(*PAGES, "publishing.source", "publishing.picture", "publishing.contradiction", "pages.takepartlink"),
        ],
        "add": ["editions", "publishing.source", "publishing.picture", "faq.question", "faq.topic", "pages.term"],
        "change": [
            *("editions", "pages", "publishing.source", "publishing.picture", "publishing.contradiction", "faq.topic"),
        ],
        "delete": ["publishing.picture"],
    },
    # Reads what editors submit; publishes it or sends it back. May mend words, but then another must publish.
    "Reviewer": {
        "view": [*PAGES, "publishing.source", "publishing.picture", "publishing.contradiction"],
        "add": ["editions"],
        "change": ["editions", "pages", "publishing.source", "publishing.contradiction"],
        "publish": ["editions"],
    },
    # Records what FDA did, reads FDA's files, and confirms what another registrar recorded.
    "Registrar": {
        "view": [*PAGES, "publishing.source", "publishing.contradiction"],
        "add": ["facts", "publishing.source", "therapies.indication", "therapies.therapy", "therapies.batch"],
        "change": [
            *("facts", "publishing.source", "publishing.contradiction"),
            *("therapies.indication", "therapies.therapy", "therapies.batch"),
        ],
        "confirm": ["facts"],
    },
    # Accounts, roles, site settings, links; everything else too, under the same rules of two people.
    "Administrator": {
        "view": ["*"],
        "add": ["*"],
        "change": ["*"],
        "delete": ["auth.*", "pages.takepartlink", "publishing.medicalcredential", "publishing.picture", "faq.topic"],
        "publish": ["editions"],
        "confirm": ["facts"],
    },
}

#: What the desk says of each role, to whoever gives it to somebody.
DESCRIPTIONS: dict[str, str] = {
    "Editor": "Writes and revises pages, questions, and glossary terms, and adds pictures and sources. "
    "Can’t publish, and can’t change facts.",
    "Reviewer": "Reads what editors submit, then publishes it or returns it for changes. "
    "Can fix the text, too, but then someone else must publish it.",
    "Registrar": "Enters FDA decisions, reads FDA files, and confirms what someone else entered. Can’t publish pages.",
    "Administrator": "Does everything the other roles do, and manages people, links, and site settings. "
    "Still needs a second person for their own work.",
}
