"""The proxy that is shipped, run as it is shipped: only addresses and ports are put in, as operators do."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from deploy.replicas import free_port, wait_for_port

NOBODY = 65534
_SERVER = re.compile(r"(?<=^server )172\.30\.57\.\d+:8000(?= )", re.MULTILINE)
_LISTEN = re.compile(r"(?<=^listen )8080(?=;)", re.MULTILINE)


def as_nobody() -> dict[str, object]:
    """What :class:`subprocess.Popen` needs to start a program without rights, where this one has any."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


class Proxy:
    """nginx with ``deploy/nginx`` as it stands, but for the replicas' addresses and its port."""

    def __init__(self, program: str, shipped: Path, ports: Sequence[int]) -> None:
        self.port = free_port()
        self._shipped = shipped
        # A folder of pytest's is closed to others, and nginx runs as another user.
        self.folder = Path(tempfile.mkdtemp(prefix="cicakg-proxy-"))
        self.configuration = self.folder / "etc"
        shutil.copytree(shipped, self.configuration)
        self.writes = self.folder / "tmp"
        self.writes.mkdir()
        self._fill_in(ports)
        self._give_away()
        self.log = self.folder / "log"
        command = [
            program,
            "-e",
            "stderr",
            "-p",
            f"{self.writes}/",
            "-c",
            str(self.configuration / "nginx.conf"),
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stderr=log, stdin=subprocess.DEVNULL, **as_nobody())  # type: ignore[call-overload]
        try:
            wait_for_port(self.port, self.process, self.log)
        except AssertionError:
            self.process.wait(30)
            raise

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}/"

    def reload(self, ports: Sequence[int]) -> None:
        """Pass requests to the replicas at *ports* from now on."""
        self._fill_in(ports)
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Let it finish and end; return its exit code."""
        self.process.send_signal(signal.SIGQUIT)
        try:
            code: int = self.process.wait(30)
            return code
        finally:
            self.process.kill()
            shutil.rmtree(self.folder)

    def spooled(self) -> list[Path]:
        """The files that hold bodies or answers on a disk."""
        return [path for path in self.writes.rglob("*") if path.is_file() and path.name != "nginx.pid"]

    def _fill_in(self, ports: Sequence[int]) -> None:
        given = iter(ports)
        shipped = (self._shipped / "replicas.conf").read_text(encoding="utf-8")
        replicas = _SERVER.sub(lambda _: f"127.0.0.1:{next(given)}", shipped)
        assert not list(given), "deploy/nginx/replicas.conf has fewer replicas than the test"
        beside = self.configuration / "replicas.new"
        beside.write_text(replicas, encoding="utf-8")
        beside.replace(self.configuration / "replicas.conf")
        listen, count = _LISTEN.subn(
            f"127.0.0.1:{self.port}", (self._shipped / "listen.conf").read_text(encoding="utf-8")
        )
        assert count == 1
        (self.configuration / "listen.conf").write_text(listen, encoding="utf-8")

    def _give_away(self) -> None:
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(self.writes, NOBODY, NOBODY)
