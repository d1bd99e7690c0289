"""Reading protocol requests: decoding exactly once, and what is refused."""

from __future__ import annotations

import pytest

from cicakg.errors import CicakgError
from cicakg.sparql.request import Budget
from cicakg.web.protocol import lowered, read_graphs, read_parameters, the_query


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"query=ASK%20%7B%7D", "ASK {}"),
        (b"query=ASK+%7B%7D", "ASK {}"),
        (b"query=%2B", "+"),
        # decoded once: an encoded percent sign stays one
        (b"query=%2541", "%41"),
        (b"query=%25D9%2582", "%D9%82"),
        (b"query=%D9%82%D8%A7", "قا"),
        ("query=Қазақстан".encode(), "Қазақстан"),
        (b"query=a=b", "a=b"),
        (b"query", ""),
        (b"&&query=x&", "x"),
        (b"query=%00", "\0"),
        (b"%71uery=x", "x"),
    ],
)
def test_parameters_are_decoded_once(raw: bytes, value: str) -> None:
    """Percent-encoding is undone exactly once, as UTF-8."""
    assert read_parameters(raw, "address").all("query") == (value,)


@pytest.mark.parametrize(
    "raw", [b"query=%", b"query=%4", b"query=%zz", b"query=%FF", b"query=\xc3", b"query=%C0%80"]
)
def test_what_is_not_utf8_is_refused(raw: bytes) -> None:
    """Stray percent signs and bytes that are not UTF-8 are faults of the request, never replaced."""
    with pytest.raises(CicakgError) as caught:
        read_parameters(raw, "address")
    assert caught.value.code == "bad-encoding"


def test_several_queries_are_refused() -> None:
    """SPARQL 1.1 Protocol, 2.1: exactly one query parameter."""
    with pytest.raises(CicakgError, match="2 query parameters"):
        the_query(read_parameters(b"query=ASK%7B%7D&query=ASK%7B%7D", "body"))


def test_graphs_keep_their_order_and_lose_repetitions() -> None:
    """default-graph-uri may be repeated; the same graph twice is one graph."""
    given = read_parameters(
        b"default-graph-uri=urn:b&default-graph-uri=urn:a&default-graph-uri=urn:b", "address"
    )
    assert read_graphs(given, "default-graph-uri") == ("urn:b", "urn:a")


@pytest.mark.parametrize("value", [b"", b"people", b"http://e/%20x", b"http://e/%3E"])
def test_a_graph_is_an_absolute_iri(value: bytes) -> None:
    """A graph that is no absolute IRI is refused by name."""
    with pytest.raises(CicakgError, match="named-graph-uri"):
        read_graphs(read_parameters(b"named-graph-uri=" + value, "address"), "named-graph-uri")


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [("0.5", 0.5), ("30", 30.0), ("31", 30.0), ("999999999", 30.0), ("1e3", 30.0), ("1e-1", 0.1)],
)
def test_timeout_only_lowers(asked: str, seconds: float) -> None:
    """A caller may lower the time budget and never raise it."""
    assert lowered(Budget(seconds=30.0), [asked]).seconds == seconds


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "nan", "inf", "1e-9", "0.0009", "٣", "", "0.0"])
def test_timeout_is_a_number_above_zero(asked: str) -> None:
    """Anything else is refused with a sentence that shows an example."""
    with pytest.raises(CicakgError, match="seconds"):
        lowered(Budget(), [asked])
