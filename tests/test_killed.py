"""Killed while it works, a process leaves all of it or nothing; of several clocks, one publishes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .databases import database

ROOT = Path(__file__).parents[1]
KILLS = 20
pytestmark = pytest.mark.slow


def killed(program, kills, tmp_path, worker_id):
    with database(f"killed-{worker_id}", tmp_path) as url:
        environment = {**os.environ, "DATABASE_URL": url, "PORTAL_DEV": "1", "PORTAL_VAR": str(tmp_path)}
        command = [sys.executable, "-m", program, str(kills)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_a_kill_at_any_moment_leaves_the_old_text_or_the_new_one(tmp_path, worker_id):
    published = killed("tests.killed", KILLS, tmp_path, worker_id)
    assert published > KILLS / 4, "too few texts got through for the kills to have hit anything"


def test_a_kill_while_500_rows_are_accepted_leaves_all_or_none(tmp_path, worker_id):
    killed("tests.killed_batch", 5, tmp_path, worker_id)
