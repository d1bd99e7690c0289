"""The zygote: the one process that holds the snapshot, with one thread, and forks workers from it.

``python -m cicakg.workers.zygote DESCRIPTOR SOURCE [HOLD]`` with a socket to the front at DESCRIPTOR; HOLD
says where the data of a snapshot that was built are to be held. It says ``ready`` or ``failed`` once, then
does what the front asks (``fork``, ``kill``) and reports each worker that is ready for a question or has
ended. It ends with the front. Data held on disk are opened by each worker for itself, never here.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import cast

from pyoxigraph import RdfFormat, serialize

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.sparql.formats import ResultKind
from cicakg.sparql.request import QueryRequest
from cicakg.store import (
    DiskSnapshot,
    Hold,
    Snapshot,
    SnapshotFolder,
    open_file,
    open_snapshot,
    open_snapshot_folder,
)
from cicakg.workers import frames, limits
from cicakg.workers.endings import Ending
from cicakg.workers.once import run_once
from cicakg.workers.warmup import warm_up
from cicakg.workers.worker import OPENED, work


def main(arguments: list[str]) -> int:
    """Serve the front at the descriptor and from the source *arguments* name, until it is gone."""
    limits.die_with_parent()
    front = socket.socket(fileno=int(arguments[0]))
    snapshot = _open(front, arguments[1:])
    if snapshot is None:
        return 1
    warm_up(snapshot)
    gc.collect()
    gc.freeze()  # what is here now is never looked at again, so its pages stay shared with every worker
    _Zygote(front, snapshot).run()
    return 0


def open_source(arguments: list[str]) -> Snapshot | DiskSnapshot:
    """Open a dataset's folder, one RDF file, or, where it is said how to hold it, a snapshot that was
    built.
    """
    source = Path(arguments[0])
    if len(arguments) > 1:
        return _open_built(SnapshotFolder(source, cast("Hold", arguments[1])))
    return open_file(source) if source.is_file() else open_snapshot(DatasetFolder(source))


def _open_built(folder: SnapshotFolder) -> Snapshot | DiskSnapshot:
    """Open a snapshot and, where its data stay on disk, try whether a worker can open them, too."""
    snapshot = open_snapshot_folder(folder)
    if isinstance(snapshot, DiskSnapshot):
        run_once(snapshot, QueryRequest("ASK {}", {ResultKind.BOOLEAN: "json"})).close()
    return snapshot


def _open(front: socket.socket, arguments: list[str]) -> Snapshot | DiskSnapshot | None:
    try:
        snapshot = open_source(arguments)
    except CicakgError as error:
        said = {"code": error.code, "detail": error.detail, "fix": error.fix}
        frames.send(front, {"event": "failed", **said})
        return None
    except Exception:
        frames.send(front, {"event": "failed", "fault": traceback.format_exc()})
        return None
    void = (serialize(snapshot.description(), format=RdfFormat.N_TRIPLES) or b"").decode()
    known = {
        "fingerprint": snapshot.fingerprint,
        "quad_count": snapshot.quad_count,
        "held": snapshot.held,
        "void": void,
    }
    frames.send(front, {"event": "ready", **known})
    return snapshot


class _Zygote:
    """Waits for the front's orders and its children's ends, and does nothing else."""

    def __init__(self, front: socket.socket, snapshot: Snapshot | DiskSnapshot) -> None:
        self._front = front
        self._snapshot = snapshot
        self._children: set[int] = set()
        self._opening: dict[int, tuple[int, socket.socket]] = {}  # workers not ready yet, by descriptor
        self._selector = selectors.DefaultSelector()
        self._alarm, alarm = os.pipe()
        os.set_blocking(alarm, False)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _note)

    def run(self) -> None:
        """Serve until the front is gone; then end every worker."""
        try:
            with self._selector as selector:
                selector.register(self._front, selectors.EVENT_READ)
                selector.register(self._alarm, selectors.EVENT_READ)
                while self._turn({key.fd for key, _ in selector.select()}):
                    pass
        except OSError:
            pass  # the front went away while being told something
        finally:
            for pid in self._children:
                os.kill(pid, signal.SIGKILL)
            for pid in self._children:
                os.waitpid(pid, 0)

    def _turn(self, readable: set[int]) -> bool:
        if self._alarm in readable:
            os.read(self._alarm, 4096)
        for descriptor in readable & self._opening.keys():
            self._announce(descriptor)
        self._reap()
        if self._front.fileno() not in readable:
            return True
        received = frames.receive(self._front)
        if received is not None:
            self._obey(received[0])
        return received is not None

    def _obey(self, order: frames.Message) -> None:
        if order["do"] == "fork":
            self._fork()
        elif order["pid"] in self._children:  # not yet reaped, so the number is still the worker's
            os.kill(order["pid"], signal.SIGKILL)

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        parent = os.getpid()
        with theirs:
            try:
                pid = os.fork()
            except OSError as error:  # no memory, or too many processes
                ours.close()
                frames.send(self._front, {"event": "not-forked", "detail": str(error)})
                return
            if pid == 0:
                work(self._snapshot, theirs, parent)
        self._children.add(pid)
        self._opening[ours.fileno()] = pid, ours
        self._selector.register(ours, selectors.EVENT_READ)

    def _announce(self, descriptor: int) -> None:
        """Tell the front of a worker that has its data open, or of why it has not."""
        pid, ours = self._opening.pop(descriptor)
        self._selector.unregister(ours)
        with ours:
            said = _first_word(ours)
            if said == OPENED:
                frames.send(self._front, {"event": "worker", "pid": pid}, [descriptor])
            else:
                frames.send(self._front, {"event": "not-forked", "detail": said.get("detail", "It ended.")})

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            ending = Ending.from_wait(status)
            said = {"event": "ended", "pid": pid, "signal": ending.signal, "status": ending.status}
            frames.send(self._front, said)


def _first_word(channel: socket.socket) -> frames.Message:
    try:
        received = frames.receive(channel)
    except OSError:
        return {}
    return received[0] if received else {}


def _note(number: int, frame: FrameType | None) -> None:
    """Let the wake-up descriptor be written; the work is done in the loop."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
