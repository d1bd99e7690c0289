"""Virtuoso from Debian's ``virtuoso-opensource``, run by hand in a folder: no service of the system."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from endpoints.load import LoadError
from endpoints.material import Material
from endpoints.processes import free_port, wait_for

_MERGE: Final = "urn:x-benchmark:merge"
_BUFFERS_PER_GIB: Final = 85_000  # what its documentation gives for two thirds of the memory
_INI: Final = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 100
CheckpointInterval = 0
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
CaseMode = 2
DirsAllowed = {data}
SchedulerInterval = 10
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 50
KeepAliveTimeout = 120
MaxKeepAlives = 100
[SPARQL]
[Client]
SQL_PREFETCH_ROWS = 100
"""


@dataclass(frozen=True, slots=True)
class Virtuoso:
    """Virtuoso with an ini of its own: as many buffers as its documentation gives for a quarter of this
    machine's memory, no limit on rows or time.
    """

    name: str
    endpoint: str = "/sparql"
    # Its own default graph is all graphs with a triple once for each, and graphs of its own.
    extra: str = f"&default-graph-uri={quote(_MERGE, safe='')}"

    def load(self, material: Material, folder: Path) -> None:
        """Load named graphs, and their merge as one graph more."""
        home = folder / "virtuoso"
        home.mkdir()
        sql = free_port()
        ini = _write_ini(home, material, sql, free_port())
        with (home / "load.log").open("wb") as log:
            process = subprocess.Popen(_command(ini), stdout=log, stderr=log, start_new_session=True)
        try:
            said = home / "load.log"  # in the foreground it writes its log there
            wait_for(lambda: "Server online" in said.read_text(errors="replace"), 120)
            _sql(sql, f"DB.DBA.TTLP_MT(file_to_string_output('{material.named}'), '', '{_MERGE}', 512)")
            _sql(sql, f"DB.DBA.TTLP_MT(file_to_string_output('{material.merge}'), '', '{_MERGE}')")
            _sql(sql, "checkpoint")
        finally:
            process.terminate()
            process.wait(120)

    def command(self, material: Material, folder: Path, port: int) -> Sequence[str]:
        """Serve what was loaded."""
        return _command(_write_ini(folder / "virtuoso", material, free_port(), port))


def _write_ini(home: Path, material: Material, sql: int, http: int) -> Path:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 / 4
    buffers = int(memory * _BUFFERS_PER_GIB)
    ini = home / "virtuoso.ini"
    ini.write_text(
        _INI.format(
            folder=home,
            sql=sql,
            http=http,
            data=material.named.parent,
            buffers=buffers,
            dirty=buffers * 3 // 4,
        ),
        encoding="utf-8",
    )
    return ini


def _command(ini: Path) -> Sequence[str]:
    return ("virtuoso-t", "+foreground", "+configfile", str(ini))


def _sql(port: int, statement: str) -> None:
    command = ["isql-vt", f"127.0.0.1:{port}", "dba", "dba", "ERRORS=STDOUT", f"EXEC={statement};"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode or "***" in done.stdout:
        raise LoadError(f"Virtuoso could not load: {done.stdout[-500:]}")
