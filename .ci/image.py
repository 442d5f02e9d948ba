"""``make image``: the steps of ``deploy/Containerfile`` in a fresh Debian, for a machine without a container engine.

Each stage begins as a copy of one system by debootstrap, which stays under ``var/image/``. Its steps run inside as the
file says them. Then what ``compose.yaml`` prepares, and the server: as the image's user, on a file system that nobody
can write to but for its volume, with no network but its own. Needs root and debootstrap.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path(os.environ["PORTAL_VAR"]) / "image"
#: What docker.io/library/python:3.13-slim is made of.
SUITE, PACKAGES = "trixie", "python3,python3-venv,ca-certificates,tzdata"
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
#: Certificates of a proxy that the machine trusts, so that the steps trust it, too.
TRUSTED = Path("/etc/ssl/certs/ca-certificates.crt")
PORTAL = {"SECRET_KEY": "of-a-trial-" + "0" * 50, "ALLOWED_HOSTS": "localhost", "BEHIND_PROXY": "1", "TICK_EVERY": "0"}
ASKED = """
import re, urllib.request
def got(path):
    through_a_proxy = {"Host": "localhost", "X-Forwarded-Proto": "https"}
    asked = urllib.request.Request("http://127.0.0.1:8000" + path, headers=through_a_proxy)
    told = urllib.request.urlopen(asked).read()
    print(path, len(told), "bytes", flush=True)
    return told.decode()
page = got("/therapies/pembrolizumab/")
got(re.search(r'href="(/static/[^"]+[.]css)"', page)[1])
got("/readyz")
"""
#: In a mount and a network of its own: read-only but for the volume and /tmp, as compose.yaml has it.
SHUT_IN = """set -e
mount --bind {system} {system}
mount -o remount,ro,bind {system}
mount --bind {volume} {system}/var/lib/portal
mount -t tmpfs tmpfs {system}/tmp
mount -t proc proc {system}/proc
ip link set lo up 2>/dev/null || ifconfig lo up
inside() {{ chroot --userspec={user} {system} env -i {environment} "$@"; }}
inside sh -c {prepare}
inside sh -c 'cd /opt/portal && python manage.py verify'
if inside touch /opt/portal/written 2>/dev/null; then echo "The file system can be written to."; exit 1; fi
chroot --userspec={user} {system} env -i {environment} sh -c 'cd /opt/portal && exec "$@"' sh {server} & server=$!
for _ in $(seq 60); do inside {health} 2>/dev/null && break; sleep 0.5; done
inside {health}
inside python -c {asked}
kill -TERM $server
wait $server
"""


def steps() -> list[tuple[str, str]]:
    """The instructions of the file with what follows each; a line that ends in a backslash goes on."""
    told = re.sub(r"\\\n", " ", (ROOT / "deploy/Containerfile").read_text())
    lines = (line.strip() for line in told.splitlines())
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line and line[0] != "#")]


def run(*command: object, **options: object) -> None:
    subprocess.run([*map(str, command)], check=True, **options)  # type: ignore[call-overload]


def base() -> Path:
    system = FOLDER / SUITE
    if not (system / "made").exists():
        shutil.rmtree(system, ignore_errors=True)
        run(
            "debootstrap",
            "--variant=minbase",
            f"--include={PACKAGES}",
            SUITE,
            system,
            MIRROR,
            stdout=subprocess.DEVNULL,
        )
        (system / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        (system / "made").touch()
    return system


class Stage:
    """A system on which the steps after one FROM run."""

    def __init__(self, number: int) -> None:
        self.system, self.folder, self.user = FOLDER / f"stage{number}", "/", "root"
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "PIP_CERT": str(TRUSTED)}
        self.health: list[str] = []
        self.server: list[str] = []
        shutil.rmtree(self.system, ignore_errors=True)
        run("cp", "-a", "--reflink=auto", base(), self.system)
        for needed in (TRUSTED, Path("/etc/resolv.conf")):
            shutil.copyfile(needed, self.system / needed.relative_to("/"))

    def inside(self, command: str) -> None:
        told = [f"{name}={value}" for name, value in self.environment.items()]
        script = f"cd {self.folder} && {command}"
        run("chroot", f"--userspec={self.user}:{self.user}", self.system, "env", "-i", *told, "sh", "-ec", script)

    def copy(self, told: str, before: dict[str, "Stage"]) -> None:
        *sources, target = told.split()
        of = before[sources.pop(0).removeprefix("--from=")].system if sources[0].startswith("--from=") else ROOT
        whole = self.system / (Path(self.folder) / target).relative_to("/")
        run("mkdir", "-p", whole if target.endswith("./") else whole.parent)
        for one in sources:
            run("cp", "-a", of / one.lstrip("/"), whole)


def built() -> Stage:
    """The last stage, after all its steps."""
    stages: dict[str, Stage] = {}
    for word, told in steps():
        print(f"{word} {told[:100]}", flush=True)
        if word == "FROM":
            name = told.partition(" AS ")[2] or str(len(stages))
            stage = stages[name] = Stage(len(stages))
        if word == "WORKDIR":
            stage.folder = told
            run("mkdir", "-p", stage.system / told.lstrip("/"))
        elif word == "COPY":
            stage.copy(told, stages)
        elif word == "RUN":
            stage.inside(told)
        elif word == "ENV":
            values = told.replace("$PATH", stage.environment["PATH"])
            stage.environment |= dict(one.split("=", 1) for one in shlex.split(values))
        elif word == "USER":
            stage.user = told
        elif word == "HEALTHCHECK":
            stage.health = json.loads(told.partition("CMD ")[2])
        elif word == "CMD":
            stage.server = json.loads(told)
    return stage


def serve(stage: Stage) -> None:
    (prepare,) = re.findall(r"command: sh -c \"(.*)\"", (ROOT / "deploy/compose.yaml").read_text())
    volume = FOLDER / "volume"
    shutil.rmtree(volume, ignore_errors=True)
    volume.mkdir(mode=0o700)
    owner = run_in(stage, f"id -u {stage.user}")
    os.chown(volume, int(owner), int(owner))
    script = SHUT_IN.format(
        system=stage.system,
        volume=volume,
        user=f"{stage.user}:{stage.user}",
        environment=shlex.join(f"{name}={value}" for name, value in (stage.environment | PORTAL).items()),
        prepare=shlex.quote(f"cd {stage.folder} && {prepare}"),
        server=shlex.join(stage.server),
        health=shlex.join(stage.health),
        asked=shlex.quote(ASKED),
    )
    if subprocess.run(["unshare", "--mount", "--net", "--pid", "--fork", "bash", "-c", script], check=False).returncode:
        sys.exit("The image is built, but it does not serve as it should: see above.")


def run_in(stage: Stage, command: str) -> str:
    told = subprocess.run(["chroot", stage.system, "sh", "-c", command], check=True, capture_output=True, text=True)
    return told.stdout.strip()


def main() -> None:
    if os.geteuid() or not shutil.which("debootstrap"):
        sys.exit("This needs root, and debootstrap (on Debian: apt-get install debootstrap).")
    begun = time.monotonic()
    FOLDER.mkdir(parents=True, exist_ok=True)
    stage = built()
    print(f"Built in {time.monotonic() - begun:.0f} s.", flush=True)
    serve(stage)
    print(f"Built, prepared, asked for a page and ended in {time.monotonic() - begun:.0f} s.")


if __name__ == "__main__":
    main()
