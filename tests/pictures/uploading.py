"""Pictures that tests make, and how somebody uploads one."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

ADD = "/admin/publishing/picture/add/"


def file(width: int = 1000, height: int = 500, kind: str = "JPEG", mode: str = "RGB", **options) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new(mode, (width, height), "teal").save(out, kind, **options)
    return SimpleUploadedFile("picture.bin", out.getvalue())


def upload(client: Client, content: SimpleUploadedFile, **typed: str):
    said = {"alt": "A T cell", "credit": "Ours", "seen": ""} | typed
    return client.post(ADD, {"file": content} | said)
