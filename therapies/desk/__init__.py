"""The registrars' side of FDA's files: what they say beside what we record."""
