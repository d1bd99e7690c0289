"""The complete check of a snapshot on disk, in a process of its own while the server answers already."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from cicakg.store import SnapshotFolder
from cicakg.web.upkeep import Upkeep
from cicakg.workers import SnapshotInfo

_MOST_NAMED: Final = 3
_LOG: Final = logging.getLogger("cicakg.server")


class SoundnessWatch:
    """Looks once at each snapshot that is served from disk; data in memory were checked when they were read.

    What is wrong is logged and noted in the upkeep, where ``/ready`` and ``/metrics`` find it.
    """

    def __init__(self, upkeep: Upkeep) -> None:
        self._upkeep = upkeep
        self._task: asyncio.Task[None] | None = None

    async def begin(self, source: object, info: SnapshotInfo) -> None:
        """Check the snapshot *info* of *source* in the background, and none that was served before."""
        await self.close()
        self._upkeep.soundness.damage = None
        if isinstance(source, SnapshotFolder) and info.held == "disk":
            check = self._check(source.root.resolve(), info.fingerprint)
            self._task = asyncio.get_running_loop().create_task(check)

    async def close(self) -> None:
        """Look no further."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _check(self, folder: Path, fingerprint: str) -> None:
        try:
            faults = await _find_damage(folder, fingerprint)
        except (OSError, ValueError) as error:
            self._note("failed")
            _LOG.warning("the snapshot could not be checked: %s", error)
            return
        self._note("damaged" if faults else "ok")
        if faults:
            more = f" and {len(faults) - _MOST_NAMED} more" if len(faults) > _MOST_NAMED else ""
            damage = f"The snapshot is damaged: {'; '.join(faults[:_MOST_NAMED])}{more}."
            self._upkeep.soundness.damage = damage
            _LOG.error("%s Build it again with `cicakg build`, then send SIGHUP.", damage)
        else:
            _LOG.info("every byte of the snapshot is as it was built")

    def _note(self, result: str) -> None:
        self._upkeep.metrics.snapshot_checks[result] += 1


async def _find_damage(folder: Path, fingerprint: str) -> list[str]:
    command = (sys.executable, "-P", "-m", "cicakg.store.inspection", str(folder), fingerprint)
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        said, _ = await process.communicate()
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    faults: list[str] = json.loads(said)
    return faults
