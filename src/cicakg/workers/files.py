"""The file an answer is written to: nameless, in memory where the system can, gone when the last holder
closes it.
"""

from __future__ import annotations

import os
import tempfile
from typing import BinaryIO, cast


def result_file() -> BinaryIO:
    """Return a new empty file that has no name and is closed in programs this process starts."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("cicakg-answer", os.MFD_CLOEXEC), "rb")
    return cast("BinaryIO", tempfile.TemporaryFile())
