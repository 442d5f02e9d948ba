"""FDA's files at the desk: what a test sends, and what our facts say."""

from django.core.files.uploadedfile import SimpleUploadedFile

from therapies.models import TherapyFact

FILES = "/desk/files/"


def send(client, data, name="purple.csv"):
    response = client.post(FILES, {"file": SimpleUploadedFile(name, data)})
    return response, response.getvalue().decode()


def known():
    """Everything that our facts say: what readers may see, with the change that each rests on."""
    columns = ("pk", "therapy", "kind", "value", "date", "source", "because", "confirmed_at", "change")
    return list(TherapyFact.objects.order_by("pk").values_list(*columns))


def told(facts):
    """What facts tell, whichever change they rest on."""
    return [fact[:6] for fact in facts]


def values(change):
    return change.after["kind"], change.after["value"]
