"""Words as people type them when they search: without case and accents, whatever form their letters came in.

Knows no Django, so that anything may search by it.
"""

import unicodedata


def folded(words: str) -> str:
    """“SJÖGREN”, “Sjögren” and “sjogren” are one, and so are the ligature “ﬁ” and “fi”."""
    letters = (c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c))
    return "".join(letters).casefold()
