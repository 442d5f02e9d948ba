"""Sending a form of the desk as a browser does: with everything that it shows."""

from typing import Any


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
