"""cicakg: a knowledge graph of news about CICA, and the tool that checks and serves it.

``cicakg.load()`` gives an rdflib ``Dataset``, ``cicakg.query("SELECT …")`` rows for pandas; see
:mod:`cicakg.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cicakg.api import KnowledgeGraph, Rows, ask, construct, load, open_graph, query
    from cicakg.errors import CicakgError

__all__ = ["CicakgError", "KnowledgeGraph", "Rows", "ask", "construct", "load", "open_graph", "query"]


def __getattr__(name: str) -> object:
    """Import the API when it is first used (PEP 562): the command line and the workers do without rdflib."""
    if name == "CicakgError":
        from cicakg.errors import CicakgError  # noqa: PLC0415

        return CicakgError
    if name in __all__:
        from cicakg import api  # noqa: PLC0415

        return getattr(api, name)
    raise AttributeError(f"module 'cicakg' has no attribute {name!r}")
