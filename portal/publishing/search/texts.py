"""What the database does for the search: words in texts, and which words there are. Both kinds behind one face."""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import connection

from ..models import SearchEntry

TABLE, WORDS = "publishing_searchentry", "publishing_searchwords"
#: The expression that PostgreSQL has an index on, letter by letter as in the migration.
VECTOR = "array_to_tsvector(array_remove(string_to_array(heads || ' ' || lead || ' ' || body, ' '), ''))"
HEADS = "array_to_tsvector(array_remove(string_to_array(heads || ' ' || lead, ' '), ''))"
MOST = 100  # rows, those first that hold the rarest words


class Holding(NamedTuple):
    """A row that holds words, and its words."""

    pk: int
    heads: str
    lead: str
    body: str


def holding(words: Sequence[Collection[str]], *, every: bool, most: int = MOST) -> list[Holding]:
    """The rows with words in them, the best first. Each word is told in all its forms, as ``words.written`` has them.

    ``every`` asks for rows with all of the words. One query.
    """
    if not words:
        return []
    asked = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        cursor.execute(*asked(words, "&" if every else "|", most))
        return [Holding(row[0], f" {row[1]} ", f" {row[2]} ", f" {row[3]} ") for row in cursor.fetchall()]


def _on_sqlite(words: Sequence[Collection[str]], joined: str, most: int) -> tuple[str, list[str | int]]:
    groups = [" OR ".join(f'"{form}"' for form in forms) for forms in words]
    question = {"&": " AND ", "|": " OR "}[joined].join(f"({group})" for group in groups)
    return (
        f"""SELECT e.id, e.heads, e.lead, e.body FROM {TABLE} e JOIN (
            SELECT rowid, bm25({WORDS}, 8.0, 3.0, 1.0) AS score FROM {WORDS}
            WHERE {WORDS} MATCH %s ORDER BY score LIMIT %s) found ON found.rowid = e.id ORDER BY found.score""",  # noqa: S608
        [question, most],
    )


def _on_postgresql(words: Sequence[Collection[str]], joined: str, most: int) -> tuple[str, list[str | int]]:
    groups = [" | ".join(f"'{form}'" for form in forms) for forms in words]
    question = f" {joined} ".join(f"({group})" for group in groups)
    return (
        f"""SELECT id, heads, lead, body FROM {TABLE} WHERE {VECTOR} @@ %s::tsquery
            ORDER BY ts_rank({HEADS}, %s::tsquery) DESC, id LIMIT %s""",  # noqa: S608
        [question, question, most],
    )


def known() -> dict[str, int]:
    """Every word that some row holds, with the number of rows that do. One query."""
    if connection.vendor == "postgresql":
        asked = f"SELECT word, ndoc FROM ts_stat($$SELECT {VECTOR} FROM {TABLE}$$)"  # noqa: S608
    else:
        asked = f"SELECT term, doc FROM {WORDS}_known"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return dict(cursor.fetchall())


def state() -> tuple[object, ...]:
    """What is another one whenever the index is. One query, which each search asks first.

    On SQLite one writes after the other, and no key is used again, so whatever is written raises the largest key or
    lowers the number of rows; it finds both without reading the rows. On PostgreSQL a smaller key may be committed
    after a larger one, so all are added up.
    """
    if connection.vendor == "postgresql":
        asked = f"SELECT count(*), max(written_at), sum(id) FROM {TABLE}"  # noqa: S608
    else:
        told = ("count(*)", "max(written_at)", "max(id)")
        asked = f"SELECT {', '.join(f'(SELECT {one} FROM {TABLE})' for one in told)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return tuple(cursor.fetchone())


def quotable(rows: Iterable[int]) -> dict[int, str]:
    """What may be quoted of rows, by their keys. One query."""
    return dict(SearchEntry.objects.filter(pk__in=rows).values_list("pk", "text"))
