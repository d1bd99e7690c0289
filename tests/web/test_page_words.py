"""No word of a page stands outside the words: in the templates, and in what they become."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from jinja2 import nodes
from serving import RunningServer
from web_playing import Live

from cicakg.vocab import PREFIXES
from cicakg.web.rendering import TEMPLATES, make_renderer
from cicakg.web.site import Site
from cicakg.web.wording import LANGUAGES, Words, read_wordings

WORDINGS = read_wordings()
RENDERER = make_renderer("0", WORDINGS)
LETTER = re.compile(r"[^\W\d_]")
# Its name is the same everywhere; the example is SPARQL.
SAID_ALIKE = {"cicakg", "– cicakg", "SELECT * WHERE { ?s ?p ?o } LIMIT 10"}
# What is no word of the interface: literals, names and codes are isolated, code is code, a tag is a tag.
OTHERS = {"bdi", "pre", "code", "textarea", "time", "style"}
SPOKEN = {"aria-label", "title", "placeholder", "alt", "value"}
VOID = {"meta", "link", "input", "br"}
EXPRESSION = "\ufffc"


class Texts(HTMLParser):
    """Collects the texts of a page that are neither isolated nor said by the words, which are marked ⟦…⟧."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[str] = []
        self._depth = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element, and what its attributes say."""
        given = dict(attrs)
        is_tag = given.get("class") == "tag"
        if tag not in VOID:
            self._open.append("bdi" if is_tag else tag)
        if not is_tag and given.get("type") != "hidden":
            self.found += [_outside(value or "") for name, value in attrs if name in SPOKEN]

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag not in VOID and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Note what is not said by the words, which may have markup within."""
        for part in re.split("([⟦⟧])", data):
            self._depth += {"⟦": 1, "⟧": -1}.get(part, 0)
            if self._depth == 0 and not OTHERS & set(self._open):
                self.found.append(part)


def _outside(text: str) -> str:
    while "⟦" in text:
        shorter = re.sub("⟦[^⟦⟧]*⟧", "", text)
        if shorter == text:
            break
        text = shorter
    return text


def _words(texts: list[str]) -> list[str]:
    isolated = (re.sub("\u2068[^\u2069]*\u2069", "", one) for one in texts)  # names in the title of a page
    stripped = (one.replace(EXPRESSION, "").strip(" \n\u2068\u2069") for one in isolated)
    return [one for one in stripped if LETTER.search(one) and one not in SAID_ALIKE]


def _source(node: nodes.Node) -> Iterator[str]:
    """Yield the text of a template in its order, with a sign for each expression."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from (
                _source(part) if isinstance(part, nodes.TemplateData) else [EXPRESSION, *_printed(part)]
            )
    elif not isinstance(node, nodes.Expr):
        for one in node.iter_child_nodes():
            yield from _source(one)


def _printed(node: nodes.Node) -> Iterator[str]:
    """Yield the texts that an expression prints as they stand in it."""
    match node:
        case nodes.Const(value=str() as text):
            yield text
        case nodes.CondExpr():
            yield from _printed(node.expr1)
            if node.expr2 is not None:
                yield from _printed(node.expr2)
        case nodes.Concat():
            for one in node.nodes:
                yield from _printed(one)
        case nodes.Add():
            yield from _printed(node.left)
            yield from _printed(node.right)


TEMPLATE_NAMES = sorted(path.name for path in TEMPLATES.iterdir())


@pytest.mark.parametrize("name", TEMPLATE_NAMES)
def test_template_says_nothing_by_itself(name: str) -> None:
    """Every text of a template is an expression, a name or code."""
    tree = RENDERER.environment.parse((TEMPLATES / name).read_text())
    assert _words(Texts("".join(_source(tree))).found) == []


def test_the_walk_finds_a_word() -> None:
    """The test above can fail: a word in a text, in an attribute, in an expression."""
    source = '<p>One {{ x }}</p><a title="Two">{{ "Three" if x else "" }}</a><bdi>name</bdi>'
    tree = RENDERER.environment.parse(source)
    assert set(_words(Texts("".join(_source(tree))).found)) == {"One", "Two", "Three"}


@pytest.mark.parametrize("name", TEMPLATE_NAMES)
def test_template_uses_words_that_exist(name: str) -> None:
    """A key written out in a template has words, with the placeholders it is given."""
    tree = RENDERER.environment.parse((TEMPLATES / name).read_text())
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in {"say", "plain"}:
            key = call.args[0]
            if not isinstance(key, nodes.Const):
                continue
            entry = WORDINGS["en"].words[key.value]
            sentence = entry if isinstance(entry, str) else entry["other"]
            given = {one.key for one in call.kwargs}
            assert set(re.findall(r"\{(\w+)\}", sentence)) <= given, key.value


def _used_keys() -> Iterator[str]:
    for name in TEMPLATE_NAMES:
        tree = RENDERER.environment.parse((TEMPLATES / name).read_text())
        yield from (str(one.value) for one in tree.find_all(nodes.Const))


def test_no_word_is_without_use() -> None:
    """Every key stands in a template, whole or by its beginning, or belongs to a table that the program
    looks up.
    """
    used = set(_used_keys()) | {"frame/true", "frame/false"}
    looked_up = {"term", "language", "fault", "advice", "operation", "parameter", "response"}
    beginnings = tuple(one for one in used if one.endswith(("/", "-")) and "/" in one.rstrip("/"))
    unused = [
        key
        for key in WORDINGS["en"].words
        if key not in used and key.split("/")[0] not in looked_up and not key.startswith(beginnings)
    ]
    assert unused == []


def _marked(words: Words) -> Words:
    """Return *words* as of a language in which everything is marked."""
    return {
        key: f"⟦{entry}⟧" if isinstance(entry, str) else {form: f"⟦{text}⟧" for form, text in entry.items()}
        for key, entry in words.items()
    }


@pytest.fixture(scope="module")
def marked_site(site: Site) -> Site:
    """The site in the made-up language."""
    marked = replace(WORDINGS["en"], words=_marked(WORDINGS["en"].words))
    return replace(site, wordings=dict.fromkeys(LANGUAGES, marked))


@pytest.fixture(scope="module")
def marked_http(toy_data: Path, marked_site: Site) -> Iterator[httpx.Client]:
    """A client of a server whose words are all marked."""
    live = Live(toy_data, marked_site)
    live.start()
    with httpx.Client(base_url=live.address, timeout=20, headers={"accept": "text/html"}) as client:
        yield client
    live.stop()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/query",
        "/query?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
        "/query?query=SELECT%20*%20%7B%20%3Fs%20%3Fs%20%3Fs%20%7D",
        "/query?query=ASK%7B%7D",
        "/query?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
        "/query?query=SELECT",
        "/queries",
        "/query/001-who-hosts",
        "/entities",
        "/graphs",
        "/docs",
        "/ontology",
        "/id/toyland",
        "/id/toy-council",
        "/id/toy-summit",
        "/article/2020-kk-toy",
        "/concept/modality",
        "/concept/modality/plan",
        "/graph/facts",
        "/graph/2020-kk-toy",
        "/nothing",
    ],
)
def test_page_says_nothing_outside_the_words(marked_http: httpx.Client, path: str) -> None:
    """What a reader sees is words of the interface, or isolated as a literal, a name or code."""
    text = marked_http.get(path).text
    assert "⟦" in text
    assert _words(Texts(text).found) == []


def test_every_term_of_other_vocabularies_has_words(server: RunningServer) -> None:
    """What the dataset says with terms of others, it says in words: the data have no labels for them."""
    query = "SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term } }"
    found = httpx.get(server.endpoint, params={"query": query, "format": "csv"}, timeout=30).text.split()[1:]
    ours = PREFIXES["cica"]
    names = {_short(iri) for iri in found if not iri.startswith(ours)}
    assert len(names) >= 50
    assert [one for one in sorted(names) if WORDINGS["en"].term(one) is None] == []


def _short(iri: str) -> str:
    return next(
        (f"{name}:{iri.removeprefix(space)}" for name, space in PREFIXES.items() if iri.startswith(space)),
        iri,
    )
