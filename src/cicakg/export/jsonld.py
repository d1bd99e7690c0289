"""JSON-LD, compacted with the dataset's context so that every key is a word (JSON-LD 1.1 Processing
Algorithms, section 6).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn

from pyld import jsonld
from pyoxigraph import Quad, RdfFormat, serialize

from cicakg.export.context import Context


def jsonld_text(quads: Sequence[Quad], context: Context) -> str:
    """Return *quads* as one compacted JSON-LD document; named graphs become entries with a ``graph`` key.

    The context is written into the document, so a reader needs no network to understand it. Nothing is
    fetched here either.
    """
    lines = (serialize(quads, format=RdfFormat.N_QUADS) or b"").decode()
    expanded = jsonld.from_rdf(lines, {"format": "application/n-quads"})
    document = jsonld.compact(
        expanded,
        {"@context": dict(context)},
        {"graph": True, "documentLoader": _refuse_to_load, "ordered": True},
    )
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _refuse_to_load(url: str, _options: object) -> NoReturn:
    raise RuntimeError(f"a JSON-LD context asked for {url}; nothing is ever fetched")
