"""The competency questions as values and as data, in the way of SIB's sparql-examples.

A query file ``<number>-<slug>.rq`` opens with header comments, then may comment freely, then asks::

    # title: Who chaired CICA in 2023
    # question@en: Who chaired CICA in 2023?
    # keywords: chairmanship, tenure

Source of the vocabulary: https://github.com/sib-swiss/sparql-examples and SHACL's SPARQL executables
(https://www.w3.org/TR/shacl-af/).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from cicakg.errors import CicakgError
from cicakg.languages import standard_tag
from cicakg.paths import DatasetFolder
from cicakg.sparql.outline import QUERY_FORMS, read_outline
from cicakg.vocab import BASE, GRAPH_QUERIES, RDF_TYPE, term

QUERY: Final = BASE + "query/"
ENDPOINT: Final = NamedNode(BASE + "sparql")
SIB: Final = "https://purl.expasy.org/sparql-examples/ontology#"

_NAME: Final = re.compile(r"(?P<number>[0-9]{3})-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.rq")
_HEADER: Final = re.compile(r"#[ \t]*(?P<key>[a-z]+)(?:@(?P<tag>[^\s:]*))?[ \t]*:[ \t]*(?P<value>.*?)[ \t]*")
_EXECUTABLES: Final = {
    "SELECT": (term("sh:SPARQLSelectExecutable"), term("sh:select")),
    "ASK": (term("sh:SPARQLAskExecutable"), term("sh:ask")),
    "CONSTRUCT": (term("sh:SPARQLConstructExecutable"), term("sh:construct")),
    "DESCRIBE": (NamedNode(SIB + "SPARQLDescribeExecutable"), NamedNode(SIB + "describe")),
}
_RDFS_LABEL: Final = term("rdfs:label")
_RDFS_COMMENT: Final = term("rdfs:comment")


@dataclass(frozen=True, slots=True)
class Example:
    """One competency question.

    ``number`` and ``slug`` name it (``001``, ``who-chaired-cica-in-2023``); ``questions`` is the question
    in words by language tag, English always among them; ``text`` is the query without its header comments.
    """

    number: str
    slug: str
    title: str
    questions: Mapping[str, str]
    keywords: tuple[str, ...]
    text: str
    path: Path

    @property
    def iri(self) -> str:
        """The IRI the question is known by."""
        return f"{QUERY}{self.number}-{self.slug}"


@dataclass(slots=True)
class _Header:
    """The header comments as read so far."""

    path: Path
    title: str = ""
    questions: dict[str, str] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()

    def take(self, line: int, key: str, tag: str | None, value: str) -> None:
        """Take one header comment in."""
        if not value:
            raise self.fault(line, f"the header “{key}” is empty", "Write the text after the colon.")
        if key == "question":
            self._take_question(line, tag, value)
        elif tag is not None:
            raise self.fault(line, f"the header “{key}” takes no language", f"Write “# {key}: …”.")
        elif key == "title" and not self.title:
            self.title = value
        elif key == "keywords" and not self.keywords:
            self.keywords = tuple(word.strip() for word in value.split(",") if word.strip())
        elif key in {"title", "keywords"}:
            raise self.fault(line, f"the header “{key}” stands there twice", "Leave one of them out.")
        else:
            raise self.fault(
                line, f"there is no header “{key}”", "Use title, question@<language> and keywords."
            )

    def _take_question(self, line: int, tag: str | None, value: str) -> None:
        if tag is None or standard_tag(tag) != tag:
            better = standard_tag(tag or "") or "en"
            raise self.fault(
                line,
                f"the question has the language “{tag or ''}”, which is no standard tag",
                f"Write “# question@{better}: …”.",
            )
        if tag in self.questions:
            raise self.fault(line, f"the question stands there twice in “{tag}”", "Leave one of them out.")
        self.questions[tag] = value

    def require_complete(self) -> None:
        """Raise where a header that every query needs is missing."""
        for is_there, header in (
            (self.title, "title"),
            ("en" in self.questions, "question@en"),
            (self.keywords, "keywords"),
        ):
            if not is_there:
                raise self.fault(
                    1, f"the header “{header}” is missing", f"Open the file with a line “# {header}: …”."
                )

    def fault(self, line: int, what: str, fix: str) -> CicakgError:
        """Return the error for a fault at *line*."""
        return CicakgError("example-malformed", f"{self.path}, line {line}: {what}.", fix)


def read_examples(folder: DatasetFolder) -> tuple[Example, ...]:
    """Read the queries of *folder* in the order of their numbers.

    Raises :class:`CicakgError` (``example-malformed``, ``example-unreadable``) naming file and line.
    """
    examples = tuple(_read_example(path) for path in sorted(folder.queries.glob("*.rq")))
    numbers: dict[str, Path] = {}
    for one in examples:
        if numbers.setdefault(one.number, one.path) != one.path:
            raise _Header(one.path).fault(
                1,
                f"the number {one.number} is taken by {numbers[one.number].name}",
                "Give the file another number.",
            )
    return examples


def example_quads(examples: Iterable[Example]) -> Iterator[Quad]:
    """Yield *examples* as data, in the graph :data:`cicakg.vocab.GRAPH_QUERIES`."""
    for one in examples:
        node = NamedNode(one.iri)
        for predicate, value in _statements(one):
            yield Quad(node, predicate, value, GRAPH_QUERIES)


def _statements(one: Example) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    kind, text = _EXECUTABLES[read_outline(one.text).form]
    yield RDF_TYPE, term("sh:SPARQLExecutable")
    yield RDF_TYPE, kind
    yield term("dcterms:identifier"), Literal(one.number)
    yield _RDFS_LABEL, Literal(one.title, language="en")
    for tag, question in sorted(one.questions.items()):
        yield _RDFS_COMMENT, Literal(question, language=tag)
    for word in one.keywords:
        yield term("schema:keywords"), Literal(word)
    yield term("schema:target"), ENDPOINT
    yield text, Literal(one.text)


def _read_example(path: Path) -> Example:
    name = _NAME.fullmatch(path.name)
    header = _Header(path)
    if name is None:
        raise header.fault(
            1, "the name of the file is not <three digits>-<words-in-ascii>.rq", "Rename the file."
        )
    text = _read_header(header, _read_text(path))
    header.require_complete()
    _check_query(header, text)
    return Example(name["number"], name["slug"], header.title, header.questions, header.keywords, text, path)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CicakgError(
            "example-unreadable",
            f"{path} cannot be read: {error}.",
            "Save it as UTF-8 text that this user may read.",
        ) from error


def _read_header(header: _Header, text: str) -> str:
    """Take the header comments into *header*; return the text after them."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        found = _HEADER.fullmatch(line.rstrip("\r\n"))
        if found is None:
            return "".join(lines[number - 1 :]).lstrip("\r\n")
        header.take(number, found["key"], found["tag"], found["value"])
    return ""


def _check_query(header: _Header, text: str) -> None:
    try:
        form = read_outline(text).form
    except CicakgError as error:
        raise CicakgError("example-malformed", f"{header.path}: {error.detail}", error.fix) from error
    if form not in QUERY_FORMS:
        raise header.fault(
            1,
            "there is no SELECT, ASK, CONSTRUCT or DESCRIBE in the file",
            "Write the query after the header.",
        )
