"""What happened: answers by kind and status, their times, mishaps, and what nothing explains."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

_KILL_EXPLAINS: Final = 5.0  # seconds: a killed worker may be found dead only when it is asked
_RESTART_EXPLAINS: Final = 30.0  # the process with the data reads them again meanwhile


@dataclass
class Ledger:
    """Counts while the load runs."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    mishaps: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    _last: dict[str, float] = field(default_factory=dict)

    def note(self, kind: str, outcome: str, seconds: float | None = None) -> None:
        """Count one answer of *kind*, which ended in *outcome*; *seconds* where it was right."""
        self.counts[kind, outcome] += 1
        if seconds is not None:
            self.times[kind].append(seconds)

    def blame(self, text: str) -> None:
        """Note an answer that was wrong, cut short or unexplained."""
        self.wrong.append(text)

    def happened(self, mishap: str) -> None:
        """Note a mishap: ``worker killed``, ``zygote killed``, ``reload``."""
        self.mishaps[mishap] += 1
        self._last[mishap] = time.monotonic()

    def explains(self, code: str, began: float) -> bool:
        """Say whether a mishap since *began*, or shortly before, is a reason for the problem *code*."""
        after_kill = self._since("worker killed", began) < _KILL_EXPLAINS
        after_restart = self._since("zygote killed", began) < _RESTART_EXPLAINS
        return (code == "query-memory" and (after_kill or after_restart)) or (
            code == "server-busy" and after_restart
        )

    def _since(self, mishap: str, began: float) -> float:
        """Seconds from the last such mishap to *began*; none where it came later."""
        return max(0.0, began - self._last.get(mishap, -math.inf))


def percentile(times: list[float], share: float) -> float:
    """Return the *share* (0 to 1) of *times* by the nearest rank."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)] if times else math.nan
