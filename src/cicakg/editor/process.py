"""The process that checks, seen from the server: asked, waited for, killed when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Final

from cicakg.editor.messages import Checked, NotChecked, Question
from cicakg.editor.worker import LENGTH

_LOG: Final = logging.getLogger(__name__)
_COMMAND: Final = (sys.executable, "-P", "-m", "cicakg.editor.worker")
"""-P: no module is taken from the folder the editor was started in."""


class CheckingProcess:
    """One child process that checks, started when it is first asked, and again after it has ended."""

    def __init__(self, here: Path | None = None) -> None:
        """Make one; *here* is the folder it runs in, by default that of this process."""
        self._here = here
        self._process: Process | None = None

    async def ask(self, question: Question, seconds: float) -> Checked | NotChecked:
        """Return the answer to *question*; after *seconds* the process is killed, and the answer says so.

        One question at a time. Where the task is cancelled, the process is killed as well: nobody would
        read its answer.
        """
        try:
            return await asyncio.wait_for(self._asked(question), seconds)
        except TimeoutError:
            await self.close()
            return NotChecked(
                "check-timeout",
                f"The check was stopped after {seconds:g} seconds.",
                "Look for a pattern or a query in the shapes that takes for ever, or allow more time.",
            )
        except (EOFError, ConnectionError, pickle.UnpicklingError):
            _LOG.exception("the checking process ended")
            await self.close()
            return NotChecked(
                "check-crashed",
                "The check ended without an answer.",
                "The next change is checked again; what happened stands in the server's log.",
            )
        except asyncio.CancelledError:
            await self.close()
            raise

    async def close(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()

    async def _asked(self, question: Question) -> Checked | NotChecked:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise EOFError
        data = pickle.dumps(question)
        process.stdin.write(LENGTH.pack(len(data)) + data)
        await process.stdin.drain()
        head = await process.stdout.readexactly(LENGTH.size)
        answer = pickle.loads(await process.stdout.readexactly(LENGTH.unpack(head)[0]))  # noqa: S301 - our child's
        if not isinstance(answer, Checked | NotChecked):
            raise EOFError
        return answer

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=PIPE, stdout=PIPE, cwd=self._here
            )
        return self._process
