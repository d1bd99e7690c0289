"""Pages and resolvable IRIs over the toy data: RDF and HTML say the same, and nothing of the data is lost
or runs.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyoxigraph import RdfFormat, Triple, parse

from cicakg.sparql.formats import ResultKind, formats_of
from cicakg.vocab import term

BASE = "https://w3id.org/cicakg/"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    "/",
    "/query",
    "/query?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
    "/queries",
    "/query/001-who-hosts",
    "/entities",
    "/graphs",
    "/docs",
    "/ontology",
    "/ontology/0.1.0",
    "/id/toyland",
    "/id/toy-council",
    "/article/2020-kk-toy",
    "/concept/modality",
    "/concept/modality/plan",
    "/graph/facts",
    "/graph/2020-kk-toy",
]
RESOURCES = [one for one in PAGES if one.startswith(("/id", "/article", "/concept", "/ontology", "/graph/"))]


class Page(HTMLParser):
    """The elements of a page: what is open at its end, ids, links, and how literals are marked."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.scripts = 0
        self.bdi: dict[str, tuple[str | None, str | None]] = {}
        self._bdi: tuple[str | None, str | None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        given = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src", "action"} and value]
        self.scripts += tag == "script" or any(name.startswith("on") or name == "style" for name, _ in attrs)
        if tag == "bdi":
            self._bdi = (given.get("lang"), given.get("dir"))

    def handle_endtag(self, tag: str) -> None:
        """Elements close in the order they opened."""
        assert self.open.pop() == tag
        self._bdi = None

    def handle_data(self, data: str) -> None:
        """Note how a text is isolated."""
        if self._bdi is not None:
            self.bdi[data] = self._bdi


def _page(http: httpx.Client, path: str) -> Page:
    answer = http.get(path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def _triples(http: httpx.Client, path: str) -> set[Triple]:
    answer = http.get(path, headers={"accept": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    return {quad.triple for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize("path", PAGES)
def test_page_is_whole_and_safe(http: httpx.Client, path: str) -> None:
    """Every page is well-formed, has unique ids, no script or inline style, and asks no other host for
    anything.
    """
    answer = http.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    page = Page(answer.text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.scripts == 0
    assert "<script>alert" not in answer.text
    assert re.search(r'<(?:img|script|iframe|link rel="stylesheet")[^>]+//', answer.text) is None


@pytest.mark.parametrize("path", PAGES)
def test_links_of_ours_lead_somewhere(http: httpx.Client, path: str) -> None:
    """Every link to this server is answered, and every fragment is an id of the page it leads to."""
    seen: dict[str, Page | None] = {}
    for link in _page(http, path).links:
        if not link.startswith(("/", "#")):
            continue
        target, _, fragment = link.partition("#")
        target = target or path
        if target not in seen:
            answer = http.get(target, headers=BROWSER, follow_redirects=True)
            # An entity that is only named, as in the toy data, is no dead end of the pages.
            assert answer.status_code == 200 or "ontology" in target, (link, answer.status_code)
            is_page = answer.headers["content-type"].startswith("text/html")
            seen[target] = Page(answer.text) if is_page else None
        page = seen[target]
        if fragment and page is not None and "/ontology" not in target:
            assert fragment in page.ids, link


@pytest.mark.parametrize("path", RESOURCES)
def test_resource_in_every_format_is_the_same_graph(http: httpx.Client, path: str) -> None:
    """Each RDF format, by Accept and by ?format=, gives the same triples; the page links to each of them."""
    expected = _triples(http, path)
    assert expected
    page = http.get(path, headers=BROWSER)
    for one in formats_of(ResultKind.GRAPH):
        assert isinstance(one.engine, RdfFormat)
        accepted = http.get(path, headers={"accept": one.media_type})
        named = http.get(path, params={"format": one.name}, headers=BROWSER)
        for answer in (accepted, named):
            assert answer.headers["content-type"] == one.content_type
            assert {quad.triple for quad in parse(answer.content, format=one.engine)} == expected
        assert f"{path}?format={one.name}" in page.text
        assert f'<{path}?format={one.name}>; rel="alternate"; type="{one.media_type}"' in page.headers["link"]


def test_entity_in_rdf_has_names_facts_and_claims_with_their_evidence(http: httpx.Client) -> None:
    """An entity's RDF is complete: a claim about it never comes without modality and evidence."""
    found = _triples(http, "/id/toyland")
    text = {(str(one.subject), str(one.predicate), str(one.object)) for one in found}
    claim = f"<{BASE}article/2020-kk-toy#c02>"
    span = f"<{BASE}article/2020-kk-toy#char=20,44>"
    me = f"<{BASE}id/toyland>"
    assert (me, str(term("skos:prefLabel")), '"Ойыншық елі"@kk') in text
    assert (f"<{BASE}id/toy-daily>", str(term("cica:place")), me) in text
    assert (claim, str(term("rdf:object")), me) in text
    assert (claim, str(term("cica:modality")), f"<{BASE}concept/modality/plan>") in text
    assert (claim, str(term("cica:evidence")), span) in text
    assert any(one[0] == span and one[1] == str(term("oa:start")) for one in text)
    assert any(one[1] == str(term("dcterms:issued")) for one in text)
    assert not any("#c01" in part for one in text for part in one)


def test_article_in_rdf_is_its_whole_graph(http: httpx.Client) -> None:
    """An article and its named graph hold the same triples."""
    assert _triples(http, "/article/2020-kk-toy") == _triples(http, "/graph/2020-kk-toy")


def test_article_page_has_claims_quotations_and_spans_as_fragments(http: httpx.Client) -> None:
    """Claim, quotation and span IRIs lead to their place on the article's page."""
    ids = _page(http, "/article/2020-kk-toy").ids
    assert {"c01", "c02", "c03", "q1", "char=0,2", "char=3,17", "char=20,44", "char=50,60"} <= set(ids)


def test_claims_stand_in_text_order(http: httpx.Client) -> None:
    """Claims are ordered by where their evidence starts."""
    ids = [one for one in _page(http, "/article/2020-kk-toy").ids if re.fullmatch(r"c[0-9]+", one)]
    assert ids == ["c01", "c02", "c03"]


def test_a_plan_is_marked_as_one_wherever_it_is_shown(http: httpx.Client) -> None:
    """A plan never looks done: its badge stands on the entity's and on the article's page, and no fact says
    it.
    """
    for path in ("/id/toyland", "/id/toy-summit", "/article/2020-kk-toy"):
        text = http.get(path, headers=BROWSER).text
        assert re.search(r'class="badge modality-plan"><bdi[^>]*>plan</bdi>', text), path
    assert ">host<" not in http.get("/graph/facts", headers=BROWSER).text


def test_a_denied_claim_says_so(http: httpx.Client) -> None:
    """Negation is shown beside the modality."""
    assert ">denied<" in http.get("/article/2020-kk-toy", headers=BROWSER).text


def test_literals_are_isolated_with_language_and_direction(http: httpx.Client) -> None:
    """Every name stands in a bdi with its language and its direction; IRIs read left to right."""
    bdi = _page(http, "/id/toyland").bdi
    assert bdi["بلد الألعاب"] == ("ar", "rtl")
    assert bdi["Ойыншық елі"] == ("kk", "ltr")
    assert bdi["Oıynshyq eli"] == ("kk-Latn", "ltr")
    assert bdi[BASE + "id/toyland"] == (None, "ltr")


def test_markup_in_data_is_text(http: httpx.Client) -> None:
    """Angle brackets and ampersands of a label are shown, not obeyed."""
    assert "Toy &lt;Council&gt; &amp; Friends" in http.get("/id/toy-council", headers=BROWSER).text
    assert "&lt;script&gt;alert(1)" in http.get("/article/2020-kk-toy", headers=BROWSER).text


@pytest.mark.parametrize(
    ("path", "accept_language", "heading", "content_language"),
    [
        ("/id/toyland", "en", "Toyland", "en"),
        ("/id/toyland", "ar-EG, en;q=0.5", "بلد الألعاب", "ar"),
        ("/id/toyland?lang=kk", "ar", "Ойыншық елі", "kk"),
        # Malay readers get English where there is no Malay label, Kazakh readers Russian before English
        ("/id/toyland", "ms", "Toyland", "ms"),
        ("/id/toy-summit", "kk", "Саммит игрушек", "kk"),
        ("/id/toy-summit", "kk, en;q=0.5", "Toy summit", "kk"),
        ("/id/toyland", "xx, *", "Toyland", "en"),
        # labels in a language the interface does not come in
        ("/id/toyland?lang=de", "", "Spielland", "en"),
    ],
)
def test_language_of_labels(
    http: httpx.Client, path: str, accept_language: str, heading: str, content_language: str
) -> None:
    """?lang= wins over Accept-Language, which wins over English; the answer says what it gave and varies by
    it.
    """
    answer = http.get(path, headers={**BROWSER, "accept-language": accept_language})
    shown = re.search(r"<h1><bdi[^>]*>([^<]*)</bdi>", answer.text)
    assert shown is not None
    assert shown[1] == heading
    assert answer.headers["content-language"] == content_language
    assert (
        f'<html lang="{content_language}" dir="{"rtl" if content_language == "ar" else "ltr"}">'
        in answer.text
    )
    assert {"accept", "accept-language", "cookie"} <= set(re.split(r",\s*", answer.headers["vary"].lower()))


def test_a_text_that_falls_back_has_its_tag(http: httpx.Client) -> None:
    """A reader sees which language a label is in, wherever it is not the one they asked for."""
    tagged = r'<h1><bdi lang="{0}" dir="ltr">[^<]*</bdi> <span class="tag" title="{1}">{0}</span></h1>'
    summit = http.get("/id/toy-summit?lang=ms", headers=BROWSER).text
    assert re.search(tagged.format("en", "bahasa Inggeris"), summit)
    assert re.search(r"<h1><bdi[^>]*>[^<]*</bdi></h1>", http.get("/id/toyland?lang=ar", headers=BROWSER).text)
    # one asked for German and gets it in an English frame: neither needs a tag
    assert re.search(
        r"<h1><bdi[^>]*>Spielland</bdi></h1>", http.get("/id/toyland?lang=de", headers=BROWSER).text
    )
    # within lists and claims, too
    claims = http.get("/article/2020-kk-toy?lang=ar", headers=BROWSER).text
    assert re.search(r'>Toy summit</bdi></a> <span class="tag" title="الإنجليزية">en</span>', claims)


@pytest.mark.parametrize(
    ("tag", "words"),
    [("en", "6 May 2020"), ("ar", "6 مايو 2020"), ("ms", "6 Mei 2020"), ("ru", "6 мая 2020")],
)
def test_dates_are_in_words_and_as_data(http: httpx.Client, tag: str, words: str) -> None:
    """A date is said as the reader says it, and stands beside it in the form programs read."""
    text = http.get(f"/article/2020-kk-toy?lang={tag}", headers=BROWSER).text
    assert re.search(rf'<bdi><time datetime="2020-05-06">{words}', text)
    home = http.get(f"/?lang={tag}", headers=BROWSER).text
    assert re.search(rf'<td><bdi><time datetime="2020-05-06">{words}', home)


def test_results_keep_what_is_written(http: httpx.Client) -> None:
    """In a table of results a date has its data beside the words, and a number no separator."""
    query = 'SELECT * { BIND("2020-05"^^xsd:gYearMonth AS ?date) BIND(2020 AS ?year) BIND(true AS ?yes) }'
    prefix = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    text = http.get("/query", params={"query": prefix + query, "lang": "ru"}, headers=BROWSER).text
    assert '<time datetime="2020-05">май 2020' in text
    assert '<bdi class="name" dir="ltr">2020-05 xsd:gYearMonth</bdi>' in text
    assert '<bdi dir="ltr">2020</bdi> <bdi class="name" dir="ltr">xsd:integer</bdi>' in text
    assert '<bdi dir="ltr">true</bdi>' in text


def test_terms_of_others_are_in_words(http: httpx.Client) -> None:
    """What the data has no label for is said in the language of the interface."""
    text = http.get("/article/2020-kk-toy?lang=kk", headers=BROWSER).text
    assert ">жарияланған күні</bdi>" in text
    assert "dcterms:issued<" not in text
    # the value, a language tag, is a language's name
    assert ">қазақ тілі</bdi>" in text


def test_a_chosen_language_stays(http: httpx.Client) -> None:
    """Links of a page opened with ?lang= carry it along."""
    links = _page(http, "/id/toyland?lang=ar").links
    assert "/article/2020-kk-toy?lang=ar#c02" in links


@pytest.mark.parametrize(
    "path",
    [
        "/id/nobody",
        "/article/1999-xx-none",
        "/concept/none",
        "/concept/modality/none",
        "/graph/none",
        "/query/9-none",
        "/ontology/9",
    ],
)
def test_unknown_names_are_404(http: httpx.Client, path: str) -> None:
    """What the graph says nothing of is not found, as a page and as RDF."""
    for accept in ("text/html", "text/turtle"):
        assert http.get(path, headers={"accept": accept}).status_code == 404


@pytest.mark.parametrize(
    "slug",
    ["x%3E%20%7D%20UNION%20%7B%20%3Fs%20%3Fp%20%3Fo", "x%5Cu003E", "a%22b", "%7B%7D", "x%0a%7D", "%E2%80%8F"],
)
def test_a_slug_cannot_change_the_query(http: httpx.Client, slug: str) -> None:
    """Characters that could end an IRI in a query make an unknown name, never another query."""
    for space in ("id", "article", "concept", "graph"):
        assert http.get(f"/{space}/{slug}", headers={"accept": "text/turtle"}).status_code == 404


def test_unchanged_resource_is_304(http: httpx.Client) -> None:
    """Pages and RDF have entity tags, each format and language its own."""
    tags = set()
    for headers in (
        {"accept": "text/turtle"},
        {"accept": "text/html"},
        {"accept": "text/html", "accept-language": "ar"},
    ):
        tag = http.get("/id/toyland", headers=headers).headers["etag"]
        tags.add(tag)
        again = http.get("/id/toyland", headers={**headers, "if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
    assert len(tags) == 3


def test_unacceptable_resource_is_406(http: httpx.Client) -> None:
    """A format a resource does not come in is refused with those it does come in."""
    answer = http.get("/id/toyland", headers={"accept": "image/png"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert "text/turtle" in answer.json()["fix"]
    assert http.get("/id/toyland?format=csv").status_code == 406
    assert http.get("/id/toyland?format=docx").status_code == 400


def test_query_page_shows_labels_names_and_downloads(http: httpx.Client) -> None:
    """A result is a table with labels beside IRIs, and links to the same result in each format."""
    query = "SELECT ?s { ?s a <https://w3id.org/cicakg/ontology#State> }"
    answer = http.get("/query", params={"query": query, "lang": "ar"}, headers=BROWSER)
    page = Page(answer.text)
    assert page.bdi["بلد الألعاب"] == ("ar", "rtl")
    assert page.bdi["id:toyland"] == (None, "ltr")
    assert "/id/toyland?lang=ar" in page.links
    downloads = [link for link in page.links if link.startswith("/sparql?")]
    assert [parse_qs(urlsplit(link).query)["format"] for link in downloads] == [
        ["json"],
        ["xml"],
        ["csv"],
        ["tsv"],
    ]
    assert all(parse_qs(urlsplit(link).query)["query"] == [query] for link in downloads)
    assert http.get(downloads[2]).text.split() == ["s", BASE + "id/toyland"]


def test_query_page_keeps_the_query_at_a_fault(http: httpx.Client) -> None:
    """A fault is shown where the query is, with its status, and the query stays as it was."""
    query = "SELECT * WHERE { ?s ?p </textarea><script>alert(1)</script>"
    answer = http.get("/query", params={"query": query}, headers=BROWSER)
    assert answer.status_code == 400
    assert "&lt;/textarea&gt;&lt;script&gt;" in answer.text
    assert 'role="alert"' in answer.text
    assert "<script>" not in answer.text


def test_query_page_honours_dataset_and_timeout(http: httpx.Client) -> None:
    """What a browser brings along from /sparql counts on the page: graphs, time; both stay in the form."""
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    params = {"query": query, "default-graph-uri": BASE + "graph/facts", "timeout": "1"}
    answer = http.get("/query", params=params, headers=BROWSER)
    assert re.search(r"<td><bdi[^>]*>2</bdi>", answer.text)
    assert f'<input type="hidden" name="default-graph-uri" value="{BASE}graph/facts">' in answer.text
    assert "at most 1 second " in answer.text


def test_query_page_for_ask_and_construct(http: httpx.Client) -> None:
    """A boolean is a word, a graph is a table of three columns."""
    assert "Yes (true)" in http.get("/query", params={"query": "ASK {}"}, headers=BROWSER).text
    graph = http.get("/query", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers=BROWSER).text
    assert "<bdi>predicate</bdi>" in graph


def test_query_page_says_when_it_cuts(http: httpx.Client) -> None:
    """A page shows the first thousand rows and says so; the download has all."""
    numbers = "SELECT ?x { " + " ".join(f"VALUES ?{name} {{ {' '.join('0123456789')} }}" for name in "abcd")
    query = numbers + " BIND(?a AS ?x) }"
    answer = http.get("/query", params={"query": query}, headers=BROWSER)
    assert "The first 1,000 rows" in answer.text
    assert answer.text.count("<tr>") == 1001
    assert len(http.get("/sparql", params={"query": query, "format": "csv"}).text.splitlines()) == 10_001


def test_example_is_its_iri(http: httpx.Client) -> None:
    """An example's IRI resolves to its page and its RDF; /query itself stays the query page."""
    page = http.get("/query/001-who-hosts", headers=BROWSER).text
    assert "Who hosts?" in page
    assert "من يستضيف؟" in page
    assert any(one.predicate == term("rdfs:label") for one in _triples(http, "/query/001-who-hosts"))


def test_example_runs_from_its_link(http: httpx.Client) -> None:
    """The link on the home page leads to the answer."""
    link = next(link for link in _page(http, "/").links if link.startswith("/query?query="))
    assert "Toy summit" in http.get(link, headers=BROWSER).text


def test_home_counts(http: httpx.Client) -> None:
    """The figures are those of the toy data: one article, three claims, two facts, four entities, one
    quotation.
    """
    text = http.get("/", headers=BROWSER).text
    for count, name in ((1, "articles"), (3, "claims"), (2, "facts"), (4, "entities"), (1, "quotations")):
        assert f"<strong>{count}</strong> {name}" in text


def test_void_is_found_where_it_is_looked_for(http: httpx.Client) -> None:
    """https://www.w3.org/TR/void/, 7.2: /.well-known/void leads to the description."""
    answer = http.get("/.well-known/void")
    assert (answer.status_code, answer.headers["location"]) == (303, "/graph/void")


def test_assets_are_served_with_their_type(http: httpx.Client) -> None:
    """The style sheet the pages name is there."""
    link = next(link for link in _page(http, "/").links if ".css" in link)
    assert http.get(link).headers["content-type"].startswith("text/css")
