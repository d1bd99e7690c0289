"""Which format a caller gets, and which languages a reader wants.

``Accept`` and ``Accept-Language`` as in RFC 9110, sections 12.5.1 and 12.5.4: quality first, a more
specific range overrides a less specific one, ``q=0`` excludes. Where qualities tie, a format that was named
wins over one that a wildcard covers, and then the server's own order decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cicakg.errors import CicakgError
from cicakg.languages import standard_tag
from cicakg.sparql.formats import FORMATS, Format, ResultKind, formats_of

# Elements of a list header; a comma inside a quoted string separates nothing. A string that is not closed
# ends with the header, and nothing is read twice: else a header of open strings would hold the server up.
_ELEMENT: Final = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.?)*+(?:"|\Z))++', re.DOTALL)
_PARAMETER: Final = re.compile(r';\s*+([^\s;="]++)\s*+=\s*+("(?:[^"\\]|\\.?)*+(?:"|\Z)|[^\s;"]*+)', re.DOTALL)
_RANGE: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)/([!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_QUALITY: Final = re.compile(r"[01]?(?:\.[0-9]{0,8})?")

# Clients send few different headers, all day long: what was chosen for one is remembered, for short ones.
_LONGEST_REMEMBERED: Final = 200
_MOST_REMEMBERED: Final = 256

# How precisely a range names a format.
_NAMED: Final = 3
_TYPE_WILDCARD: Final = 2
_WILDCARD: Final = 1
_ANYTHING: Final = "*/*"

# Names that clients use for ?format= beside our own: SPARQLWrapper's and the common file endings'.
_SYNONYMS: Final = {
    "json-ld": "jsonld",
    "rdf+xml": "rdfxml",
    "n3": "turtle",
    "n-triples": "ntriples",
    "n-quads": "nquads",
}
# A caller who says json or xml means the JSON or XML of whatever the query yields.
_COUNTERPARTS: Final = {"json": "jsonld", "xml": "rdfxml"}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a resource can be had as: ``aliases`` are media types that ask for it but are not what it
    is sent as.
    """

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()


HTML: Final = Offer("html", "text/html", ("application/xhtml+xml",))


def offer_of(written: Format) -> Offer:
    """Return *written* as something to negotiate about."""
    return Offer(written.name, written.media_type, written.aliases)


_OFFERS: Final = {kind: tuple(offer_of(one) for one in formats_of(kind)) for kind in ResultKind}
RESULT_OFFERS: Final = tuple(offer_of(one) for one in FORMATS)
GRAPH_OFFERS: Final = _OFFERS[ResultKind.GRAPH]


@dataclass(frozen=True, slots=True)
class Weighted:
    """One element of a list header with its quality from 0 to 1."""

    value: str
    quality: float


def read_list(header: str) -> tuple[Weighted, ...]:
    """Read a header such as ``a;q=0.5, b``; an element whose quality cannot be read is left out."""
    found = []
    for element in _ELEMENT.findall(header):
        value, mark, _ = element.partition(";")
        quality = _quality(element) if mark else 1.0
        if value.strip() and quality is not None:
            found.append(Weighted(value.strip().lower(), quality))
    return tuple(found)


def _quality(element: str) -> float | None:
    for name, value in _PARAMETER.findall(element):
        if name.lower() == "q":
            return min(1.0, float("0" + value)) if value and _QUALITY.fullmatch(value) else None
    return 1.0


def read_accept(header: str | None) -> dict[str, float]:
    """Read ``Accept`` into the quality of each media range; no header, or an empty one, accepts anything."""
    if header is None or not header.strip():
        return {_ANYTHING: 1.0}
    found: dict[str, float] = {}
    for one in read_list(header):
        # Java's old default says "*" where it means "*/*".
        name = _ANYTHING if one.value == "*" else one.value
        if _RANGE.fullmatch(name):
            found[name] = max(one.quality, found.get(name, 0.0))
    return found


def choose_offer(accept: str | None, offers: Sequence[Offer]) -> Offer | None:
    """Return the best of *offers* for *accept*, ``None`` where nothing fits."""
    ranges = read_accept(accept)
    best: Offer | None = None
    best_fit = (0.0, 0)
    for offer in offers:
        fit = fit_of(offer, ranges)
        if fit[0] > 0 and fit > best_fit:
            best, best_fit = offer, fit
    return best


def fit_of(offer: Offer, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Return how welcome *offer* is: its quality, then how precisely it was named.

    An alias counts only where it is named: ``text/*`` is no request for RDF/XML. A format excluded by its
    own name stays excluded.
    """
    if ranges.get(offer.media_type) == 0:
        return 0.0, 0
    main = offer.media_type.partition("/")[0]
    own = ((offer.media_type, _NAMED), (f"{main}/*", _TYPE_WILDCARD), (_ANYTHING, _WILDCARD))
    fits = [next(((ranges[name], level) for name, level in own if name in ranges), (0.0, 0))]
    fits += [(ranges[name], _NAMED) for name in offer.aliases if name in ranges]
    return max(fits)


def accepted_formats(accept: str | None) -> dict[ResultKind, str]:
    """Return the format for each kind of result that *accept* allows; a kind that nothing fits is absent."""
    if accept is not None and len(accept) > _LONGEST_REMEMBERED:
        return _fitting_formats(accept)
    return dict(_remembered_formats(accept))


@lru_cache(_MOST_REMEMBERED)
def _remembered_formats(accept: str | None) -> dict[ResultKind, str]:
    return _fitting_formats(accept)


def _fitting_formats(accept: str | None) -> dict[ResultKind, str]:
    chosen = {kind: choose_offer(accept, offers) for kind, offers in _OFFERS.items()}
    return {kind: offer.name for kind, offer in chosen.items() if offer is not None}


def named_formats(names: Iterable[str]) -> dict[ResultKind, str]:
    """Return the formats that ``?format=`` asks for; the first name we know counts.

    Takes our names, media types and file endings. Several values and comma-separated ones come from
    SPARQLWrapper, which sends every spelling it knows. Raises :class:`CicakgError` where no name is known.
    """
    asked = [name.strip() for value in names for name in value.split(",") if name.strip()]
    for name in asked:
        found = _formats_called(name.lower())
        if found:
            return found
    valid = ", ".join(one.name for one in FORMATS)
    raise CicakgError(
        "unknown-format",
        f"There is no format called “{asked[0] if asked else ''}”.",
        f"Use one of {valid} as format=, or leave it out and say what you want in Accept.",
    )


def _formats_called(name: str) -> dict[ResultKind, str]:
    name = _SYNONYMS.get(name, name)
    found: dict[ResultKind, str] = {}
    for one in FORMATS:
        if name in {one.name, one.media_type, one.extension, *one.aliases}:
            for kind in one.kinds:
                found.setdefault(kind, one.name)
    if name in _COUNTERPARTS:
        found.setdefault(ResultKind.GRAPH, _COUNTERPARTS[name])
    return found


def is_page_preferred(accept: str | None) -> bool:
    """Say whether *accept* comes from a browser: it names HTML and likes it better than any result format."""
    if accept is not None and len(accept) > _LONGEST_REMEMBERED:
        return _likes_page_best(accept)
    return _remembered_preference(accept)


@lru_cache(_MOST_REMEMBERED)
def _remembered_preference(accept: str | None) -> bool:
    return _likes_page_best(accept)


def _likes_page_best(accept: str | None) -> bool:
    return choose_offer(accept, (*RESULT_OFFERS, HTML)) is HTML


def read_languages(header: str | None) -> tuple[str, ...]:
    """Return the valid tags of ``Accept-Language``, best first, in standard form; ``*`` and ``q=0`` are
    left out.
    """
    wanted = [one for one in read_list(header or "")[:32] if one.quality > 0 and one.value != "*"]
    ordered = sorted(wanted, key=lambda one: -one.quality)
    tags = (standard_tag(one.value) for one in ordered)
    return tuple(dict.fromkeys(tag for tag in tags if tag is not None))
