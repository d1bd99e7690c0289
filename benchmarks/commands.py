"""Runs a command and says what it cost."""

from __future__ import annotations

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What a command took, and what it wrote; ``is_whole`` is false where it was ended at the limit.

    Its children count: their CPU seconds, and the memory of the largest of them all.
    """

    cpu: float
    wall: float
    megabytes: float
    output: str
    is_whole: bool


def run(command: Sequence[str], limit: int, environment: Mapping[str, str]) -> Cost:
    """Run *command* with at most *limit* CPU seconds, with *environment* added; return what it cost."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
        )
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit, limit))
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return Cost(cpu, wall, usage.ru_maxrss / 1024, output.read(), process.returncode in {0, 1})


def commit_all(root: Path) -> None:
    """Make *root* a git repository with one commit, without the configuration of whoever runs this."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "corpus")):
        command = ["git", "-C", str(root), *who, *arguments]
        subprocess.run(command, check=True, env=environment, timeout=600)
