"""Spares a check most runs of Python's garbage collector.

A check makes some hundred thousand objects and keeps nearly all to its end. The collector looks through
them again and again for cycles that are not there: an eighth of the time (``benchmarks/checking.py``).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_YOUNG: Final = 50_000


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Let the collector run only after every 50,000 new objects while the block lasts."""
    before = gc.get_threshold()
    gc.set_threshold(max(_YOUNG, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
