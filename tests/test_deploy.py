"""The files in deploy/: what tools that are here can say of them, and that they agree with the code."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from portal.serving import page_cache

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
ROOTS = ("portal", "therapies", "faq", "immune")
SERVED = ("Makefile", "deploy/systemd/portal.service", "deploy/Containerfile", "docs/operating.md")


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not shutil.which(tool), reason=f"{tool} is not on this machine")


def told(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_every_variable_of_the_template_is_one_that_operators_find_explained():
    names = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "portal.env.example").read_text(), re.M)
    explained = (ROOT / "docs/operating.md").read_text()
    assert len(names) > 8
    assert [name for name in names if f"| `{name}` |" not in explained] == []


def test_the_image_has_its_static_files_where_others_than_root_may_read_them():
    """``PORTAL_VAR`` is closed to others; ``make image`` tries the whole image."""
    text = (DEPLOY / "Containerfile").read_text()
    collected, served = re.findall(r"STATIC_FILES=(\S+)", text)
    private = re.findall(r"PORTAL_VAR=(\S+)", text)
    assert collected == served and not any(served.startswith(folder) for folder in private)


def test_the_image_has_every_file_that_the_code_reads_beside_its_own():
    code = "".join(path.read_text() for room in ROOTS for path in (ROOT / room).rglob("*.py"))
    read = {name for name in re.findall(r'BASE_DIR\)? / "([^"]+)"', code) if (ROOT / name).is_file()}
    copied = set(" ".join(re.findall(r"^COPY (.*) \./$", (DEPLOY / "Containerfile").read_text(), re.M)).split())
    assert {"CHANGELOG.md", "LICENSE"} <= read <= copied


@pytest.mark.parametrize("place", SERVED)
def test_each_way_to_serve_leaves_threads_for_finished_pages(place):
    text = (ROOT / place).read_text()
    (threads,) = {int(number) for number in re.findall(r'--blocking-threads"?,? "?(\d+)', text)}
    kinds = (page_cache.PAGES, page_cache.MADE_UP, page_cache.OTHERS, page_cache.STREAMS, page_cache.BODIES)
    assert threads > sum(limits.threads for limits in kinds)
    assert "--respawn-failed-workers" in text and "--no-ws" in text


@needs("systemd-analyze")
@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*")), ids=lambda path: path.name)
def test_systemd_takes_each_unit(unit, tmp_path):
    for path in (DEPLOY / "systemd").glob("*"):
        (tmp_path / path.name).write_text(re.sub(r"/opt/portal/var/venv/bin/\w+", "/bin/true", path.read_text()))
    assert told(["systemd-analyze", "verify", "--man=no", str(tmp_path / unit.name)]) == ""


@needs("systemd-analyze")
@pytest.mark.parametrize("name", ["portal.service", "portal-backup.service", "portal-links.service"])
def test_a_service_is_shut_in(name):
    path = DEPLOY / "systemd" / name
    said = told(["systemd-analyze", "security", "--offline=true", str(path)])
    (level,) = re.findall(r"exposure level for \S+: ([\d.]+)", said)
    assert float(level) <= 1.5


def test_commands_are_given_as_the_service_runs():
    """With the same user, folders and settings, whatever shell somebody is in."""
    service = dict(re.findall(r"^(\w+)=(.*)", (DEPLOY / "systemd/portal.service").read_text(), re.M))
    said = " ".join((DEPLOY / "portal-manage").read_text().replace("\\\n", " ").split())
    for name in ("EnvironmentFile", "UMask", "StateDirectory", "StateDirectoryMode"):
        assert f"--property={name}={service[name]} " in said
    assert (
        f"--uid={service['User']} --gid={service['Group']} --working-directory={service['WorkingDirectory']} " in said
    )
    variables = dict(one.split("=") for one in service["Environment"].split())
    assert f'PORTAL_VAR="${{PORTAL_VAR:-{variables.pop("PORTAL_VAR")}}}"' in said
    assert all(f" {name}={value} " in said for name, value in variables.items())


def test_what_somebody_types_gets_to_the_command_as_it_was_typed(tmp_path):
    script = (DEPLOY / "portal-manage").read_text().replace("cd /opt/portal", f"cd {tmp_path}")
    (tmp_path / "systemd-run").write_text('#!/bin/sh\nfor one; do echo "$one"; done\n')
    (tmp_path / "systemd-run").chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    def typed(**variables: str) -> list[str]:
        command = ["sh", "-c", script, "portal-manage", "restore", "a folder", "--replace"]
        done = subprocess.run(command, capture_output=True, text=True, env=path | variables, check=True)
        return done.stdout.splitlines()[-7:]

    manage = ["/opt/portal/var/venv/bin/python", "manage.py", "restore", "a folder", "--replace"]
    assert typed() == ["PYTHONDONTWRITEBYTECODE=1", "PORTAL_VAR=/var/lib/portal", *manage]
    other = "postgres://one:two@host/a b"
    assert typed(DATABASE_URL=other, PORTAL_VAR="/x") == ["PORTAL_VAR=/x", f"DATABASE_URL={other}", *manage]


def test_a_reload_takes_new_workers_without_an_end():
    assert "ExecReload=/bin/kill -HUP $MAINPID" in (DEPLOY / "systemd/portal.service").read_text()


@needs("nginx")
@needs("openssl")
def test_nginx_takes_its_configuration(tmp_path):
    files = f"-keyout {tmp_path}/privkey.pem -out {tmp_path}/fullchain.pem"
    command = f"openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=portal.example.org {files}"
    subprocess.run(command.split(), check=True, capture_output=True)
    text = (DEPLOY / "nginx.conf").read_text()
    for known, here in (("/etc/letsencrypt/live/portal.example.org", tmp_path), ("/var/log/nginx", tmp_path)):
        text = text.replace(known, str(here))
    text = re.sub(r"listen (\[::\]:)?(80|443)", r"listen \g<1>4\2", text)
    (tmp_path / "nginx.conf").write_text(f"events {{}}\npid {tmp_path}/pid;\nhttp {{\n{text}\n}}\n")
    assert "test is successful" in told(["nginx", "-t", "-c", str(tmp_path / "nginx.conf")])


def test_proxies_let_no_anonymous_upload_through():
    assert "client_max_body_size 64k;" in (DEPLOY / "nginx.conf").read_text()
    assert "max_size 64KB" in (DEPLOY / "Caddyfile").read_text()
