"""Killed while it publishes, a process leaves the old text or the new one; of several clocks, one publishes."""

import os
import subprocess
import sys
from pathlib import Path

from .browser.conftest import database_of

ROOT = Path(__file__).parents[1]
KILLS = 20


def test_a_kill_at_any_moment_leaves_the_old_text_or_the_new_one(tmp_path, worker_id):
    with database_of(f"killed_{worker_id}") as database:
        environment = {**os.environ, **database, "PORTAL_DEV": "1", "PORTAL_VAR": str(tmp_path)}
        program = [sys.executable, "-m", "tests.killed", str(KILLS)]
        done = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > KILLS / 4, "too few texts got through for the kills to have hit anything"
