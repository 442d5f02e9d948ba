"""A form of the desk as a browser would send it, without a browser."""

from html.parser import HTMLParser
from typing import Any


class FormReader(HTMLParser):
    """The values of every named field of the form that has a field ``seen``, by name."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = [{}]
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name, fields = found.get("name", ""), self.forms[-1]
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and name and found.get("type") not in ("submit", "checkbox", "radio"):
            fields.setdefault(name, []).append(found.get("value", ""))
        elif tag == "input" and name and "checked" in found:
            fields.setdefault(name, []).append(found.get("value", "on"))
        elif tag == "select":
            self.select = name
        elif tag == "option" and "selected" in found:
            fields.setdefault(self.select, []).append(found["value"])
        elif tag == "textarea":
            self.area = name
            fields[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.forms[-1][self.area][0] += data


def form_in(html: str) -> dict[str, list[str]]:
    reader = FormReader()
    reader.feed(html)
    found = next(form for form in reader.forms if any(name.split("-")[-1] == "seen" for name in form))
    sent = {name: values for name, values in found.items() if "__prefix__" not in name}
    return {name: [value.removeprefix("\n") for value in values] for name, values in sent.items()}


def filled(page: Any, **changes: Any) -> dict[str, Any]:
    """What a browser would send from a change form that was just opened, with ``changes`` typed into it."""
    formsets = [inline.formset for inline in page.context["inline_admin_formsets"]]
    forms = [page.context["adminform"].form]
    forms += [form for formset in formsets for form in (formset.management_form, *formset.forms)]
    shown = {form.add_prefix(name): form[name].value() for form in forms for name in form.fields}
    sent = {
        name: [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value
        for name, value in shown.items()
    }
    sent = {name: value for name, value in sent.items() if value is not None and value is not False}
    return sent | changes
