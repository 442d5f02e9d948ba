"""Every public address of the portal, drawn from the URL configuration and the content."""

from django.urls import get_resolver, reverse

from portal.publishing import rooms
from therapies.models import Cancer, Therapy

PAGE_MODELS = tuple(kind.model for kind in rooms.page_kinds())
FIXED = (
    "home",
    "therapies:index",
    "therapies:types",
    "therapies:cancers",
    "therapies:biomarkers",
    "therapies:approvals",
    "faq:index",
    "immune:index",
    "glossary",
    "take-part",
    "about",
    "freshness",
    "sitemap",
    "robots",
)
#: One page of each detail template.
EXAMPLES = (
    "/therapies/pembrolizumab/",
    "/therapies/olaratumab/",
    "/therapies/types/immunomodulator/",
    "/therapies/types/checkpoint-inhibitor/",
    "/cancers/lung-cancer/",
    "/cancers/melanoma/",
    "/biomarkers/pd-l1/",
    "/faq/types/",
    "/immune/antibodies/",
    "/immune/spleen/",
    "/glossary/antibody/",
)


def names() -> set[str]:
    """Names of every address outside the desk and its sign-in."""
    found = set()
    for pattern in get_resolver().url_patterns:
        children = getattr(pattern, "url_patterns", None)
        if children is None:
            found.add(pattern.name)
        elif str(pattern.pattern) not in ("admin/", "account/", "desk/"):
            found |= {f"{pattern.namespace}:{child.name}" for child in children}
    return found


def feeds() -> list[str]:
    """Every feed of the present content."""
    found = [reverse("therapies:feed", args=[form]) for form in ("atom", "json")]
    for name, model in (("therapies:cancer-feed", Cancer), ("therapies:therapy-feed", Therapy)):
        slugs = model.objects.published().values_list("slug", flat=True)
        found += [reverse(name, args=[slug, form]) for slug in slugs for form in ("atom", "json")]
    return found


def addresses() -> list[str]:
    """Every public address of the present content."""
    found = [reverse(name) for name in FIXED]
    for kind in rooms.page_kinds():
        if kind.has_address:
            found += [page.get_absolute_url() for page in kind.model.objects.published().named()]
    return found
