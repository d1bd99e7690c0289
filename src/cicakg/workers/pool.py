"""The front's side of the query processes: places, a fair and bounded waiting line, deadlines, and fresh
workers for spent ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.sparql.request import MEBIBYTE, QueryRequest
from cicakg.store import SnapshotFolder
from cicakg.workers.endings import (
    Ending,
    busy_error,
    ending_error,
    restarting_error,
    stopping_error,
    timeout_error,
)
from cicakg.workers.files import result_file
from cicakg.workers.frames import Message
from cicakg.workers.line import WaitingLine
from cicakg.workers.link import Listeners, Worker, ZygoteLink
from cicakg.workers.messages import (
    Answer,
    PoolLoad,
    SnapshotInfo,
    WorkerError,
    put_bodies,
    read_answer,
    request_message,
)

SPARE: Final = 1
"""Workers kept beyond the places: one that replaces a killed worker is there at once, and a client with
nothing at work gets a place where others hold all of them.
"""

_GROWN_TOO_FAR: Final = 64 * MEBIBYTE  # what a worker may keep of its queries' memory before it is replaced
_FIRST_PAUSE: Final = 0.1  # seconds before the zygote is started again, doubled with each failure
_MOST_DOUBLINGS: Final = 6
_SOUND_LIFE: Final = 1.0  # seconds; a worker that ends sooner by itself may do so over and over
_WORD_OF_END: Final = 2.0  # seconds to wait for the zygote to say how a worker ended


class WorkerPool:
    """Query processes over one snapshot. No query ever runs in the process that owns the pool.

    One event loop owns it. ``info`` describes the snapshot the workers hold.
    """

    info: SnapshotInfo

    def __init__(self, source: Sequence[str], size: int, line: int) -> None:
        self._source = source
        self._size = size
        self._link: ZygoteLink | None = None
        self._workers: dict[int, Worker] = {}  # every process that lives
        self._usable: set[Worker] = set()  # those not given up
        self._idle: deque[Worker] = deque()
        self._waiting: WaitingLine[Worker] = WaitingLine(line)
        self._busy = 0
        self._held: Counter[str] = Counter()  # places by client
        self._forking = 0
        self._failures = 0
        self._given_up = 0
        self._restarts = 0
        self._is_closing = False
        self._restart: asyncio.Task[None] | None = None

    @classmethod
    async def start(
        cls, folder: DatasetFolder | SnapshotFolder | Path, size: int, line: int = 64
    ) -> WorkerPool:
        """Start *size* places for queries at a time, and a waiting line of *line* more.

        *folder* is a dataset, a snapshot that was built, or the path of one RDF file. Raises
        :class:`CicakgError` where it cannot be read.
        """
        pool = cls(_source(folder), size, line)
        await pool._open()
        return pool

    async def run(self, request: QueryRequest) -> Answer:
        """Evaluate *request* in a worker; return its complete answer.

        Raises :class:`CicakgError` with one of the codes of ``docs/architecture.md`` where there is none.
        Cancelling kills the worker and frees its place.
        """
        file = result_file()
        try:
            put_bodies(request, file.fileno())
            worker = await self._take_place(request.client, request.budget.seconds)
            reply = await self._exchange(worker, request, file.fileno())
            return read_answer(reply, file)
        except BaseException:
            file.close()
            raise

    async def close(self) -> None:
        """Take no more queries, end those at work with ``server-stopping``, and end every process."""
        self._is_closing = True
        self._refuse_waiting(stopping_error())
        if self._restart is not None:
            self._restart.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._restart
        if self._link is not None:
            await self._link.close()
        self._forget_workers()

    # One question

    async def _exchange(self, worker: Worker, request: QueryRequest, descriptor: int) -> Message:
        """Let *worker* answer within the deadline. Afterwards it is idle again, or gone."""
        budget = request.budget
        is_sound = False
        try:
            async with asyncio.timeout(budget.seconds):
                reply = await worker.channel.ask(request_message(request), descriptor)
            is_sound = reply is not None and reply["grown"] < _GROWN_TOO_FAR
        except TimeoutError:
            raise timeout_error(budget.seconds) from None
        finally:
            self._leave_place(request.client, worker, is_sound)
        if reply is None:
            raise stopping_error() if self._is_closing else ending_error(await _ending(worker), budget)
        self._failures = 0
        return reply

    def load(self) -> PoolLoad:
        """Return how much there is to do at the moment, and what was done to workers so far."""
        return PoolLoad(
            idle=len(self._idle),
            busy=self._busy,
            starting=self._forking,
            waiting=len(self._waiting),
            given_up=self._given_up,
            restarts=self._restarts,
        )

    # Places

    async def _take_place(self, client: str, patience: float) -> Worker:
        """Return an idle worker, after waiting in line for *patience* seconds at most."""
        if self._is_closing:
            raise stopping_error()
        if self._link is None:
            raise restarting_error()
        if self._has_idle() and self._may_have_place(client):
            return self._give_place(client)
        return await self._wait_in_line(client, patience)

    def _has_idle(self) -> bool:
        """Say whether a worker is idle, and put one that lives first: another process may have killed some,
        which their channels know before the zygote tells.
        """
        for _ in range(len(self._idle)):
            if not self._idle[0].channel.is_closed:
                return True
            self._idle.rotate(-1)
        return False

    def _may_have_place(self, client: str) -> bool:
        """Where others hold all places, one more is for a client that holds none."""
        return self._busy < self._size or (self._busy < self._size + SPARE and not self._held[client])

    def _give_place(self, client: str) -> Worker:
        self._busy += 1
        self._held[client] += 1
        return self._idle.popleft()

    async def _wait_in_line(self, client: str, patience: float) -> Worker:
        turn = self._waiting.join(client)
        try:
            async with asyncio.timeout(patience):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave_place(client, turn.result(), is_sound=True)  # it came too late
            else:
                self._waiting.leave(client, turn)
            if isinstance(error, TimeoutError):
                raise busy_error() from None
            raise

    def _leave_place(self, client: str, worker: Worker, is_sound: bool) -> None:
        self._busy -= 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        if is_sound and worker in self._usable and not self._is_closing:
            self._idle.append(worker)
        else:
            self._discard(worker)
        self._serve_line()

    def _serve_line(self) -> None:
        while self._has_idle() and (found := self._waiting.next(self._may_have_place)) is not None:
            client, turn = found
            if not turn.done():
                turn.set_result(self._give_place(client))

    # The processes

    async def _open(self) -> None:
        listeners = Listeners(self._on_started, self._on_ended, self._on_not_forked, self._on_lost)
        link = ZygoteLink(self._source, listeners)
        try:
            self.info = await link.ready()
        except BaseException:
            await link.close()
            raise
        self._link = link
        self._forking = 0
        self._top_up()

    async def _reopen(self, spent: ZygoteLink) -> None:
        """Start a zygote again, at growing intervals until one stands."""
        await spent.close()
        while True:
            await asyncio.sleep(_FIRST_PAUSE * 2**self._failures)
            self._failures = min(self._failures + 1, _MOST_DOUBLINGS)
            try:
                return await self._open()
            except (CicakgError, WorkerError, OSError):
                logging.getLogger(__name__).exception("The query processes could not be started again.")

    def _discard(self, worker: Worker) -> None:
        """Kill *worker* if it still lives, and have another one forked."""
        self._given_up += 1
        worker.channel.close()
        self._usable.discard(worker)
        if self._workers.get(worker.pid) is worker and self._link is not None:
            self._link.kill(worker)
        self._top_up()

    def _top_up(self) -> None:
        if self._link is None or self._is_closing:
            return
        for _ in range(self._size + SPARE - len(self._usable) - self._forking):
            self._forking += 1
            self._link.fork()

    def _on_started(self, worker: Worker) -> None:
        self._forking -= 1
        self._workers[worker.pid] = worker
        self._usable.add(worker)
        self._idle.append(worker)
        self._serve_line()

    def _on_ended(self, pid: int, ending: Ending) -> None:
        worker = self._workers.pop(pid, None)
        if worker is None:
            return
        worker.end(ending)
        if worker in self._idle:  # nobody is there to notice
            self._idle.remove(worker)
            self._usable.discard(worker)
            worker.channel.close()
            loop = asyncio.get_running_loop()
            has_lived = loop.time() - worker.born > _SOUND_LIFE
            loop.call_later(0 if has_lived else _FIRST_PAUSE, self._top_up)

    def _on_not_forked(self) -> None:
        self._forking -= 1
        asyncio.get_running_loop().call_later(_FIRST_PAUSE, self._top_up)

    def _on_lost(self) -> None:
        """The zygote ended, and its workers with it. While it is opening, the one who opens it is told
        instead.
        """
        spent, self._link = self._link, None
        if spent is None:
            return
        self._forget_workers()
        self._restarts += 1
        self._refuse_waiting(restarting_error())
        if not self._is_closing:
            self._restart = asyncio.get_running_loop().create_task(self._reopen(spent))

    def _forget_workers(self) -> None:
        for worker in self._workers.values():
            worker.end(Ending())
        for worker in self._idle:
            worker.channel.close()
        self._workers.clear()
        self._usable.clear()
        self._idle.clear()

    def _refuse_waiting(self, error: CicakgError) -> None:
        for turn in self._waiting.clear():
            if not turn.done():
                turn.set_exception(error)


async def _ending(worker: Worker) -> Ending:
    """Return how *worker* ended, as far as the zygote says it soon."""
    try:
        return await asyncio.wait_for(asyncio.shield(worker.ended), _WORD_OF_END)
    except TimeoutError:
        return Ending()


def _source(folder: DatasetFolder | SnapshotFolder | Path) -> tuple[str, ...]:
    """Return what the zygote is told to open."""
    if isinstance(folder, SnapshotFolder):
        return str(folder.root.resolve()), folder.hold
    return (str((folder.root if isinstance(folder, DatasetFolder) else folder).resolve()),)
