"""How words are compared when somebody searches, and how names are sorted: accents and case do not count."""

import re
import unicodedata
from functools import lru_cache


def fold(text: str) -> str:
    """Without accents and case: “SJÖGREN” and “Sjögren” become “sjogren”. Spaces become single blanks."""
    apart = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


@lru_cache(maxsize=8192)
def by_name(name: str) -> tuple[str, str]:
    """How names stand in every list and every choice: capitals and accents do not count."""
    return fold(name), name


def loosely(words: str) -> str:
    """Words without what people write in different ways: “CAR-T”, “CAR T” and “cart” are one."""
    return re.sub(r"[\W_]+", "", fold(words))
