"""Spares a check the runs of Python's garbage collector.

A check makes some hundred thousand objects and keeps nearly all to its end; hardly any of them lead back to
themselves. The collector would look through them again and again: a fifth of the time on ten thousand
articles (``benchmarks/checking.py``), and no less memory in the end.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collections() -> Iterator[None]:
    """Let the collector not run while the block lasts."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
