"""Reads Turtle strictly and says where every term of every triple stands."""

from __future__ import annotations

from cicakg.turtle.document import LocatedTriple, TurtleDocument, read_turtle
from cicakg.turtle.faults import TurtleFault
from cicakg.turtle.text import SourceText

__all__ = ["LocatedTriple", "SourceText", "TurtleDocument", "TurtleFault", "read_turtle"]
