"""What a check costs: all of it, of one change, while somebody types; and against plain pySHACL.

    python benchmarks/checking.py [--limit SECONDS] [--largest N] [--distance N] [--rounds N]
        [--without PART] [ARTICLES …]

Makes a corpus of each size (usually 10, 100, 1,000 and 10,000 articles) out of the toy articles of the tests,
with a fault planted in one article of N (10), of many kinds and at every level of the check. All
measurements of a size are of the same files in one run. Every planted fault must be found, and nothing else:
by `cicakg` at its exact line and column; by the plain `pyshacl` command, on the merged graph with the same
shapes, so far as shapes can see it. A command that takes more CPU seconds than the limit (600) is ended, and
its ratio is then a lower bound; pySHACL is run on 1,000 articles at most. Compare ratios between runs, not
seconds between machines.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from commands import Cost, commit_all, run
from corpora import PROJECT, Planted, make_corpus, merge, planted_in
from faults import FAULTS, UNREADABLE
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

SIZES: Final = (10, 100, 1_000, 10_000)
PARTS: Final = ("pyshacl", "reference", "editor", "resident", "changed")
SLOW: Final = frozenset({"pyshacl", "reference"})
HERE: Final = Path(__file__).resolve().parent
FINDINGS: Final = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    PREFIX rule: <https://w3id.org/cicakg/shapes#>
    SELECT ?code ?focus { ?result sh:sourceShape ?shape ; sh:focusNode ?focus . ?shape rule:code ?code }
"""


@dataclass(frozen=True)
class Row:
    """A line of the table: what was run, what it cost, and whether it found what it should."""

    name: str
    cost: Cost
    found: str


class Bench:
    """One corpus in a folder of its own, and all that is measured on it."""

    def __init__(self, folder: Path, articles: int, options: argparse.Namespace) -> None:
        self.folder = folder
        self.options = options
        self.articles = articles
        self.corpus = make_corpus(folder / "corpus", articles, options.distance)
        self.cache = folder / "cache"

    @property
    def root(self) -> Path:
        """The corpus."""
        return self.corpus.root

    def check(self, *arguments: str) -> Cost:
        """Run `cicakg check`."""
        command = [sys.executable, "-m", "cicakg", "--root", str(self.root), "check", "--format", "json"]
        return self._run([*command, *arguments])

    def script(self, name: str, *arguments: object) -> Cost:
        """Run a script of this folder."""
        return self._run([sys.executable, str(HERE / name), *map(str, arguments)])

    def _run(self, command: Sequence[str]) -> Cost:
        modules = [str(PROJECT / "tests"), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {"XDG_CACHE_HOME": str(self.cache), "PYTHONPATH": os.pathsep.join(modules)}
        return run(command, self.options.limit, environment)

    # What is measured

    def full(self) -> Iterator[Row]:
        """The whole check, without and with what earlier runs left behind, and with a file that is broken."""
        shutil.rmtree(self.cache, ignore_errors=True)
        for name in ("check, nothing cached", "check"):
            cost = self.check()
            yield Row(name, cost, self._verdict(cost, self.corpus.planted))

    def unreadable(self) -> Iterator[Row]:
        """The whole check where one article cannot be read."""
        path = self.clean_article()
        text = path.read_text(encoding="utf-8")
        broken = text.replace(UNREADABLE.old, UNREADABLE.new, 1)
        path.write_text(broken, encoding="utf-8")
        cost = self.check()
        path.write_text(text, encoding="utf-8")
        planted = planted_in(broken, UNREADABLE, path.relative_to(self.root), 0)
        found = [] if not cost.is_whole else _found(cost.output, self.root)
        known = [one for one in found if (one.code, one.file) == (planted.code, planted.file)]
        is_right = [(one.line, one.column) for one in known] == [(planted.line, planted.column)]
        yield Row("check, one article unreadable", cost, "placed exactly" if is_right else "NOT as planted")

    def changed(self) -> Iterator[Row]:
        """What is new since a commit, where one claim has changed."""
        commit_all(self.root)
        self.check("--changed")
        path = self.clean_article()
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("<#char=38,80>", "<#char=80,38>", 1), encoding="utf-8")
        self.check("--changed")
        cost = self.check("--changed")
        path.write_text(text, encoding="utf-8")
        found = _found(cost.output, self.root) if cost.is_whole else []
        is_right = [one.code for one in found] == ["span-order"]
        yield Row("check --changed, one claim", cost, "the new one only" if is_right else "NOT as planted")

    def reference(self) -> Iterator[Row]:
        """The whole check by the reference engine: pySHACL, its queries answered by pyoxigraph."""
        cost = self.script("resident.py", *self._changeable(), "pyshacl", 0)
        yield Row("check by the reference engine", cost, self._verdict(cost, self.corpus.planted))

    def pyshacl(self) -> Iterator[Row]:
        """The plain command on the merged graph."""
        data, shapes, _ = merge(self.root, self.folder)
        command = [sys.executable, "-m", "pyshacl", "-a", "-df", "nt", "-sf", "nt", "-f", "nt"]
        cost = self._run([*command, "-s", str(shapes), str(data)])
        expected = self.corpus.seen
        found = _found_by_pyshacl(cost.output, shapes) if cost.is_whole else frozenset()
        yield Row("plain pyshacl", cost, _compared(expected, found) if cost.is_whole else "–")

    def resident(self) -> Cost:
        """A check that stays in memory."""
        return self.script("resident.py", *self._changeable(), "auto", self.options.rounds)

    def editor(self) -> Cost:
        """Somebody who types."""
        return self.script("keystrokes.py", self.root, self.clean_article(), self.options.rounds)

    def clean_article(self) -> Path:
        """Return an article without a fault of its own."""
        faulty = {one.file for one in self.corpus.planted}
        paths = (self.corpus.article(number) for number in reversed(range(self.articles // 2)))
        return next(one for one in paths if str(one.relative_to(self.root)) not in faulty)

    def _changeable(self) -> tuple[Path, Path, Path]:
        return self.root, self.clean_article(), self.root / "data" / "entities" / "organizations.ttl"

    def _verdict(self, cost: Cost, planted: Sequence[Planted]) -> str:
        return (
            _compared(frozenset(planted), frozenset(_found(cost.output, self.root))) if cost.is_whole else "–"
        )


def _found(output: str, root: Path) -> list[Planted]:
    """Return what a report in JSON says, sorted."""
    return sorted(
        Planted(
            one["code"],
            str(Path(one["file"]).resolve().relative_to(root)),
            one["line"],
            one["column"],
            one["focus"],
        )
        for one in json.loads(output)["findings"]
    )


def _found_by_pyshacl(output: str, shapes: Path) -> frozenset[tuple[str, str]]:
    """Return the codes and focus nodes of the report `pyshacl -f nt` writes."""
    store = Store()
    for quad in parse(output, format=RdfFormat.N_TRIPLES):
        store.add(quad)
    store.bulk_load(path=str(shapes), format=RdfFormat.N_TRIPLES)
    rows = store.query(FINDINGS)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("a SELECT query without solutions")
    return frozenset((row["code"].value, row["focus"].value) for row in rows)


def _compared(expected: frozenset[Any], found: frozenset[Any]) -> str:
    """Say how much of what was *expected* was *found*, and what besides."""
    for one in sorted(expected ^ found)[:10]:
        print("missing" if one in expected else "not planted", one, file=sys.stderr)
    others = len(found - expected)
    return f"{len(expected & found)} of {len(expected)}" + (f", {others} others" if others else "")


def measure(articles: int, options: argparse.Namespace) -> None:
    """Measure one size and print its tables."""
    with tempfile.TemporaryDirectory(prefix="checking-") as name:
        bench = Bench(Path(name).resolve(), articles, options)
        corpus = bench.corpus
        triples = merge(bench.root, bench.folder)[2]
        print(
            f"\n### {articles:,} articles: {triples:,} triples, "
            f"{len(corpus.planted)} faults of {corpus.kinds} kinds\n"
        )
        rows = _measured(bench)
        _print_ratios(rows)
        for part, show in (("resident", _print_resident), ("editor", _print_editor)):
            if part not in options.without:
                show(bench.resident() if part == "resident" else bench.editor())


def _measured(bench: Bench) -> dict[str, Cost]:
    """Run what is run once, and print a line for each."""
    parts: list[tuple[str, Callable[[], Iterator[Row]]]] = [
        ("", bench.full),
        ("", bench.unreadable),
        ("reference", bench.reference),
        ("pyshacl", bench.pyshacl),
        ("changed", bench.changed),
    ]
    print("| command | CPU s | wall s | memory MB | faults found |\n|---|---|---|---|---|", flush=True)
    costs: dict[str, Cost] = {}
    for part, measured in parts:
        is_slow = part in SLOW and bench.articles > bench.options.largest
        if is_slow or part in bench.options.without:
            continue
        for row in measured():
            costs[row.name] = row.cost
            sign = "" if row.cost.is_whole else "> "
            figures = (f"{sign}{row.cost.cpu:.2f}", f"{sign}{row.cost.wall:.2f}", f"{row.cost.megabytes:.0f}")
            print("|", " | ".join((row.name, *figures, row.found)), "|", flush=True)
    return costs


def _print_ratios(costs: Mapping[str, Cost]) -> None:
    ours, theirs = costs["check"], costs.get("plain pyshacl")
    if theirs is not None:
        sign = "" if theirs.is_whole else "more than "
        print(f"\nPlain pyshacl takes {sign}{theirs.cpu / ours.cpu:.0f} times the CPU seconds of the check.")


def _print_resident(cost: Cost) -> None:
    if not cost.is_whole:
        print("\nThe resident check did not end well.")
        return
    told = json.loads(cost.output)
    print("\n| resident check | CPU s | wall s |\n|---|---|---|")
    print(f"| first | {told['first']['cpu']:.2f} | {told['first']['wall']:.2f} |")
    for name, rounds in (("one claim changed", told["claims"]), ("one label changed", told["labels"])):
        if rounds:
            cpu, wall = (statistics.median(one[key] for one in rounds) for key in ("cpu", "wall"))
            print(f"| {name} (median of {len(rounds)}) | {cpu:.3f} | {wall:.3f} |")
    print(f"\nIts memory: {cost.megabytes:.0f} MB.", flush=True)


def _print_editor(cost: Cost) -> None:
    if not cost.is_whole:
        print("\nThe editor's server did not end well.")
        return
    told = json.loads(cost.output)
    seconds = told["keystrokes"]
    print(
        f"\nIn an editor the first diagnostics come after {told['first']:.2f} s; from a keystroke to its "
        f"diagnostics {statistics.median(seconds):.3f} s (median of {len(seconds)}; longest "
        f"{max(seconds):.3f}). Memory: {cost.megabytes:.0f} MB.",
        flush=True,
    )


def main() -> None:
    """Measure the sizes given, or the usual ones."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("articles", nargs="*", type=int, default=SIZES, help="how many articles")
    parser.add_argument("--limit", type=int, default=600, help="CPU seconds for each command")
    parser.add_argument("--largest", type=int, default=1_000, help="for pySHACL at most so many articles")
    parser.add_argument("--distance", type=int, default=10, help="a fault in one of how many articles")
    parser.add_argument("--rounds", type=int, default=5, help="how many changes while the check stays")
    parser.add_argument("--without", action="append", choices=PARTS, default=[], help="leave this out")
    options = parser.parse_args()
    print(f"{os.cpu_count()} processors, Python {sys.version.split()[0]}, {len(FAULTS)} kinds of faults")
    for articles in options.articles:
        measure(articles, options)


if __name__ == "__main__":
    main()
