"""How the watch asks FDA: its own hosts and no other, and nothing more once FDA says it is sorry."""

from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from portal.publishing.fetching import LONGEST_REST, Client, Fault

from ..fda.recognise import UPLOAD
from ..fda.records import cut

HOSTS = frozenset({"api.fda.gov", "purplebooksearch.fda.gov", "www.fda.gov"})


class FdaClient(Client):
    server = "FDA’s server"
    most = UPLOAD

    def __init__(self, contact: str, *, pause: float = 1, seconds: float = 120) -> None:
        who = f"ImmunotherapyExplained-watch (+{settings.SITE_ADDRESS}; {contact})"
        super().__init__(who, pause=pause, seconds=seconds)

    def checked(self, address: str) -> SplitResult:
        try:
            parts = urlsplit(address)
            is_ours = parts.scheme == "https" and parts.netloc in HOSTS  # no other port, and no name before an @
        except ValueError:
            is_ours = False
        if not is_ours:
            raise Fault(f"The address {cut(address, 150)} isn’t on our list, so we didn’t go there.")
        return parts

    def moved(self, address: str, location: str) -> str:
        """Where a redirect leads. FDA sends whom it takes for a flood of requests to a page that says sorry."""
        target = super().moved(address, location)
        if "apology" in target:
            raise turned_away()
        return target


def turned_away() -> Fault:
    return Fault("FDA’s server turned us away with its page for automated requests.", LONGEST_REST)
