"""How words are compared when somebody searches: accents and case do not count."""

import re
import unicodedata


def fold(text: str) -> str:
    """Without accents and case: “SJÖGREN” and “Sjögren” become “sjogren”. Spaces become single blanks."""
    apart = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in apart if not unicodedata.combining(c)).casefold().split())


def loosely(words: str) -> str:
    """Words without what people write in different ways: “CAR-T”, “CAR T” and “cart” are one."""
    return re.sub(r"[\W_]+", "", fold(words))
