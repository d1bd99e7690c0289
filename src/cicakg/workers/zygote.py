"""The zygote: the one process that holds the snapshot, with one thread, and forks workers from it.

``python -m cicakg.workers.zygote DESCRIPTOR SOURCE`` with a socket to the front at DESCRIPTOR. It says
``ready`` or ``failed`` once, then does what the front asks (``fork``, ``kill``) and reports each worker
that starts or ends. It ends with the front.
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

from pyoxigraph import RdfFormat, serialize

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.store import Snapshot, open_file, open_snapshot
from cicakg.workers import frames, limits
from cicakg.workers.endings import Ending
from cicakg.workers.warmup import warm_up
from cicakg.workers.worker import work


def main(arguments: list[str]) -> int:
    """Serve the front at the descriptor and from the source *arguments* name, until it is gone."""
    limits.die_with_parent()
    front = socket.socket(fileno=int(arguments[0]))
    snapshot = _open(front, Path(arguments[1]))
    if snapshot is None:
        return 1
    warm_up(snapshot.store)
    gc.collect()
    gc.freeze()  # what is here now is never looked at again, so its pages stay shared with every worker
    _Zygote(front, snapshot).run()
    return 0


def open_source(source: Path) -> Snapshot:
    """Open a dataset's folder, or one RDF file."""
    return open_file(source) if source.is_file() else open_snapshot(DatasetFolder(source))


def _open(front: socket.socket, source: Path) -> Snapshot | None:
    try:
        snapshot = open_source(source)
    except CicakgError as error:
        said = {"code": error.code, "detail": error.detail, "fix": error.fix}
        frames.send(front, {"event": "failed", **said})
        return None
    except Exception:
        frames.send(front, {"event": "failed", "fault": traceback.format_exc()})
        return None
    void = (serialize(snapshot.description(), format=RdfFormat.N_TRIPLES) or b"").decode()
    known = {"fingerprint": snapshot.fingerprint, "quad_count": snapshot.quad_count, "void": void}
    frames.send(front, {"event": "ready", **known})
    return snapshot


class _Zygote:
    """Waits for the front's orders and its children's ends, and does nothing else."""

    def __init__(self, front: socket.socket, snapshot: Snapshot) -> None:
        self._front = front
        self._snapshot = snapshot
        self._children: set[int] = set()
        self._alarm, alarm = os.pipe()
        os.set_blocking(alarm, False)
        signal.set_wakeup_fd(alarm, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _note)

    def run(self) -> None:
        """Serve until the front is gone; then end every worker."""
        try:
            with selectors.DefaultSelector() as selector:
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
        try:
            pid = os.fork()
        except OSError as error:  # no memory, or too many processes
            frames.send(self._front, {"event": "not-forked", "detail": str(error)})
        else:
            if pid == 0:
                work(self._snapshot.store, theirs, parent)
            self._children.add(pid)
            frames.send(self._front, {"event": "worker", "pid": pid}, [ours.fileno()])
        ours.close()
        theirs.close()

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self._children.discard(pid)
            ending = Ending.from_wait(status)
            said = {"event": "ended", "pid": pid, "signal": ending.signal, "status": ending.status}
            frames.send(self._front, said)


def _note(number: int, frame: FrameType | None) -> None:
    """Let the wake-up descriptor be written; the work is done in the loop."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
