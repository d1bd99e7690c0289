"""A server's processes: started, waited for, weighed, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from endpoints.load import LoadError, Target, ask

_PATIENCE: Final = 600.0  # seconds a server has until its first answer
_FAREWELL: Final = 20.0


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextlib.contextmanager
def running(command: Sequence[str], log: Path, target: Target) -> Iterator[tuple[int, float]]:
    """Run *command* until the block ends; yield its process number and the seconds until it answered
    *target*.
    """
    started = time.perf_counter()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        ) as process,
    ):
        try:
            _wait_for_answer(target, process, log)
            yield process.pid, time.perf_counter() - started
        finally:
            _end(process)


def _wait_for_answer(target: Target, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(LoadError):
            ask(target, 60)
            return
        time.sleep(0.01)
    raise LoadError(f"the server did not start: {log.read_text(errors='replace')[-500:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, then end its whole session."""
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_FAREWELL)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def family(pid: int) -> tuple[int, ...]:
    """Return *pid* and every process that descends from it."""
    children = (
        int(child) for file in Path(f"/proc/{pid}/task").glob("*/children") for child in _read(file).split()
    )
    return (pid, *(one for child in children for one in family(child)))


def memory_of(pid: int) -> float:
    """Return the memory of *pid* and all its descendants in MiB: their proportional set size (proc(5)), in
    which a page that several share counts once.
    """
    lines = (line for one in family(pid) for line in _read(Path(f"/proc/{one}/smaps_rollup")).splitlines())
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except OSError:  # it has ended meanwhile
        return ""


def wait_for(is_true: Callable[[], bool], seconds: float) -> None:
    """Wait until *is_true*; raises :class:`TimeoutError` after *seconds*."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)
