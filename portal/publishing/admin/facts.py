"""Facts in the admin are there to read. They are entered, corrected and confirmed at ``/desk/``."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html

from .. import audit
from ..models import AuditEntry, Fact
from .base import ReadOnlyAdmin


@admin.display(description="confirmed", ordering="confirmed_at")
def confirmation(fact: Fact) -> str:
    """Who confirmed it and when, for lists."""
    who = fact.change.confirmed_by if fact.change else None
    return f"by {who}, {fact.confirmed_on:%Y-%m-%d}" if who else "from its source, with the software"


class CorrectedAtDeskAdmin(ReadOnlyAdmin):
    """A list and a form to read, with the way to the desk."""

    #: Name of the address at the desk where a row is corrected, with its key.
    desk_address = ""
    readonly_fields = ("desk",)

    def entries_of(self, row: Any) -> QuerySet[AuditEntry]:
        return audit.life_of(row)

    @admin.display(description="at the desk")
    def desk(self, row: Any) -> str:
        return format_html('<a href="{}">Open at the desk</a>', reverse(self.desk_address, args=[row.pk]))
