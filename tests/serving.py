"""A ``cicakg serve`` process for tests: started on a free port, asked to stop, waited for."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import time


class RunningServer:
    """A ``cicakg serve`` process of the test's own."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.process = process
        self.address = address

    @property
    def endpoint(self) -> str:
        """The address of the SPARQL endpoint."""
        return self.address + "sparql"


def start_server(*options: str, command: tuple[str, ...] = (sys.executable, "-m", "cicakg")) -> RunningServer:
    """Start ``cicakg serve`` on a free port and return when it says that it answers."""
    process = subprocess.Popen(
        [*command, "serve", "--port", "0", *options], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    deadline = time.monotonic() + 60
    said = ""
    while time.monotonic() < deadline and process.poll() is None:
        ready, _, _ = select.select([process.stderr], [], [], 0.5)
        line = process.stderr.readline() if ready else ""
        said += line
        if " statements at http://" in line:
            return RunningServer(process, line.split(" statements at ")[1].split(" ")[0])
    process.kill()
    process.wait()
    process.stderr.close()
    raise AssertionError(f"cicakg serve did not start: {said}")


def stop_server(server: RunningServer) -> int:
    """Ask the server to stop, wait for it and return its exit code."""
    server.process.send_signal(signal.SIGTERM)
    try:
        return server.process.wait(timeout=20)
    finally:
        server.process.kill()
        if server.process.stderr is not None:
            server.process.stderr.close()
