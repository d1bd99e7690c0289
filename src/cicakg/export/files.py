"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from cicakg.errors import CicakgError


def write_atomically(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Call *write* with a binary file beside *path* and move it to *path* when that returns.

    If *write* raises, nothing is left and what stood at *path* stays. A folder that is missing or may not
    be written is a :class:`CicakgError`.
    """
    if path.is_dir():
        raise CicakgError("output-unwritable", f"{path} is a folder.", "Name a file.")
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as fault:
        raise _unwritable(path, fault) from fault
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(_usual_mode(path))
        beside.replace(path)
    except OSError as fault:
        raise _unwritable(path, fault) from fault
    finally:
        beside.unlink(missing_ok=True)


def _unwritable(path: Path, fault: OSError) -> CicakgError:
    reason = fault.strerror or type(fault).__name__
    return CicakgError(
        "output-unwritable",
        f"{path} cannot be written: {reason}.",
        "Name a file in a folder that is there and yours.",
    )


def _usual_mode(path: Path) -> int:
    """The permissions *path* has, or those a new file would get here."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
