"""Reads Turtle strictly and says where every term of every triple stands."""

from __future__ import annotations

from cicakg.turtle.document import LocatedTriple, TurtleDocument, read_turtle
from cicakg.turtle.faults import TurtleFault

__all__ = ["LocatedTriple", "TurtleDocument", "TurtleFault", "read_turtle"]
