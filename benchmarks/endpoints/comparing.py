"""One size of data at every server: each alone, warmed up, its answers compared before anything is timed."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from endpoints.answers import Rows, difference, read_answer
from endpoints.figures import Asked, Served, Timing
from endpoints.load import LoadError, Rounds, Target, ask, measure
from endpoints.material import Material
from endpoints.processes import free_port, memory_of, running
from endpoints.questions import QUESTIONS, Question
from endpoints.servers import Server

_WARM_UPS: Final = 3
_RECOVERY: Final = 90.0  # seconds
MANY: Final = 16
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is asked at every server of one size."""

    material: Material
    folder: Path
    rounds: Rounds
    note: Note

    def serve(self, server: Server, expected: dict[str, Rows]) -> Served:
        """Load, start, check and measure *server*; the first one that answers a query fills *expected*."""
        self.note(f"{server.name}: loading")
        started = time.perf_counter()
        try:
            server.load(self.material, self.folder)
            loading = time.perf_counter() - started
            return replace(self._run(server, expected), loading=loading)
        except (LoadError, OSError, subprocess.SubprocessError) as fault:
            return Served(server.name, fault=f"{fault}"[:300])

    def _run(self, server: Server, expected: dict[str, Rows]) -> Served:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        command = server.command(self.material, self.folder, port)
        first = _target(address, server, QUESTIONS[:1])
        log = self.folder / f"{server.name.replace(', ', '-')}.log"
        with running(command, log, first) as (pid, starting):
            memory = memory_of(pid)
            asked = {one.kind: self._ask(address, server, one, expected) for one in QUESTIONS}
            mix = self._mix(address, server, asked)
            return Served(server.name, 0.0, starting, memory, memory_of(pid), asked, mix)

    def _ask(self, address: str, server: Server, question: Question, expected: dict[str, Rows]) -> Asked:
        self.note(f"{server.name}: {question.kind}")
        target = _target(address, server, (question,))
        try:
            cost, remark = self._check(target, question, expected)
            alone = measure(target, 1, cost, self.rounds)
        except (LoadError, ValueError, SyntaxError) as fault:
            self._wait_until_free(_target(address, server, QUESTIONS[:1]))
            return Asked(remark=f"{fault}"[:200])
        try:
            return Asked(alone, measure(target, MANY, cost, self.rounds), remark)
        except LoadError as fault:
            return Asked(alone, remark=f"{remark} with {MANY} clients: {fault}"[:200].strip())

    def _wait_until_free(self, target: Target) -> None:
        """Let a server finish what it was asked in vain: else the next query would pay for that one."""
        with contextlib.suppress(LoadError):
            ask(target, _RECOVERY)

    def _check(self, target: Target, question: Question, expected: dict[str, Rows]) -> tuple[float, str]:
        """Warm up; return the seconds an answer takes, and what is wrong with it."""
        cost, body = ask(target, self.rounds.patience)
        for _ in range(_WARM_UPS if cost < 1 else 0):
            cost = min(cost, ask(target, self.rounds.patience)[0])
        found = read_answer(body, question.is_graph)
        return cost, difference(expected.setdefault(question.kind, found), found)

    def _mix(self, address: str, server: Server, asked: Mapping[str, Asked]) -> Timing | None:
        """Ask the queries about one entity in turn, for rows; a graph is another media type."""
        small = [one for one in QUESTIONS if one.is_small and not one.is_graph]
        if any(asked[one.kind].alone is None for one in small):
            return None
        self.note(f"{server.name}: mix")
        try:
            return measure(_target(address, server, small), MANY, 0.0, self.rounds)
        except LoadError:
            return None


def _target(address: str, server: Server, questions: Sequence[Question]) -> Target:
    paths = [one.path(server.endpoint, server.extra) for one in questions]
    return Target(address, paths, questions[0].accept)
