"""A Dockerfile built and run without Docker: each stage is an overlay of this machine's own files, each RUN
runs in it, and what comes out is started as a container would be (Linux, as root).
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from deploy.dockerfile import Stage, is_in_context, read_dockerfile

_PATH: Final = "/usr/local/bin:/usr/bin:/bin"
_PASSED_ON: Final = ("PIP_", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT", "REQUESTS_CA")
_INTERPRETERS: Final = ("/usr/local/bin/python3", "/usr/bin/python3")
_BUILD: Final = (
    "mount -t overlay overlay -o {options} {root} && "
    "mount --bind /proc {root}/proc && mount --rbind /dev {root}/dev"
)
# A container: nothing can be written, not even /tmp; a few devices; processes of its own, the server first.
_RUN: Final = """
mount --make-rprivate / &&
mount -t overlay overlay -o {options} {root} &&
mount -o remount,ro {root} &&
mount -t proc proc {root}/proc &&
mount -t tmpfs -o mode=755 tmpfs {root}/dev &&
for one in null zero random urandom; do
  touch {root}/dev/$one && mount --bind /dev/$one {root}/dev/$one || exit 1
done &&
ln -s /proc/self/fd {root}/dev/fd &&
mount -o remount,ro {root}/dev &&
exec chroot {root} {command}
"""


def why_not() -> str:
    """Why a Dockerfile cannot be rehearsed here, empty where it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "only root may mount and chroot"
    if not all(map(shutil.which, ("unshare", "setpriv", "chroot", "nsenter"))):
        return "unshare, setpriv, chroot or nsenter is missing"
    if not _interpreter():
        return "there is no Python 3.11 with venv that a user without rights may run"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True)
    return "" if tried.returncode == 0 else tried.stderr.decode()


def _interpreter() -> str:
    probe = "import ensurepip, sys; sys.exit(sys.version_info[:2] < (3, 11))"
    for path in _INTERPRETERS:
        if Path(path).exists() and subprocess.run([path, "-c", probe], capture_output=True).returncode == 0:
            return path
    return ""


class Rehearsal:
    """The stages of a Dockerfile, built below *folder*."""

    def __init__(self, dockerfile: Path, folder: Path) -> None:
        self._context = dockerfile.parent
        self._folder = folder
        _, self.stages = read_dockerfile(dockerfile)

    @property
    def final(self) -> Stage:
        """The stage that becomes the image."""
        return self.stages[-1]

    def build(self) -> None:
        """Carry out every step of every stage."""
        for stage in self.stages:
            assert stage.base == "${PYTHON}", "a stage begins with the base"
            for name in ("upper", "work", "root"):
                (self._place(stage) / name).mkdir(parents=True)
            python = self._inside(stage, "usr/local/bin/python")
            python.parent.mkdir(parents=True)
            python.symlink_to(_interpreter())
            place = "/"
            for instruction, value in stage.steps:
                if instruction == "WORKDIR":
                    place = value
                    self._inside(stage, place).mkdir(parents=True, exist_ok=True)
                elif instruction == "COPY":
                    self._copy(stage, place, value.split())
                elif instruction == "RUN":
                    self._run(stage, place, value)

    def start(self, arguments: Sequence[str], log: Path) -> Container:
        """Start what the image starts, with *arguments* behind its ENTRYPOINT."""
        command = self.without_rights([*self.final.command("ENTRYPOINT"), *arguments])
        script = _RUN.format(
            options=self._options(self.final),
            root=self._place(self.final) / "root",
            command=shlex.join(command),
        )
        return Container(script, log)

    def without_rights(self, command: Sequence[str]) -> list[str]:
        """Return *command* as the image's user runs it, all capabilities dropped, with the image's ENV."""
        user, _, group = self.final.last("USER").partition(":")
        environment = {"PATH": _PATH, **self.final.environment()}
        return [
            *("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs"),
            *("--bounding-set=-all", "--inh-caps=-all", "--", "env", "-i"),
            *(f"{name}={value}" for name, value in environment.items()),
            *command,
        ]

    def _place(self, stage: Stage) -> Path:
        return self._folder / (stage.name or "final")

    def _options(self, stage: Stage) -> str:
        place = self._place(stage)
        return f"lowerdir=/,upperdir={place / 'upper'},workdir={place / 'work'}"

    def _inside(self, stage: Stage, path: str) -> Path:
        return self._place(stage) / "upper" / path.lstrip("/")

    def _copy(self, stage: Stage, place: str, words: list[str]) -> None:
        origin = self._context
        if words[0].startswith("--from="):
            name = words.pop(0).removeprefix("--from=")
            origin = self._place(next(one for one in self.stages if one.name == name)) / "upper"
        *sources, target = words
        into = self._inside(stage, str(Path(place) / target))
        for source in sources:
            if origin == self._context:
                assert is_in_context(self._context / ".dockerignore", source), f"{source} is ignored"
            path = origin / source.lstrip("/")
            if path.is_dir():  # its content is copied, not the folder itself
                shutil.copytree(path, into, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                to = into / path.name if target.endswith("/") else into
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, to)

    def _run(self, stage: Stage, place: str, command: str) -> None:
        root = self._place(stage) / "root"
        passed = {key: value for key, value in os.environ.items() if key.upper().startswith(_PASSED_ON)}
        environment = {"PATH": _PATH, "HOME": "/root", **passed, **stage.environment()}
        inside = f"cd {shlex.quote(place)} && {command}"
        given = shlex.join(f"{name}={value}" for name, value in environment.items())
        script = (
            f"{_BUILD.format(options=self._options(stage), root=root)} && "
            f"exec chroot {root} env -i {given} sh -ec {shlex.quote(inside)}"
        )
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"


class Container:
    """A running one; its first process is number 1 to itself."""

    def __init__(self, script: str, log: Path) -> None:
        self.log = log
        with log.open("wb") as file:
            self._unshare = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script], stderr=file
            )

    @property
    def pid(self) -> int:
        """The first process's number outside."""
        return int(_children(self._unshare.pid)[0])

    def processes(self) -> list[int]:
        """Every process in it."""
        found, ahead = [], [self.pid]
        while ahead:
            found.append(one := ahead.pop())
            ahead.extend(_children(one))
        return found

    def wait_for(self, words: str) -> None:
        """Return when the log says *words*."""
        deadline = time.monotonic() + 120
        while words not in self.log.read_text(encoding="utf-8"):
            assert self._unshare.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")
            time.sleep(0.05)

    def exec(self, command: Sequence[str]) -> int:
        """Run *command* in it, as ``docker exec`` and a health check do; return its exit code."""
        enter = ["nsenter", "--target", str(self.pid), "--mount", "--pid", "--root", "--wd", "--"]
        return subprocess.run([*enter, *command], capture_output=True, timeout=60).returncode

    def signal(self, number: int) -> None:
        """Send the first process a signal, as ``docker kill`` and ``docker stop`` do."""
        os.kill(self.pid, number)

    def wait(self) -> int:
        """Wait for the end; return the exit code."""
        return self._unshare.wait(60)

    def end(self) -> None:
        """End it whatever it does."""
        if self._unshare.poll() is None:
            self._unshare.kill()
            self._unshare.wait()


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(one) for one in path.read_text(encoding="ascii").split()]
    return found
