"""When a check is made: soon after the last change, one at a time, and never for a text that is past."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol, TypeAlias

from cicakg.editor.messages import Checked, NotChecked, Question

_LOG: Final = logging.getLogger(__name__)
_LEAST_PATIENCE: Final = 2.0
_PATIENCE: Final = 3.0
"""A check that a newer change made useless is waited for up to so many times what the last one took."""

Answers: TypeAlias = list[Checked | NotChecked]


class Asked(Protocol):
    """What answers the questions: :class:`cicakg.editor.process.CheckingProcess`."""

    async def ask(self, question: Question, seconds: float) -> Checked | NotChecked:
        """Answer *question* within *seconds*; where it is cancelled, stop whatever is being done."""

    async def close(self) -> None:
        """Stop."""


class CheckLoop:
    """Checks again and again, as long as things change.

    *questions* gives what there is to check now, *publish* is told the answers; *limits* gives the seconds
    to wait after a change, and the seconds a check may take.
    """

    def __init__(
        self,
        asked: Asked,
        questions: Callable[[], Iterable[Question]],
        publish: Callable[[Answers], None],
        limits: Callable[[], tuple[float, float]],
    ) -> None:
        self._asked = asked
        self._questions = questions
        self._publish = publish
        self._limits = limits
        self._changed = asyncio.Event()
        self._changed_at = 0.0
        self._longest: float | None = None

    def touch(self) -> None:
        """Say that something changed: what is being checked now is of no use any more."""
        self._changed_at = time.monotonic()
        self._changed.set()

    async def run(self) -> None:
        """Check whenever something changed, until the task is cancelled."""
        try:
            while True:
                await self._changed.wait()
                await self._quiet()
                self._changed.clear()
                await self._check()
        finally:
            await self._asked.close()

    async def _check(self) -> None:
        try:
            answers = await self._answers()
            if not self._changed.is_set():
                self._publish(answers)
        except Exception:  # our own fault; the next change is checked all the same
            _LOG.exception("a check failed")

    async def _quiet(self) -> None:
        """Wait until nothing has changed for as long as the settings say."""
        while True:
            left = self._changed_at + self._limits()[0] - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def _answers(self) -> Answers:
        answers: Answers = []
        started = time.monotonic()
        for question in self._questions():
            answer = await self._answer(question)
            if answer is None or self._changed.is_set():
                return []
            answers.append(answer)
        self._longest = time.monotonic() - started
        return answers

    async def _answer(self, question: Question) -> Checked | NotChecked | None:
        """Return the answer to *question*; ``None`` where something changed and it was not worth waiting."""
        started = time.monotonic()
        asking = asyncio.ensure_future(self._asked.ask(question, self._limits()[1]))
        changing = asyncio.ensure_future(self._changed.wait())
        try:
            await asyncio.wait({asking, changing}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done() and self._longest is not None:
                patience = max(_LEAST_PATIENCE, _PATIENCE * self._longest)
                await asyncio.wait({asking}, timeout=max(0.0, started + patience - time.monotonic()))
            elif not asking.done():
                await asyncio.wait({asking})
            if asking.done():
                return asking.result()
            _LOG.info("a check was given up: the text has changed")
            return None
        finally:
            changing.cancel()
            if not asking.done():
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)
