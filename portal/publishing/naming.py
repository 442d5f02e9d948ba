"""Forms of a page that choose its address."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from . import addresses
from .guard import GuardedForm


class PageForm(GuardedForm):
    """The form of a page. It refuses an address that another page has, or had before readers."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if "slug" in self.fields and not self.errors and (why := addresses.refusal(self.instance, self.instance.slug)):
            self.add_error("slug", why)


class NamedByWordsForm(PageForm):
    """Makes the address of a new page from its words, unless somebody chose one."""

    named_by: str  # the field of the edition that holds them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            words = "Last part of the web address. Leave it empty to make it from the"
            self.fields["slug"].help_text = f"{words} {self.named_by}."

    def clean_slug(self) -> str:
        words = self.data.get(f"editions-0-{self.named_by}", "")
        if slug := self.cleaned_data["slug"] or slugify(words)[:60].strip("-"):
            return slug
        raise ValidationError(f"No address can be made from this {self.named_by}. Write one here, in plain letters.")
