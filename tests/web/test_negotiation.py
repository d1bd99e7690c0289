"""Accept, ?format= and Accept-Language, by RFC 9110, section 12.5."""

from __future__ import annotations

import pytest

from cicakg.errors import CicakgError
from cicakg.sparql.formats import ResultKind
from cicakg.web.negotiation import (
    GRAPH_OFFERS,
    HTML,
    accepted_formats,
    choose_offer,
    is_page_preferred,
    named_formats,
    read_languages,
)

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
COMUNICA = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6,"
    "application/sparql-results+json;q=0.5"
)
RDFLIB = "application/sparql-results+xml,application/rdf+xml"


@pytest.mark.parametrize(
    ("accept", "rows", "graph"),
    [
        (None, "json", "turtle"),
        ("", "json", "turtle"),
        ("*/*", "json", "turtle"),
        ("*", "json", "turtle"),
        ("application/sparql-results+json", "json", None),
        ("application/sparql-results+xml", "xml", None),
        ("text/csv", "csv", None),
        ("text/tab-separated-values", "tsv", None),
        ("text/turtle", None, "turtle"),
        ("application/n-triples", None, "ntriples"),
        ("application/ld+json", None, "jsonld"),
        ("application/rdf+xml", None, "rdfxml"),
        ("application/trig", None, "trig"),
        ("application/n-quads", None, "nquads"),
        # an alias asks for the format it stands for
        ("application/json", "json", "jsonld"),
        ("application/xml", "xml", "rdfxml"),
        ("text/plain", None, "ntriples"),
        # a wildcard of a type covers what is sent as that type, not what merely has an alias in it
        ("text/*", "csv", "turtle"),
        ("application/*", "json", "ntriples"),
        # quality decides, whatever the order
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.9", "xml", None),
        ("text/csv;q=0.9, application/sparql-results+xml;q=0.4", "csv", None),
        ("text/csv;q=0.123, text/tab-separated-values;q=0.124", "tsv", None),
        ("text/turtle;q=0.1, */*;q=0.9", "json", "ntriples"),
        # a more specific range overrides a less specific one
        ("application/*;q=1, application/sparql-results+json;q=0.1", "xml", "ntriples"),
        ("*/*;q=0.5, text/*;q=0.9, text/csv;q=0.2", "tsv", "turtle"),
        # q=0 excludes
        ("application/sparql-results+json;q=0, */*", "xml", "turtle"),
        ("application/sparql-results+json;q=0, application/json", None, "jsonld"),
        ("text/turtle;q=0, */*;q=0.1", "json", "ntriples"),
        ("*/*;q=0", None, None),
        ("text/csv;q=0", None, None),
        ("text/csv;q=0.0, text/tab-separated-values;q=0.001", "tsv", None),
        # where qualities tie, what was named wins over what a wildcard covers
        ("text/csv, */*", "csv", "turtle"),
        ("application/ld+json, */*", "json", "jsonld"),
        # nothing fits
        ("image/png", None, None),
        ("application/pdf, image/*", None, None),
        # case, spaces, parameters, quoted commas, repeated ranges
        ("TEXT/CSV", "csv", None),
        ("  text/csv ;  q=0.5 , text/tab-separated-values;Q=0.6", "tsv", None),
        ("text/turtle;charset=utf-8", None, "turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x";q=0.7', None, "jsonld"),
        ('text/x;a="b, text/csv"', None, None),
        ("text/csv;q=0.2, text/csv;q=0.9, text/tab-separated-values;q=0.5", "csv", None),
        # what cannot be read is left out
        ("text/csv;q=abc, text/tab-separated-values;q=0.1", "tsv", None),
        ("garbage, text/csv", "csv", None),
        (",,,text/csv,,", "csv", None),
        ("text/csv;q=.5", "csv", None),
        # clients as they are
        (RDFLIB, "xml", "rdfxml"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "json", "turtle"),
        (
            COMUNICA,
            "json",
            "nquads",
        ),
    ],
)
def test_accept_decides(accept: str | None, rows: str | None, graph: str | None) -> None:
    """Each Accept gets the format RFC 9110 gives it, for rows and for graphs."""
    formats = accepted_formats(accept)
    assert formats.get(ResultKind.SOLUTIONS) == rows
    assert formats.get(ResultKind.BOOLEAN) == rows
    assert formats.get(ResultKind.GRAPH) == graph


@pytest.mark.parametrize(
    ("name", "rows", "graph"),
    [
        ("csv", "csv", None),
        ("json", "json", "jsonld"),
        ("xml", "xml", "rdfxml"),
        ("turtle", None, "turtle"),
        ("ttl", None, "turtle"),
        ("n3", None, "turtle"),
        ("json-ld", None, "jsonld"),
        ("rdf+xml", None, "rdfxml"),
        ("text/csv", "csv", None),
        ("JSON", "json", "jsonld"),
        ("application/ld+json,application/x-json+ld", None, "jsonld"),
    ],
)
def test_format_parameter_by_any_usual_name(name: str, rows: str | None, graph: str | None) -> None:
    """?format= takes our names and those that clients send."""
    formats = named_formats([name])
    assert (formats.get(ResultKind.SOLUTIONS), formats.get(ResultKind.GRAPH)) == (rows, graph)


def test_unknown_format_names_the_valid_ones() -> None:
    """A format there is not is refused with the list of those there are."""
    with pytest.raises(CicakgError) as caught:
        named_formats(["docx"])
    assert caught.value.code == "unknown-format"
    assert "docx" in caught.value.detail
    assert all(name in caught.value.fix for name in ("json", "csv", "turtle", "nquads"))


def test_first_known_format_of_several_counts() -> None:
    """SPARQLWrapper sends several spellings of one format; the first we know is taken."""
    assert named_formats(["quux", "tsv", "csv"])[ResultKind.SOLUTIONS] == "tsv"


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (CHROME, True),
        ("text/html", True),
        ("application/xhtml+xml", True),
        (None, False),
        ("*/*", False),
        ("text/*", False),
        ("text/html;q=0.5, application/sparql-results+json", False),
        ("text/html, application/sparql-results+json", False),
        ("text/html;q=0", False),
    ],
)
def test_who_prefers_a_page(accept: str | None, is_page: bool) -> None:
    """Only who names HTML and likes it better than any result is sent to the page."""
    assert is_page_preferred(accept) is is_page


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "html"),
        ("*/*", "html"),
        (CHROME, "html"),
        ("text/turtle, */*", "turtle"),
        ("text/turtle;q=0.9, text/html;q=0.8", "turtle"),
        ("application/rdf+xml, application/xhtml+xml;q=0.3, text/xml;q=0.2, text/html;q=0.3", "rdfxml"),
        ("text/html;q=0, */*", "turtle"),
    ],
)
def test_pages_and_rdf_share_an_address(accept: str | None, name: str) -> None:
    """A resource is a page unless RDF is liked better."""
    chosen = choose_offer(accept, (HTML, *GRAPH_OFFERS))
    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        (None, ()),
        ("ar", ("ar",)),
        ("en;q=0.5, kk-KZ, ru;q=0.7", ("kk-KZ", "ru", "en")),
        ("*, ms;q=0", ()),
        ("kk-Cyrl, nonsense-with-far-too-many-letters, ar-EG;q=0.1", ("kk", "ar-EG")),
    ],
)
def test_languages_by_quality(header: str | None, tags: tuple[str, ...]) -> None:
    """Accept-Language gives valid tags in standard form, best first."""
    assert read_languages(header) == tags
