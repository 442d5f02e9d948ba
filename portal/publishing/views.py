"""What the floor itself shows to readers: the files of pictures."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from . import pictures


@require_safe
def picture(request: HttpRequest, key: str, width: str, ending: str) -> FileResponse:
    name = pictures.place(key, width, ending)
    if ending not in pictures.KINDS or not default_storage.exists(name):
        raise Http404("There is no such picture.")
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # zipping would cost time and save nothing
    response = FileResponse(default_storage.open(name), content_type=pictures.KINDS[ending])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
