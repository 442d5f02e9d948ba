"""A folder of their own for pictures, and one that is there."""

import pytest

from portal.publishing import actions, pictures
from portal.publishing.models import Picture

from .uploading import file


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture(editor) -> Picture:
    made = Picture(alt="A T cell", caption="A cell at work.", credit="The portal’s contributors, BSD")
    return actions.add_picture(made, pictures.read(file()), by=editor)
