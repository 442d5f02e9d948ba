"""The form of the glossary: a plain GET form, which works without a script."""

from collections.abc import Iterable
from typing import Any

from portal.publishing.folding import loosely
from therapies.forms import FilterForm, SearchField

from .models import Term


class GlossaryForm(FilterForm):
    q = SearchField(label="Find a word")

    def found(self, terms: Iterable[Term]) -> list[Term]:
        """The terms that the form asks for: all of them when it is empty or wrong."""
        wanted = loosely(self.cleaned_data.get("q", "")) if self.is_bound and self.is_valid() else ""
        return [term for term in terms if any(wanted in loosely(form) for form in term.forms)]

    @property
    def helper(self) -> Any:
        helper = self.sent_to("glossary", "day-form", "Find a word in the glossary", "Find")
        helper.attrs["role"] = "search"
        return helper
