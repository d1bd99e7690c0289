"""Makes corpora of any size out of the toy articles of the tests, with faults planted in them."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from faults import FAULTS, Fault
from pyoxigraph import RdfFormat, Triple, serialize

from cicakg.corpus import read_corpus, span_quads
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

PROJECT: Final = Path(__file__).resolve().parent.parent
TOY: Final = PROJECT / "tests" / "toy" / "data"
SLUG: Final = "2031-{}-river-council-{}"
LANGUAGES: Final = ("ms", "ar")
_NAME: Final = re.compile(r"\bid:([a-z-]+)")
_SITE: Final = "https://w3id.org/cicakg/"


@dataclass(frozen=True, order=True)
class Planted:
    """A fault that stands in a corpus: which rule it breaks, where, and the node it is about."""

    code: str
    file: str
    line: int
    column: int
    focus: str


@dataclass(frozen=True)
class Corpus:
    """A corpus in the folder *root*: what is planted; the rules and nodes that shapes alone complain of."""

    root: Path
    planted: tuple[Planted, ...]
    seen: frozenset[tuple[str, str]]

    @property
    def kinds(self) -> int:
        """How many kinds of faults there are."""
        return len({one.code for one in self.planted})

    def article(self, number: int, language: str = "ms") -> Path:
        """Return the path of an article."""
        return _article_path(self.root, language, number)


def make_corpus(root: Path, articles: int, distance: int) -> Corpus:
    """Write a corpus of *articles* articles (an even number) to *root*, with a fault in one of *distance*."""
    for name in ("ontology", "shapes"):
        shutil.copytree(PROJECT / name, root / name)
    _article_path(root, "ms", 0).parent.mkdir(parents=True)
    faults = {
        number // 2: FAULTS[turn % len(FAULTS)] for turn, number in enumerate(range(0, articles, distance))
    }
    planted: list[Planted] = []
    for number in range(articles // 2):
        for language in LANGUAGES:
            fault = faults.get(number) if language == "ms" else None
            planted.extend(_write_article(root, language, number, fault))
    for source in sorted((TOY / "entities").glob("*.ttl")):
        planted.extend(_write_entities(source, root, articles // 2, faults))
    seen = (one for number, fault in faults.items() for one in _seen(fault, number))
    return Corpus(root, tuple(sorted(planted)), frozenset(seen))


def _write_article(root: Path, language: str, number: int, fault: Fault | None) -> Iterator[Planted]:
    path = _article_path(root, language, number)
    text = _toy_article(language)
    if fault is None or fault.place != "ms":
        path.write_text(_numbered(text, language, number), encoding="utf-8")
        return
    text = _numbered(_faulty(text, fault), language, number)
    path.write_text(text, encoding="utf-8")
    yield planted_in(text, fault, path.relative_to(root), number)


def _article_path(root: Path, language: str, number: int) -> Path:
    return root / "data" / "articles" / "2031" / f"{SLUG.format(language, number)}.ttl"


@cache
def _toy_article(language: str) -> str:
    (source,) = (TOY / "articles" / "2031").glob(f"2031-{language}-*.ttl")
    return source.read_text(encoding="utf-8").replace(source.stem, SLUG.format(language, "NUMBER"))


def _numbered(text: str, language: str, number: int) -> str:
    """Return a toy article as the *number*-th of its kind: same form, other names."""
    text = _renamed(text, number).replace(SLUG.format(language, "NUMBER"), SLUG.format(language, number))
    digest = hashlib.sha256(f"{language} {number}".encode()).hexdigest()
    text = re.sub(r"(sha256|md5):\w{64}", rf"\1:{digest}", text)
    text = re.sub(r'"900_\w{14}(\w\w)"', rf'"900_{number:014x}\1"', text)
    return re.sub(r'(dcterms:title "[^"]+)"', rf'\1 {number}"', text)


def _renamed(text: str, number: int) -> str:
    return _NAME.sub(rf"id:\1-{number}", text)


def _faulty(text: str, fault: Fault) -> str:
    if fault.old not in text:
        raise ValueError(f"{fault.old!r} is not in the toy file: correct the fault {fault.code}")
    return text.replace(fault.old, fault.new, 1)


def planted_in(text: str, fault: Fault, path: Path, number: int, lines_before: int = 0) -> Planted:
    """Return where *fault* stands in *text*, which follows *lines_before* lines in the file at *path*."""
    before, found, _ = text.partition(_renamed(fault.mark, number))
    if not found:
        raise ValueError(f"{fault.mark!r} is not in the file: correct the fault {fault.code}")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Planted(fault.code, str(path), lines_before + line, column, _focus(fault.focus, number))


def _focus(focus: str, number: int) -> str:
    if focus.startswith("id:"):
        return f"{_SITE}id/{_renamed(focus, number).removeprefix('id:')}"
    slug = SLUG.format("ms", number)
    return f"{_SITE}graph/{slug}" if focus == "graph" else f"{_SITE}article/{slug}{focus}"


def _seen(fault: Fault, number: int) -> Iterator[tuple[str, str]]:
    """Yield what a SHACL engine says of *fault*: rules and nodes."""
    own = ((fault.code, fault.focus),) if fault.is_seen else ()
    yield from ((code, _focus(focus, number)) for code, focus in (*own, *fault.echoes))


def _write_entities(source: Path, root: Path, count: int, faults: Mapping[int, Fault]) -> Iterator[Planted]:
    """Write the entities of *source* *count* times, each time with names and labels of their own."""
    head, _, body = source.read_text(encoding="utf-8").partition("\n\n")
    target = root / "data" / "entities" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = head.count("\n") + 2
    with target.open("w", encoding="utf-8") as file:
        file.write(f"{head}\n\n")
        for number in range(count):
            fault = faults.get(number)
            is_here = fault is not None and fault.place == source.stem
            text = _faulty(body, fault) if fault is not None and is_here else body
            text = re.sub(r'"@', f' {number}"@', _renamed(text, number)) + "\n"
            if fault is not None and is_here:
                yield planted_in(text, fault, target.relative_to(root), number, lines)
            file.write(text)
            lines += text.count("\n")


def merge(root: Path, folder: Path) -> tuple[Path, Path, int]:
    """Write what the checker judges as N-Triples to *folder*: all data with what is derived from it, and all
    shapes; return the two files, and how many triples there are.
    """
    corpus = read_corpus(DatasetFolder(root))
    triples = {one for file in corpus.files for one in file.document.statements}
    triples |= {one.triple for file in corpus.files for one in span_quads(file)}
    data, shapes = folder / "data.nt", folder / "shapes.nt"
    serialize(triples, str(data), format=RdfFormat.N_TRIPLES)
    serialize(_shape_triples(root), str(shapes), format=RdfFormat.N_TRIPLES)
    return data, shapes, len(triples)


def _shape_triples(root: Path) -> Sequence[Triple]:
    paths = sorted((root / "shapes").glob("*.ttl"))
    return [one for path in paths for one in read_turtle(path.read_bytes()).statements]
