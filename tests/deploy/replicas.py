"""Replicas of ``cicakg serve`` for the tests of what stands before them: started, killed, started again."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

PUBLIC = "https://cica.example.org"
"""The address that replicas say is theirs."""


def free_port() -> int:
    """A port of loopback that nobody listens at, and that no client is given while its server restarts."""
    low = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    while True:
        port = random.randrange(max(1024, low - 16_384), low)  # noqa: S311  # no secret
        with socket.socket() as taken:
            try:
                taken.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    """Return when somebody listens at *port*; say what stands in *log* where *process* ends before that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    process.kill()
    raise AssertionError(f"nobody listens at {port}: {log.read_text(encoding='utf-8')}")


class Replica:
    """One replica on a port of its own, which it keeps over its restarts. Its log is a file."""

    def __init__(self, data: Path, folder: Path, *options: str) -> None:
        self.port = free_port()
        self.log = folder / f"replica-{self.port}.log"
        self._command = [
            *(sys.executable, "-m", "cicakg", "serve", "--port", str(self.port), "--data", str(data)),
            *(
                "--public-url",
                PUBLIC,
                "--log-format",
                "json",
                "--log-clients",
                "--trusted-proxy",
                "127.0.0.1",
            ),
            *options,
        ]
        self.start()

    @property
    def address(self) -> str:
        """Where it answers, without the proxy."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it, and return when it listens and its queries are answered."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self._command, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(self.address + "ready", timeout=60).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.05)
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"the replica did not start: {self.log.read_text(encoding='utf-8')[-1000:]}")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; return its exit code."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def end(self) -> None:
        """End it if it has not ended."""
        if self.is_running():
            self.stop()

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def figure(self, name: str) -> float:
        """The value of a line of its /metrics, 0 where there is no such line."""
        for line in httpx.get(self.address + "metrics", timeout=60).text.splitlines():
            if line.startswith(f"{name} "):
                return float(line.rpartition(" ")[2])
        return 0.0

    def requests(self) -> Iterator[dict[str, object]]:
        """The lines its log has of requests so far."""
        for line in self.log.read_text(encoding="utf-8").splitlines():
            if line.startswith("{") and "route" in (record := json.loads(line)):
                yield record
