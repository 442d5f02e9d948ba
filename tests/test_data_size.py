"""Files of data stay whole and small in memory, however large they are."""

import datetime
import tracemalloc

import pytest
from django.db import connection
from django.utils import timezone

from portal.publishing.models import Edition, Page, Source
from portal.publishing.open_data import declaring, formats, whole
from portal.publishing.open_data.lists import of_day
from therapies.models import ApprovalEvent, Cancer, Indication, Therapy, TherapyClass, TherapyFact

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def many(number):
    """So many therapies with a use, a decision and two names each, written past the verbs, since there are so many."""
    kind, cancer = TherapyClass.objects.get(slug="checkpoint-inhibitor"), Cancer.objects.get(slug="melanoma")
    source, live = Source.objects.first(), Therapy.objects.published().first().live
    start = Therapy.objects.count()
    label = Therapy._meta.label_lower
    pages = Page.objects.bulk_create(Page(slug=f"t-{n}", page_kind=label) for n in range(start, start + number))
    table = Therapy._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (page_ptr_id, name, therapy_class_id, borderline, scope_note, note) "  # noqa: S608
            "VALUES (%s, %s, %s, false, '', '')",
            [(page.pk, f"therapy {page.slug}", kind.pk) for page in pages],
        )
    Edition.objects.bulk_create(
        (
            Edition(page=page, status="published", published_at=timezone.now(), words=live.words, folded="")
            for page in pages
        ),
        batch_size=500,
    )
    uses = Indication.objects.bulk_create(
        (
            Indication(therapy_id=page.pk, cancer=cancer, code="use", setting="A setting", short_id=f"u{page.pk}")
            for page in pages
        ),
        batch_size=500,
    )
    day = datetime.date(2015, 5, 1)
    decided = (
        ApprovalEvent(indication=use, kind="approval", date=day, source=source, short_id=f"e{use.pk}") for use in uses
    )
    ApprovalEvent.objects.bulk_create(decided, batch_size=500)
    TherapyFact.objects.bulk_create(
        (
            TherapyFact(therapy_id=page.pk, kind=name, value=f"{name} {page.pk}", source=source)
            for page in pages
            for name in ("brand", "code")
        ),
        batch_size=500,
    )


def peak(make):
    """The most memory that Python held while something was made."""
    tracemalloc.start()
    make()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_stays_flat_at_ten_thousand_therapies(client):
    """All files are made of such streams, and none holds a row longer than it writes it."""

    def download():
        for path in ("uses.ndjson", "events.csv"):
            response = client.get(f"/data/files/{path}")
            assert sum(map(len, response.streaming_content))

    download()  # what is made once for all
    many(1000 - 95)
    small = peak(download)
    many(9000)
    large = peak(download)
    assert large < 1.5 * small, (small, large)


@pytest.mark.parametrize("made", whole.WHOLE.values(), ids=whole.WHOLE)
def test_memory_stays_flat_while_all_is_put_into_one_file(made, monkeypatch):
    """Whoever writes the file holds no row longer than it takes. Rows come from no database here, so they are many."""
    one = {name: table.page(limit=1)[0] for name, table in of_day(None).items()}

    def stream(table, on=None):
        return (one[table.name] | {name: str(number) for name in table.order} for number in range(4000))

    monkeypatch.setattr(declaring.DataTable, "stream", stream)
    written = sum(len(line) for table in of_day(None).values() for line in formats.csv(table, None, table.stream()))
    assert peak(lambda: made.make(None).close()) < written / 4
