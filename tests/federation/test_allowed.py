"""The allow-list: part by part, on the border of path segments, and nothing that can be read in two ways."""

from __future__ import annotations

import pytest

from cicakg.errors import CicakgError
from cicakg.federation.allowed import read_allowed

SPARQL = "https://data.example.org/sparql"


@pytest.mark.parametrize(
    ("prefix", "iri"),
    [
        (SPARQL, SPARQL),
        (SPARQL, SPARQL + "/"),
        (SPARQL, SPARQL + "/sub/set"),
        (SPARQL + "/", SPARQL + "/sub"),
        ("https://data.example.org", SPARQL),
        ("https://data.example.org/", SPARQL),
        ("https://data.example.org:443/", SPARQL),
        ("HTTPS://Data.Example.ORG/sparql", SPARQL),
        (SPARQL, "HTTPS://DATA.example.org:443/sparql"),
        ("http://xn--80ak6aa92e.example/", "http://аррӏе.example/q"),
        ("http://аррӏе.example/", "http://XN--80AK6AA92E.example/q"),
        ("http://a.example/деректер", "http://a.example/%d0%b4еректер/x"),
        ("http://127.0.0.1:7878/", "http://127.0.0.1:7878/query"),
        ("http://[::1]/", "http://[0:0:0:0:0:0:0:1]/sparql"),
        (SPARQL + "?default-graph-uri=http%3A%2F%2Fe%2F", SPARQL + "?default-graph-uri=http%3a%2f%2fe%2f"),
        ("http://a.example/x", "http://a.example/x/a%20b"),
    ],
)
def test_allowed(prefix: str, iri: str) -> None:
    """The same place however it is written, and what lies below it (RFC 3986, section 6.2.2)."""
    assert read_allowed([prefix]).find(iri) is not None


@pytest.mark.parametrize(
    "iri",
    [
        "http://data.example.org/sparql",
        "https://data.example.org:8443/sparql",
        "https://data.example.org/sparqlx",
        "https://data.example.org/spar",
        "https://data.example.org/",
        "https://data.example.org/Sparql",
        "https://data.example.org.evil.example/sparql",
        "https://evil.example/https://data.example.org/sparql",
        "https://evil.example/sparql#https://data.example.org/sparql",
        "https://data.example.org@evil.example/sparql",
        "https://data.example.org:443@evil.example/sparql",
        "https://user@data.example.org/sparql",
        "https://user:pass@data.example.org/sparql",
        "https://@data.example.org/sparql",
        "https://data.example.org%2eevil.example/sparql",
        "https://data.example.org%00.evil.example/sparql",
        "https://data.example.org./sparql",
        "https://.data.example.org/sparql",
        "https://data.example.org/sparql/../admin",
        "https://data.example.org/sparql/..",
        "https://data.example.org/sparql/./x",
        "https://data.example.org/sparql/%2e%2e/admin",
        "https://data.example.org/sparql/.%2E/admin",
        "https://data.example.org/sparql/%252e%252e/admin",
        "https://data.example.org/sparql/..;x=1/admin",
        "https://data.example.org/sparql/..%2fadmin",
        "https://data.example.org/sparql/..\\admin",
        "https://data.example.org/sparql%2f..%2fadmin",
        "https://data.example.org/sparql%",
        "https://data.example.org/sparql%zz",
        "https://data.example.org/s%70arql",
        "https://data.example.org/sparql?update=DROP%20ALL",
        "https://data.example.org/sparql?",
        "https://data.example.org/sparql#x",
        "https://data.example.org\\@evil.example/sparql",
        "https:data.example.org/sparql",
        "https:/data.example.org/sparql",
        "https:///data.example.org/sparql",
        "//data.example.org/sparql",
        "https://data.example.org:/sparql",
        "https://data.example.org:443:80/sparql",
        "https://data.example.org:99999/sparql",
        "https://data.example.org /sparql",
        "https://data.example.org\t/sparql",
        "https://data.example.org/sparql\r\nHost: evil.example",
        "ftp://data.example.org/sparql",
        "file:///sparql",
        "gopher://data.example.org/sparql",
        "unix:/sparql",
        "",
    ],
)
def test_not_allowed(iri: str) -> None:
    """Another scheme, host, port or path, and every way to look like the one that is allowed."""
    assert read_allowed([SPARQL]).find(iri) is None


@pytest.mark.parametrize(
    "iri",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0x7f.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://127.0.0.1./",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::1%25lo]/",
        "http://[::1%lo]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/",
        "http://localhost./",
        "http://127.0.0.1.nip.io/",
        "http://ⓛocalhost/",
    ],
)
def test_inside_is_not_allowed_by_a_name(iri: str) -> None:
    """No way to write loopback or metadata is below an allowed name, and none is below another address."""
    assert read_allowed(["http://data.example.org/", "http://127.0.0.2/"]).find(iri) is None


def test_nothing_is_allowed_by_default() -> None:
    """An empty list allows nothing."""
    assert read_allowed([]).find(SPARQL) is None


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "data.example.org/sparql",
        "https://",
        "https://*.example.org/",
        "file:///",
        "https://u:p@a.example/",
        "http://a.example/../x",
        "http://a.example/#x",
        "http://127.1/",
        "http://-a.example/",
        "http://a..example/",
    ],
)
def test_a_prefix_that_is_none_is_refused_at_the_start(prefix: str) -> None:
    """An operator's slip is an error with a sentence, not a list that allows something else."""
    with pytest.raises(CicakgError) as caught:
        read_allowed([prefix])
    assert caught.value.code == "bad-service-prefix"
    assert prefix in caught.value.detail


def test_what_is_called_is_what_was_compared() -> None:
    """The parts of an endpoint are those that go over the wire."""
    (prefix,) = read_allowed(["http://Аррӏе.example:80/д e".replace(" ", "%20")]).prefixes
    assert (prefix.host, prefix.port, prefix.target) == ("xn--80ak6aa92e.example", 80, "/%D0%B4%20e")
    assert str(prefix) == "http://xn--80ak6aa92e.example/%D0%B4%20e"
