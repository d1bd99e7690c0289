"""Content codings by Accept-Encoding (RFC 9110, section 12.5.3), over the application and over the wire."""

from __future__ import annotations

import gzip
import json
from importlib.util import find_spec

import httpx
import pytest
from web_playing import AppClient, Live, PlayedPool

from cicakg.web import codings
from cicakg.web.app import create_app
from cicakg.web.codings import Coding, choose_coding, find_codings
from cicakg.web.keeping import ResultCache
from cicakg.web.site import Site
from cicakg.web.upkeep import Upkeep

ASK = "/sparql?query=ASK%7B%7D"
BOTH = (Coding("br", find_codings()[-1].make), Coding("gzip", find_codings()[-1].make))
HAS_BROTLI = find_spec("brotli") is not None


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, br", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("gzip;q=0.5, identity", "identity"),
        ("gzip;q=0.5, identity;q=0.5", "gzip"),
        ("gzip;q=0", "identity"),
        ("*", "br"),
        ("*, br;q=0", "gzip"),
        ("*;q=0", None),
        ("*;q=0, identity", "identity"),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=0", None),
        ("identity;q=0, *", "br"),
        ("identity;q=0, gzip;q=0.001", "gzip"),
        ("identity;q=0, deflate, zstd", None),
        ("deflate, zstd", "identity"),
        ("gzip;q=0.0001x, br;q=nonsense", "identity"),
    ],
)
def test_choice(header: str | None, name: str | None) -> None:
    """Quality first, exclusions hold, no coding is acceptable unless excluded, smaller wins a tie."""
    chosen = choose_coding(header, BOTH)
    assert (chosen.name if isinstance(chosen, Coding) else chosen) == name


def test_without_its_library_brotli_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server runs with what is there; gzip always is."""

    def missing(_: str) -> None:
        raise ImportError

    monkeypatch.setattr(codings, "import_module", missing)
    assert [one.name for one in find_codings()] == ["gzip"]


@pytest.mark.skipif(not HAS_BROTLI, reason="brotli is not installed here")
def test_brotli_reads_back() -> None:
    """What is written in pieces as br is what the library reads."""
    import brotli  # type: ignore[import-not-found, import-untyped, unused-ignore]  # noqa: PLC0415

    coding = next(one for one in find_codings() if one.name == "br")
    compressor = coding.make()
    data = b"".join(compressor.compress(b"%07d\n" % number) for number in range(50_000)) + compressor.flush()
    assert brotli.decompress(data) == b"".join(b"%07d\n" % number for number in range(50_000))


def test_small_answers_stay_plain(client: AppClient) -> None:
    """Below the bound a coding costs more than it saves; Vary is said all the same."""
    answer = client.get(ASK, accept_encoding="gzip")
    assert "content-encoding" not in answer.headers
    assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.parametrize("cache_bytes", [0, 1 << 24])
@pytest.mark.parametrize("size", [2_000, 300_000, 1_500_000])
def test_large_answers_are_compressed_and_whole(
    site: Site, pool: PlayedPool, cache_bytes: int, size: int
) -> None:
    """With and without the cache, in one piece and in many: the same bytes come out, tag and Vary stay, and
    HEAD says the same of the coding.
    """
    pool.body = b"".join(b"%09d\n" % number for number in range(size // 10))
    client = AppClient(create_app(pool, site, Upkeep(cache=ResultCache(cache_bytes))))
    plain = client.get(ASK, accept_encoding="identity")
    for _ in range(2):
        answer = client.get(ASK, accept_encoding="gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == plain.content == pool.body
        assert answer.headers["etag"] == plain.headers["etag"]
        assert answer.headers["vary"] == plain.headers["vary"]
        head = client.request("HEAD", ASK, {"accept-encoding": "gzip"})
        assert (head.headers["content-encoding"], head.content) == ("gzip", b"")
        assert head.headers.get("content-length") in {None, answer.headers.get("content-length")}


def test_the_tag_of_a_compressed_answer_gives_304(client: AppClient, pool: PlayedPool) -> None:
    """A caller that holds the answer in one coding need not fetch it in another: the weak tag is of both."""
    pool.body = b"x" * 5_000
    tag = client.get(ASK, accept_encoding="gzip").headers["etag"]
    for coding in ("gzip", "identity"):
        answer = client.get(ASK, accept_encoding=coding, if_none_match=tag)
        assert (answer.status_code, answer.content) == (304, b"")
        assert "content-encoding" not in answer.headers


def test_nothing_acceptable_is_406(client: AppClient, pool: PlayedPool) -> None:
    """Where no coding and not the plain answer is taken, the answer says what there is."""
    answer = client.get(ASK, accept_encoding="identity;q=0, zstd")
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert "gzip" in answer.json()["fix"]
    assert pool.asked == []


@pytest.mark.parametrize("path", ["/", "/docs", "/openapi.json", "/static/cicakg.css", "/sparql"])
def test_every_kind_of_answer_over_the_wire(live: Live, path: str) -> None:
    """Pages, documents, assets and descriptions are compressed, whole, and state a weak tag only."""
    headers = {"accept": "text/html" if path in {"/", "/docs"} else "*/*"}
    plain = httpx.get(live.address + path, headers=headers | {"accept-encoding": "identity"})
    answer = httpx.get(live.address + path, headers=headers | {"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == plain.content
    assert answer.num_bytes_downloaded < len(plain.content)
    for one in (plain, answer):
        assert "accept-encoding" in one.headers["vary"].lower()
    assert answer.headers.get("etag", 'W/"').startswith('W/"')
    again = httpx.get(
        live.address + path,
        headers=headers | {"accept-encoding": "gzip", "if-none-match": answer.headers.get("etag", '"-"')},
    )
    assert again.status_code == (304 if "etag" in answer.headers else 200)


def test_problems_are_problems_in_any_coding(live: Live) -> None:
    """An error is read like an answer, whatever coding was asked for."""
    with httpx.stream(
        "GET", live.address + "/sparql?query=NONSENSE", headers={"accept-encoding": "gzip"}
    ) as answer:
        raw = b"".join(answer.iter_raw())
    if answer.headers.get("content-encoding") == "gzip":
        raw = gzip.decompress(raw)
    assert json.loads(raw)["code"] == "query-syntax"
