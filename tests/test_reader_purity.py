"""The readers of FDA's files stand by themselves."""

import ast
import subprocess
import sys

from tests import fda_files as files


def test_the_readers_know_nothing_of_django():
    """Of ours they use the rule for cells alone, which knows no more: what is written by it is read back by it."""
    ours = []
    for path in (files.ROOT / "therapies/fda").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                ours += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level <= 1
                ours += [f"{node.module}.{alias.name}" for alias in node.names if not node.level]
    ours = {name for name in ours if name.split(".")[0] in ("django", "portal", "therapies")}
    assert ours == {"portal.publishing.spreadsheets"}
    code = "import sys, therapies.fda.recognise; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=files.ROOT, check=False).returncode == 0
