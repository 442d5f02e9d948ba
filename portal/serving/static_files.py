"""Static files as they are served: our style sheets without their comments, which each phone would load."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

#: No string in our style sheets holds one.
COMMENT = re.compile(r"/\*.*?\*/ *", re.DOTALL)


class StaticFiles(CompressedManifestStaticFilesStorage):
    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        ours = [name for name in paths if "/" not in name and name.endswith(".css") and not dry_run]
        for name in ours:
            collected = Path(self.path(name))
            collected.write_text(COMMENT.sub("", collected.read_text()))
        yield from super().post_process(paths | {name: (self, name) for name in ours}, dry_run=dry_run, **options)
