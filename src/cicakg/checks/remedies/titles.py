"""What a remedy is called: a sentence of words/<language>.toml, filled in."""

from __future__ import annotations

from collections.abc import Iterable

from cicakg.checks.rules import one_line
from cicakg.checks.templates import ENGLISH, filled
from cicakg.model import Edit, Remedy, Wording


def titled(key: str, edits: Iterable[Edit], is_safe: bool = False, /, **values: str) -> Remedy:
    """Return the remedy that does *edits* and is called by the template *key* of the table ``remedy``, filled
    with *values*.

    Raises :class:`KeyError` where there is no such template.
    """
    wording = Wording(f"remedy/{key}", tuple(values.items()))
    title = filled(wording, ENGLISH)
    if title is None:
        raise KeyError(wording.key)
    return Remedy(one_line(title), tuple(edits), is_safe, wording)
