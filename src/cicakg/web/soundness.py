"""Whether the data that are served are whole, as far as anybody has looked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Soundness:
    """``damage`` says in a sentence what is wrong with the data on disk, ``None`` where nothing is known."""

    damage: str | None = None
