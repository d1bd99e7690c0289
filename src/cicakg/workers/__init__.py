"""Query processes: a query never runs in the process that answers.

The front (:mod:`cicakg.workers.pool`) starts one single-threaded zygote (:mod:`cicakg.workers.zygote`) that
holds the snapshot and forks workers (:mod:`cicakg.workers.worker`) from it. They talk in frames
(:mod:`cicakg.workers.frames`) over UNIX sockets.
"""

from __future__ import annotations

from cicakg.workers.messages import Answer, PoolLoad, SnapshotInfo, WorkerError
from cicakg.workers.once import run_once
from cicakg.workers.pool import WorkerPool

__all__ = ["Answer", "PoolLoad", "SnapshotInfo", "WorkerError", "WorkerPool", "run_once"]
