"""One query for the command line: one worker, forked from this process, under the same limits as in the
pool.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time

from cicakg.sparql.request import QueryRequest
from cicakg.store import DiskSnapshot, Snapshot
from cicakg.workers import frames
from cicakg.workers.endings import Ending, ending_error, timeout_error
from cicakg.workers.files import result_file
from cicakg.workers.frames import Message
from cicakg.workers.messages import Answer, put_bodies, read_answer, request_message
from cicakg.workers.warmup import warm_up
from cicakg.workers.worker import OPENED, work


def run_once(snapshot: Snapshot | DiskSnapshot, request: QueryRequest) -> Answer:
    """Evaluate *request* on *snapshot* in a process forked from this one; return its complete answer.

    The calling process must have one thread only (see :func:`os.fork`). Raises
    :class:`cicakg.errors.CicakgError` with the same codes as :meth:`cicakg.workers.pool.WorkerPool.run`.
    """
    warm_up(snapshot)
    ours, theirs = socket.socketpair()
    file = result_file()
    with ours:
        pid = _fork(snapshot, theirs)
        try:
            put_bodies(request, file.fileno())
            reply = _exchange(ours, request, file.fileno())
            if reply is None:  # it is ending by itself; only its end says why
                pid, ended = 0, _wait(pid)
                raise ending_error(ended, request.budget)
            return read_answer(reply, file)
        except BaseException:
            file.close()
            raise
        finally:
            if pid:
                os.kill(pid, signal.SIGKILL)
                _wait(pid)


def _wait(pid: int) -> Ending:
    return Ending.from_wait(os.waitpid(pid, 0)[1])


def _fork(snapshot: Snapshot | DiskSnapshot, theirs: socket.socket) -> int:
    with theirs:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            work(snapshot, theirs, parent)
        return pid


def _exchange(channel: socket.socket, request: QueryRequest, descriptor: int) -> Message | None:
    """Send the request and wait for the reply until the deadline; ``None`` where the worker ended."""
    seconds = request.budget.seconds
    deadline = time.monotonic() + seconds
    opened = _hear(channel, deadline, seconds)
    if opened != OPENED:
        return opened
    try:
        frames.send(channel, request_message(request), [descriptor])
    except OSError:
        return None
    return _hear(channel, deadline, seconds)


def _hear(channel: socket.socket, deadline: float, seconds: float) -> Message | None:
    readable, _, _ = select.select([channel], [], [], max(0.0, deadline - time.monotonic()))
    if not readable:
        raise timeout_error(seconds)
    try:
        received = frames.receive(channel)
    except ConnectionResetError:
        return None
    return received[0] if received else None
