"""A sheet for the doctor: a form that anybody may send, which stores nothing and keeps nothing (decision 47)."""

import unicodedata
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal.publishing.references import Reference

from . import reading, sheet
from .forms import Choice

#: How many therapies fit on two printed pages.
THERAPIES = 3
#: Characters of somebody's own words.
OWN_WORDS = 1500
#: Bytes of a form that is sent here: words that are too long, in whatever script, come back to whoever wrote them.
LARGEST = 2**17
PARAMETERS = ("cancer", "result", "therapy")


class OwnWords(forms.Textarea):
    """Lines that somebody wrote, without the characters that nobody can see and that no page can hold."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        lines = (super().value_from_datadict(data, files, name) or "").replace("\r\n", "\n")
        return "".join(one for one in lines if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))


class FoldedChoices(forms.CheckboxSelectMultiple):
    """Dozens of boxes behind one line, which stays open where one is ticked."""

    folded = True  # for templates/portal/field.html


class VisitForm(forms.Form):
    cancer = Choice(label="Your cancer", required=False)
    results = forms.MultipleChoiceField(
        label="Test results on your report",
        required=False,
        widget=FoldedChoices,
        error_messages={"invalid_choice": "“%(value)s” is not in this list. Tick the results that you have."},
    )
    words = forms.CharField(
        label="Your own questions",
        required=False,
        max_length=OWN_WORDS,
        widget=OwnWords(attrs={"rows": 5, "autocomplete": "off"}),
        help_text="One a line. We print them on the sheet and keep nothing.",
        error_messages={
            "max_length": "This is too long for the sheet: %(show_value)s characters. Use at most %(limit_value)s."
        },
    )

    def __init__(self, *args: Any, offered: dict[str, list[Reference]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered
        brands = reading.brands_by_therapy(offered)
        therapies = [(one.slug, reading.sold_as(one.name, brands[one.key])) for one in offered.get("therapy", [])]
        named = [("", "None"), *therapies]
        for number in range(1, THERAPIES + 1):
            label = "A therapy you want to talk about" if number == 1 else f"Therapy {number}"
            self.fields[f"therapy{number}"] = Choice(label=label, required=False, choices=named)
        cancers = [(one.slug, one.name) for one in offered.get("cancer", [])]
        self.fields["cancer"].choices = [("", "Choose …"), *cancers]  # type: ignore[attr-defined]
        results = [(one.slug, one.name) for one in offered.get("result", [])]
        self.fields["results"].choices = results  # type: ignore[attr-defined]
        self.order_fields(["cancer", *(f"therapy{n}" for n in range(1, THERAPIES + 1)), "results", "words"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not any(found.values()):
            raise forms.ValidationError(
                "Choose a cancer, a therapy, or a test result, or write a question of your own."
            )
        return found

    @property
    def sheet(self) -> sheet.VisitSheet:
        told = self.cleaned_data
        therapies = [told[f"therapy{number}"] for number in range(1, THERAPIES + 1)]
        results = [one for one in self.offered.get("result", []) if one.slug in told["results"]]
        return sheet.VisitSheet(told["cancer"], results, list(dict.fromkeys(filter(None, therapies))), told["words"])

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_action = "therapies:my-visit"
        helper.form_class = "visit-form"
        helper.disable_csrf = True
        helper.attrs = {"aria-label": "Make a sheet for your visit", "autocomplete": "off"}
        helper.layout = Layout(*self.fields, Submit("", "Make my sheet", css_class="button"))
        return helper


def _filled_in(request: HttpRequest, offered: dict[str, list[Reference]]) -> dict[str, Any]:
    """What an address of ours chooses already. What it names and we do not have is left out, and told nowhere."""
    cancer, results, therapies = (request.GET.get(name, "").split(",") for name in PARAMETERS)
    known = {kind: {one.slug for one in rows} for kind, rows in offered.items()}
    chosen = [slug for slug in therapies if slug in known.get("therapy", ())][:THERAPIES]
    return {
        "cancer": next((slug for slug in cancer if slug in known.get("cancer", ())), ""),
        "results": [slug for slug in results if slug in known.get("result", ())],
        **{f"therapy{number}": slug for number, slug in enumerate(chosen, 1)},
    }


def _is_from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site sent the form, to show its own words at an address of ours. A page that tells no
    referrer sends “null” as its origin, so browsers that know no Sec-Fetch-Site are believed.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    return request.headers.get("Origin", "null") not in ("null", f"{request.scheme}://{request.get_host()}")


@csrf_exempt  # it changes nothing and knows nobody; a token would need a cookie
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def my_visit(request: HttpRequest) -> HttpResponse:
    offered = sheet.offered()
    status = 200
    if request.method != "POST":
        context: dict[str, Any] = {"form": VisitForm(initial=_filled_in(request, offered), offered=offered)}
    elif _is_from_elsewhere(request):
        context, status = {"form": VisitForm(offered=offered), "elsewhere": True}, 403
    else:
        form = VisitForm(request.POST, offered=offered)
        context = {"form": form}
        if form.is_valid():
            context["sheet"] = form.sheet
        else:
            status = 400
    response = render(request, "therapies/my_visit.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"  # its address may hold what somebody chose
    return response
