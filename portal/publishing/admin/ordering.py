"""Rows of a list moved up and down by keyboard, from the list itself. Readers see the new order at once."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from .. import actions


def _move(request: HttpRequest, rows: QuerySet, places: int) -> None:
    chosen = rows.order_by(*rows.model._meta.ordering, "pk")
    for row in chosen if places < 0 else reversed(chosen):
        try:
            place = actions.shift(row, places, by=request.user)  # type: ignore[arg-type]
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            return
        messages.success(request, f"“{row}” is number {place} now. Readers see the new order.")


@admin.action(description="Move up one place", permissions=["change"])
def move_up(desk: Any, request: HttpRequest, rows: QuerySet) -> None:
    _move(request, rows, -1)


@admin.action(description="Move down one place", permissions=["change"])
def move_down(desk: Any, request: HttpRequest, rows: QuerySet) -> None:
    _move(request, rows, 1)


#: The actions of a list whose rows have an ``order``.
ORDERING = (move_up, move_down)
