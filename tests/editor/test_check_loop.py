"""When checks are made: one at a time, after the last change, and not for a text that is past."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

from cicakg.editor.checking import Answers, CheckLoop
from cicakg.editor.messages import Checked, NotChecked, Question
from cicakg.editor.process import CheckingProcess

QUESTION = Question(Path("/nowhere"))
ANSWER = Checked((), {})


class Oracle:
    """Answers when it is told to, and counts how many questions it was asked at once."""

    def __init__(self) -> None:
        self.asked = 0
        self.most_at_once = 0
        self.cancelled = 0
        self.may_answer = asyncio.Event()
        self._now = 0

    async def ask(self, question: Question, seconds: float) -> Checked | NotChecked:
        """Answer when told to."""
        assert (question, seconds) == (QUESTION, 60.0)
        self.asked += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await self.may_answer.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self._now -= 1
        return ANSWER

    async def close(self) -> None:
        """Stop."""


async def until(is_met: Callable[[], bool]) -> None:
    """Wait for *is_met*."""
    async with asyncio.timeout(30):
        while not is_met():
            await asyncio.sleep(0.005)


def run(journey: Callable[[CheckLoop, Oracle, list[Answers]], object]) -> None:
    """Run a loop with an oracle, and *journey* beside it."""

    async def whole() -> None:
        oracle, published = Oracle(), list[Answers]()

        def questions() -> Iterator[Question]:
            yield QUESTION

        loop = CheckLoop(oracle, questions, published.append, lambda: (0.01, 60.0))
        task = asyncio.create_task(loop.run())
        result = journey(loop, oracle, published)
        assert asyncio.iscoroutine(result)
        await result
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(whole())


def test_many_changes_give_one_check() -> None:
    """Changes one after the other are checked once, when there are no more."""

    async def journey(loop: CheckLoop, oracle: Oracle, published: list[Answers]) -> None:
        oracle.may_answer.set()
        for _ in range(50):
            loop.touch()
        await until(lambda: bool(published))
        assert oracle.asked == 1

    run(journey)


def test_the_answer_to_a_past_text_is_dropped() -> None:
    """What changed while it was checked is checked again, and only that answer is shown."""

    async def journey(loop: CheckLoop, oracle: Oracle, published: list[Answers]) -> None:
        loop.touch()
        await until(lambda: oracle.asked == 1)
        loop.touch()
        oracle.may_answer.set()
        await until(lambda: bool(published))
        assert (oracle.asked, oracle.most_at_once, len(published)) == (2, 1, 1)

    run(journey)


def test_a_check_that_nobody_needs_is_given_up() -> None:
    """Once it is known how long a check takes, one that takes far longer is ended when the text changes."""

    async def journey(loop: CheckLoop, oracle: Oracle, published: list[Answers]) -> None:
        oracle.may_answer.set()
        loop.touch()
        await until(lambda: len(published) == 1)
        oracle.may_answer.clear()
        loop.touch()
        await until(lambda: oracle.asked == 2)
        loop.touch()
        await until(lambda: oracle.cancelled == 1)
        oracle.may_answer.set()
        await until(lambda: len(published) == 2)
        assert oracle.most_at_once == 1

    run(journey)


def test_a_folder_that_cannot_be_checked_is_answered_in_words(tmp_path: Path) -> None:
    """The process says why there was no check, and can be asked again."""

    async def journey() -> None:
        process = CheckingProcess()
        try:
            for _ in range(2):
                answer = await process.ask(Question(tmp_path), 60)
                assert isinstance(answer, NotChecked)
                assert answer.code == "shapes-missing"
        finally:
            await process.close()

    asyncio.run(journey())


def test_no_module_is_taken_from_the_folder_that_is_open(tmp_path: Path) -> None:
    """A file called json.py in the folder the editor was started in is not run by the checking process."""
    (tmp_path / "json.py").write_text("raise SystemExit('taken')\n", encoding="utf-8")

    async def journey() -> None:
        process = CheckingProcess(tmp_path)
        try:
            answer = await process.ask(Question(tmp_path), 60)
            assert isinstance(answer, NotChecked)
            assert answer.code == "shapes-missing"
        finally:
            await process.close()

    asyncio.run(journey())
