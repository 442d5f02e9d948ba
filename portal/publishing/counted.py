"""What a database knows of its own rows when it plans a query.

SQLite takes any value of an indexed column for as rare as any other until it has counted them. For the references of
one page it then began at the status of editions, which nearly all have alike, and read every text of the site.
PostgreSQL counts by itself, a minute or two after rows came, or never where that is turned off. Until then it plans as
for empty tables: the decisions behind every page took 450 ms in the place of 3.
"""

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper


def count_rows(database: BaseDatabaseWrapper = connection) -> None:
    """Call it once many rows came. The numbers need not be exact, so nobody counts again for a few."""
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
