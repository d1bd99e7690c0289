"""When a replica may be sent requests: what a proxy and a supervisor go by."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from deploy.replicas import free_port

pytestmark = [
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc"),
]


def test_refuses_until_the_data_are_read(tmp_path: Path) -> None:
    """While a replica reads its data nobody can connect to it, so that a proxy asks another one; as soon as
    it says that it answers, it does.
    """
    data = tmp_path / "data.nt"
    data.write_text("".join(f"<urn:s{one}> <urn:p> <urn:o> .\n" for one in range(50_000)))
    port = free_port()
    command = [sys.executable, "-m", "cicakg", "serve", "--port", str(port), "--data", str(data)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            reader = _child(process)
            os.kill(reader, signal.SIGSTOP)
            assert not _connects(port)
            os.kill(reader, signal.SIGCONT)
            assert process.stderr is not None
            while " statements at " not in process.stderr.readline():
                assert process.poll() is None
            assert _connects(port)
        finally:
            process.terminate()


def _child(process: subprocess.Popen[str]) -> int:
    """The process that reads the data for *process*."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 60
    while not (found := children.read_text(encoding="ascii").split()):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return int(found[0])


def _connects(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
