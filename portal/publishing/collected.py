"""Whether the static files that pages lead to were collected. A page names each by its digest, so without them, as
after a restore into an empty folder, every page is an error.
"""

from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage


def missing() -> list[str]:
    """Files of this release that ``collectstatic`` did not bring in, as far as this process knows; it read the list of
    those that are there when it started.
    """
    if not isinstance(staticfiles_storage, ManifestFilesMixin):
        return []  # pages lead to files as they are
    known = staticfiles_storage.hashed_files
    names = [name for finder in get_finders() for name, _ in finder.list(["CVS", ".*", "*~"])]  # as collectstatic does
    return [name for name in names if staticfiles_storage.hash_key(staticfiles_storage.clean_name(name)) not in known]
