"""A page's form as a browser would send it, without a browser."""

from html.parser import HTMLParser


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
