"""What a check costs: `cicakg check` against the plain `pyshacl` command on the merged graph.

    python benchmarks/checking.py [--limit SECONDS] [ARTICLES …]

Makes a corpus of each size (usually 10 and 100 articles) out of the toy articles of the tests, with one fault
planted in every second article, and lets both judge it: same shapes, same triples. Both must report every
planted fault and nothing else; `cicakg` at its exact line and column. Prints CPU seconds, memory and ratios
of one run; a command that takes more CPU seconds than the limit (600) is ended, and the ratio is then a lower
bound. Compare ratios between runs, not seconds between machines.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, Triple, parse, serialize

from cicakg.corpus import read_corpus, span_quads
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

PROJECT: Final = Path(__file__).resolve().parent.parent
TOY: Final = PROJECT / "tests" / "toy" / "data"
SLUG: Final = "2031-{}-river-council-{}"
FINDINGS: Final = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    PREFIX rule: <https://w3id.org/cicakg/shapes#>
    SELECT ?code ?focus { ?result sh:sourceShape ?shape ; sh:focusNode ?focus . ?shape rule:code ?code }
"""


@dataclass(frozen=True)
class Fault:
    """A kind of fault: *old* becomes *new* in a file; the finding stands at *mark* and is about *focus*."""

    code: str
    old: str
    new: str
    mark: str
    focus: str = ""


FAULTS: Final = (
    Fault("span-order", "<#char=94,109>", "<#char=109,94>", "<#char=109,94>", "#c04"),
    Fault("span-bounds", "<#char=94,109>", "<#char=269,280>", "<#char=269,280>", "#c04"),
    Fault("article-digest", '"sha256:', '"md5:', '"md5:'),
    Fault("count-value", "rdf:object 12 ;", "rdf:object -12 ;", "-12 ;", "#c07"),
    Fault("claim-modality", "cica:modality modality:plan ;", "", "<#c06> a", "#c06"),
    Fault("asof-missing", 'cica:asOf "2031-05-04"^^xsd:date ;', "", "cica:memberCount", "#c07"),
    Fault("claim-quotation", "cica:asOf", "cica:quotedIn <#c06> ; cica:asOf", "<#c06> ; cica:a", "#c07"),
    Fault("claim-negated", "cica:asOf", "cica:negated false ; cica:asOf", "false ; cica:a", "#c07"),
)
"""Planted in turn, one in each Malay article."""


@dataclass(frozen=True, order=True)
class Planted:
    """A fault that stands in a corpus: which rule it breaks, where, and the node it is about."""

    code: str
    file: str
    line: int
    column: int
    focus: str


@dataclass(frozen=True)
class Cost:
    """What a command took, and what it wrote; ``is_whole`` is false where it was ended at the limit."""

    seconds: float
    megabytes: float
    output: str
    is_whole: bool


def make_corpus(root: Path, articles: int) -> list[Planted]:
    """Write a corpus of *articles* articles (an even number) to *root*; return the faults planted in it."""
    for name in ("ontology", "shapes"):
        shutil.copytree(PROJECT / name, root / name)
    planted = []
    for number in range(articles // 2):
        for language in ("ms", "ar"):
            slug = SLUG.format(language, number)
            path = root / "data" / "articles" / "2031" / f"{slug}.ttl"
            path.parent.mkdir(parents=True, exist_ok=True)
            text = _article(language, number)
            if language == "ms":
                fault = FAULTS[number % len(FAULTS)]
                text, found = _plant(text, fault, path.relative_to(root), slug)
                planted.append(found)
            path.write_text(text, encoding="utf-8")
    for source in sorted((TOY / "entities").glob("*.ttl")):
        _write_entities(source, root / "data" / "entities" / source.name, articles // 2)
    return planted


def _article(language: str, number: int) -> str:
    """Return a toy article as the *number*-th of its kind: same form, other names."""
    (source,) = (TOY / "articles" / "2031").glob(f"2031-{language}-*.ttl")
    text = _renamed(source.read_text(encoding="utf-8"), number)
    digest = hashlib.sha256(f"{language} {number}".encode()).hexdigest()
    text = re.sub(r"sha256:\w{64}", f"sha256:{digest}", text)
    text = re.sub(r'"900_\w{14}(\w\w)"', rf'"900_{number:014x}\1"', text)
    text = re.sub(r'(dcterms:title "[^"]+)"', rf'\1 {number}"', text)
    return text.replace(source.stem, SLUG.format(language, number))


def _renamed(text: str, number: int) -> str:
    return re.sub(r"\bid:([a-z-]+)", rf"id:\1-{number}", text)


def _plant(text: str, fault: Fault, path: Path, slug: str) -> tuple[str, Planted]:
    if fault.old not in text:
        raise ValueError(f"{fault.old!r} is not in the toy article: correct the fault {fault.code}")
    faulty = text.replace(fault.old, fault.new, 1)
    before, _, _ = faulty.partition(fault.mark)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    focus = f"https://w3id.org/cicakg/article/{slug}{fault.focus}"
    return faulty, Planted(fault.code, str(path), line, column, focus)


def _write_entities(source: Path, target: Path, count: int) -> None:
    """Write the entities of *source* *count* times, each time with names and labels of their own."""
    head, _, body = source.read_text(encoding="utf-8").partition("\n\n")
    copies = (re.sub(r'"@', f' {number}"@', _renamed(body, number)) for number in range(count))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join((head, "", *copies)), encoding="utf-8")


def merge(root: Path) -> tuple[Path, Path]:
    """Write what the checker judges as N-Triples: all data with what is derived from it, and all shapes."""
    corpus = read_corpus(DatasetFolder(root))
    triples = {one.triple for file in corpus.files for one in file.document.triples}
    triples |= {one.triple for file in corpus.files for one in span_quads(file)}
    data, shapes = root / "data.nt", root / "shapes.nt"
    serialize(triples, str(data), format=RdfFormat.N_TRIPLES)
    serialize(_shape_triples(root), str(shapes), format=RdfFormat.N_TRIPLES)
    return data, shapes


def _shape_triples(root: Path) -> list[Triple]:
    paths = sorted((root / "shapes").glob("*.ttl"))
    return [one.triple for path in paths for one in read_turtle(path.read_bytes()).triples]


def run(command: Sequence[str], limit: int) -> Cost:
    """Run *command* with at most *limit* CPU seconds; return what it cost."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL)
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (limit, limit))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        seconds = usage.ru_utime + usage.ru_stime
        return Cost(seconds, usage.ru_maxrss / 1024, output.read(), process.returncode in {0, 1})


def found_by_cicakg(cost: Cost, root: Path) -> list[Planted]:
    """Return what `cicakg check --format json` reports, sorted."""
    return sorted(
        Planted(
            one["code"],
            str(Path(one["file"]).resolve().relative_to(root)),
            one["line"],
            one["column"],
            one["focus"],
        )
        for one in json.loads(cost.output)["findings"]
    )


def found_by_pyshacl(cost: Cost, shapes: Path) -> list[tuple[str, str]]:
    """Return the codes and focus nodes of the report `pyshacl -f nt` writes, sorted, each once."""
    store = Store()
    for quad in parse(cost.output, format=RdfFormat.N_TRIPLES):
        store.add(quad)
    store.bulk_load(path=str(shapes), format=RdfFormat.N_TRIPLES)
    rows = store.query(FINDINGS)
    return sorted({(row["code"].value, row["focus"].value) for row in rows})  # type: ignore[union-attr]


def measure(articles: int, limit: int) -> None:
    """Measure one size and print a row for each command."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        planted = sorted(make_corpus(root, articles))
        data, shapes = merge(root)
        with data.open("rb") as file:
            triples = sum(1 for _ in file)
        tool = [sys.executable, "-m", "cicakg", "--root", str(root), "check", "--format", "json"]
        plain = [sys.executable, "-m", "pyshacl", "-a", "-df", "nt", "-sf", "nt", "-f", "nt"]
        ours = run(tool, limit)
        theirs = run([*plain, "-s", str(shapes), str(data)], limit)
        kinds = len({one.code for one in planted})
        print(f"\n{articles} articles, {triples:,} triples, {len(planted)} faults of {kinds} kinds\n")
        print("| command | CPU s | memory MB | planted faults found | others reported |")
        print("|---|---|---|---|---|")
        _print_row("cicakg check", ours, planted, partial(found_by_cicakg, ours, root))
        pairs = sorted({(one.code, one.focus) for one in planted})
        _print_row("pyshacl", theirs, pairs, partial(found_by_pyshacl, theirs, shapes))
        sign = "" if theirs.is_whole else "more than "
        print(
            f"\npyshacl took {sign}{theirs.seconds / ours.seconds:.1f} times the CPU seconds of cicakg check"
        )


def _print_row(
    name: str, cost: Cost, planted: Sequence[object], find: Callable[[], Sequence[object]]
) -> None:
    sign, cells = "", ("–", "–")
    if cost.is_whole:
        found = find()
        both = [one for one in planted if one in found]
        cells = (f"{len(both)} of {len(planted)}", str(len(found) - len(both)))
    else:
        sign = "> "
    print("|", " | ".join((name, f"{sign}{cost.seconds:.2f}", f"{cost.megabytes:.0f}", *cells)), "|")


def main() -> None:
    """Measure the sizes given, or the usual ones."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", nargs="*", type=int, default=[10, 100], help="how many articles")
    parser.add_argument("--limit", type=int, default=600, help="CPU seconds for each command")
    arguments = parser.parse_args()
    for articles in arguments.articles:
        measure(articles, arguments.limit)


if __name__ == "__main__":
    main()
