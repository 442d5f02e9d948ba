"""Licensure and marketing in FDA's words. One presentation that is gone is not a therapy that is gone."""

import datetime
from collections.abc import Iterable
from typing import Any

from ..fact_kinds import UNKNOWN
from .ages import told_later
from .claims import MarketStatus
from .filings import FiledApplication, Filings
from .findings import FileFinding
from .ours import OurTherapy
from .proposals import Proposal, market_status
from .reasons import Reason

#: FDA's words on license and marketing, and the word that our data has for the same.
OUR_WORDS = {
    "Rx": "marketed",
    "OTC": "marketed",
    "Disc": "discontinued",
    "Voluntarily Revoked": "withdrawn",
    "Revoked": "withdrawn",
}


def status_of(presentations: Iterable[tuple[str, str]]) -> str:
    """One word for all presentations of a brand: on the market if one is, revoked only if all are."""
    several = list(presentations)
    licensed = [status for status, licensure in several if "revoked" not in licensure.lower()]
    if not licensed:
        return min((licensure for _, licensure in several if licensure), default="")
    for word in ("Rx", "OTC", "Disc"):
        if word in licensed:
            return word
    return next((word for word in licensed if word), "")


def status_in_words(statuses: dict[str, str]) -> str:
    """FDA's one word where it says the same of every brand; else each brand with its own."""
    different = set(statuses.values())
    return different.pop() if len(different) == 1 else "; ".join(f"{brand}: {s}" for brand, s in statuses.items())


def find_status(
    therapy: OurTherapy, filings: Filings, until: datetime.date | None, *, is_excerpt: bool
) -> FileFinding | None:
    """What the file says of a therapy's marketing, beside what our data has. It tells of nothing after ``until``.

    An excerpt may leave out the presentations that are still sold.
    """
    numbers = sorted(therapy.applications | therapy.forms.keys())
    filed = [one for number in numbers if (one := filings.applications.get(number))]
    presentations = _presentations(filed)
    statuses = {brand: status for brand, several in presentations.items() if (status := status_of(several))}
    if not statuses:
        return None
    fits = {OUR_WORDS.get(status, UNKNOWN) for status in statuses.values()}
    reason, arguments = _beside_ours(therapy, fits, filings)
    proposal: Proposal | None = None
    if reason not in (Reason.SAME_STATUS, Reason.SAME_END):
        absent = sorted(str(number) for number in numbers if number not in filings.applications)
        if told := told_later(therapy.market_fact, until):
            reason, arguments = Reason.OLDER_THAN_OURS, {"ours": therapy.market, "our_date": told.isoformat()}
        elif fits == {"discontinued"} and (is_excerpt or absent):
            reason, arguments = Reason.SOME_DISCONTINUED, {"ours": therapy.market or UNKNOWN, "excerpt": is_excerpt}
            arguments |= {"absent": absent} if absent else {}
        elif len(fits) == 1 and therapy.market not in fits:
            proposal = market_status(therapy, *fits)
    line = next(brand.product.line for one in filed for brand in one.brands.values())
    arguments = {"presentations": sum(map(len, presentations.values()))} | arguments
    claim = MarketStatus(therapy.slug, statuses)
    return FileFinding(line, claim, reason, (therapy.slug,), proposal=proposal, arguments=arguments)


def _beside_ours(therapy: OurTherapy, fits: set[str], filings: Filings) -> tuple[Reason, dict[str, Any]]:
    """``fits`` are the words that our data has for what the file says."""
    is_revoked = fits == {"withdrawn"}
    if is_revoked and not therapy.has_ended:
        absent = sorted(str(number) for number in therapy.applications - filings.applications.keys())
        return Reason.LICENSE_REVOKED, {"absent": absent} if absent else {}
    if therapy.market in fits:
        return Reason.SAME_STATUS, {"ours": therapy.market}
    if is_revoked and therapy.market != "marketed":  # whether it was sold until then is another fact
        return Reason.SAME_END, {}
    if therapy.market:
        return Reason.OTHER_STATUS, {"ours": therapy.market}
    return Reason.NO_STATUS_IN_OUR_DATA, {}


def _presentations(filed: Iterable[FiledApplication]) -> dict[str, list[tuple[str, str]]]:
    brands: dict[str, list[tuple[str, str]]] = {}
    for one in filed:
        for brand in one.brands.values():
            brands.setdefault(brand.product.brand, []).extend(brand.statuses)
    return brands
