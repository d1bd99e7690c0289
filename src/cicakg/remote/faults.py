"""What can be wrong with an engine, said to the one who asked it."""

from __future__ import annotations

import re
from typing import Final

from cicakg.errors import CicakgError

_SHOWN: Final = 200  # characters of what an engine says that are passed on
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LATER: Final = "Ask again in a few seconds; if it goes on, tell the operator."


def unreachable_error(reason: str) -> CicakgError:
    """The engine does not answer at all, or breaks a connection off before it has said anything."""
    return CicakgError(
        "engine-unreachable", f"The query engine behind this server cannot be reached: {reason}.", _LATER
    )


def incomplete_error(reason: str) -> CicakgError:
    """The engine's answer is not whole; nothing of it is passed on."""
    return CicakgError(
        "engine-incomplete",
        f"The engine behind this server sent an answer that is not complete: {reason}.",
        "Ask for less, or in parts with ORDER BY, LIMIT and OFFSET. An operator finds in docs/engines.md how "
        "to set the engine.",
    )


def engine_error(reason: str) -> CicakgError:
    """The engine failed, or sent what is no answer to a query."""
    return CicakgError(
        "engine-error", f"The engine behind this server did not answer as it should: {reason}.", _LATER
    )


def refused_error(reason: str) -> CicakgError:
    """The engine does not take a query that is SPARQL 1.1."""
    return CicakgError(
        "query-unsupported",
        f"The engine behind this server does not take the query: {reason}.",
        "Write it another way: engines differ in what they can compile (docs/engines.md).",
    )


def own_time_limit_error() -> CicakgError:
    """The engine stopped the query at a limit of its own."""
    return CicakgError(
        "query-timeout",
        "The engine behind this server stopped the query at its own time limit.",
        "Ask for less: name the predicate or the graph, join on shared variables, use LIMIT.",
    )


def loading_error() -> CicakgError:
    """The engine holds a dataset in part only."""
    return CicakgError(
        "engine-loading",
        "A dataset is being put into the engine behind this server, and is not whole yet.",
        "Ask again when it is loaded. If the loading was broken off, the operator has to run it again.",
    )


def changed_error() -> CicakgError:
    """The data were replaced while a query was at work."""
    return CicakgError(
        "engine-changed",
        "The data in the engine behind this server were replaced while the query was at work.",
        "Ask again.",
    )


def spoken(text: str) -> str:
    """Return the first line of what an engine said, as it may stand inside a sentence: short, printable."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    clean = _UNPRINTABLE.sub(" ", first).strip().rstrip(".")
    return clean if len(clean) <= _SHOWN else clean[:_SHOWN] + "…"
