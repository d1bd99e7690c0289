"""docs/performance.md: what was measured, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from endpoints.aims import alone_of, asked_of, verdicts
from endpoints.figures import Asked, Served, Sized, Timing, ratio
from endpoints.questions import QUESTIONS
from endpoints.servers import CICAKG, KEEPING, OXIGRAPH, RDFLIB, VIRTUOSO

NAMES = (CICAKG, KEEPING, OXIGRAPH, VIRTUOSO, RDFLIB)
_NOTHING = "–"
_SERVER_HEAD = (
    "server",
    "loading s",
    "start to first answer s",
    "MiB then",
    "MiB after the run",
    "mix requests/s",
    "p99",
)
_HEAD = """# How fast it answers

Written by `python benchmarks/serving.py`; nothing here is typed by hand. Figures of one run on one
machine: compare ratios, not milliseconds with those of another machine.

**Machine**: {machine}. The clients ran on it too.

**Servers**, one at a time, each with its own defaults where nothing is said: {versions}.

- *{own}*: `cicakg serve --data` with `--cache-bytes 0`, so that every request is evaluated.
- *{keeping}*: the same with the cache it has by default, and every query asked before.
- *{oxigraph}*: `oxigraph serve-read-only` over its store on disk, after `oxigraph optimize`.
- *{virtuoso}*: Debian's `virtuoso-opensource`, buffers for a quarter of the memory, no limits.
- *{rdflib}*: `rdflib-endpoint serve` as shipped: rdflib's store in memory, its own engine.

**Data**: articles made in the shape of this dataset (`benchmarks/corpora.py`), all that the tool
derives included. Every server holds the named graphs and their merge, which is what is asked.

**Before anything is timed** each answer is read and compared: rows as a multiset of terms, graphs
as sets. Then requests by `wrk`, GET, one connection for *alone* and 16 for *16 clients*, at least
{seconds} s each; queries of more than a second are asked one by one, and not by 16 clients. p50 and
p99 in milliseconds; of fewer than 100 requests p99 is the slowest. The *mix* asks the queries about
one entity in turn. Memory is the proportional set size of all processes of a server.
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and with what it was measured."""

    machine: str
    versions: Mapping[str, str]
    seconds: int


def write_page(sizes: Sequence[Sized], setting: Setting, plots: Mapping[int, str]) -> str:
    """Return the page; *plots* are the paths of the plots by number of quads, as the page links them."""
    parts = [
        _HEAD.format(
            machine=setting.machine,
            versions=", ".join(f"{name} {version}" for name, version in setting.versions.items()),
            seconds=setting.seconds,
            own=CICAKG,
            keeping=KEEPING,
            oxigraph=OXIGRAPH,
            virtuoso=VIRTUOSO,
            rdflib=RDFLIB,
        ),
        "## What was aimed at\n",
        *_aims(sizes),
    ]
    for sized in sizes:
        parts += ["", f"## {sized.quads:,} statements\n", *_size(sized, plots.get(sized.quads))]
    parts += ["", "## What isolation costs\n", *_replacing(sizes)]
    parts += ["", "## The queries\n", *_queries()]
    return "\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _aims(sizes: Sequence[Sized]) -> list[str]:
    found = [list(verdicts(one)) for one in sizes]
    rows = [
        [by_size[0].aim, *(f"{one.reached} of {one.count}" for one in by_size)]
        for by_size in zip(*found, strict=False)
    ]
    missed = [
        f"- {sized.quads:,}: {one.aim}: not {', '.join(one.missed)}"
        for sized, all_of in zip(sizes, found, strict=True)
        for one in all_of
        if one.missed
    ]
    explained = ["", "Missed, with the ratio of the other's p50 to ours:", "", *missed] if missed else []
    return [*table(["aim, by p50 of a client alone", *(f"{one.quads:,}" for one in sizes)], rows), *explained]


def _size(sized: Sized, plot: str | None) -> Iterator[str]:
    yield f"{sized.articles:,} articles; {sized.triples:,} triples in the merge of the graphs."
    yield ""
    if plot is not None:
        yield f"![p50 of a client alone, by query and server]({plot})"
        yield ""
    yield from table(
        _SERVER_HEAD,
        [_server_row(sized.of(name)) for name in NAMES if sized.of(name) is not None],
    )
    for title, chosen in (("alone", _alone), ("16 clients", _many)):
        yield ""
        yield f"### {title}\n"
        yield from table(["p50 / p99 / requests a second", *NAMES], list(_question_rows(sized, chosen)))
    yield ""
    yield "### Ratio of p50 to that of cicakg, alone\n"
    yield from table(["query", *NAMES[1:]], list(_ratio_rows(sized)))
    remarks = list(_remarks(sized))
    if remarks:
        yield ""
        yield "What was not answered, or differently:"
        yield ""
        yield from remarks


def _server_row(served: Served | None) -> list[str]:
    if served is None:
        return []
    if served.fault:
        return [served.server, f"failed: {served.fault}", *[_NOTHING] * 5]
    mix = served.mix
    return [
        served.server,
        f"{served.loading:.1f}" if served.loading >= 0.05 else _NOTHING,
        f"{served.starting:.2f}",
        f"{served.memory:.0f}",
        f"{served.memory_after:.0f}",
        f"{mix.rate:,.0f}" if mix is not None else _NOTHING,
        _milliseconds(mix.p99) if mix is not None else _NOTHING,
    ]


def _alone(asked: Asked) -> Timing | None:
    return asked.alone


def _many(asked: Asked) -> Timing | None:
    return asked.many


def _question_rows(sized: Sized, chosen: Callable[[Asked], Timing | None]) -> Iterator[list[str]]:
    for one in QUESTIONS:
        yield [one.kind, *(_shown(chosen(asked_of(sized, name, one.kind))) for name in NAMES)]


def _ratio_rows(sized: Sized) -> Iterator[list[str]]:
    for one in QUESTIONS:
        own = alone_of(sized, CICAKG, one.kind)
        ratios = (ratio(alone_of(sized, name, one.kind), own) for name in NAMES[1:])
        yield [one.kind, *(_times(found) for found in ratios)]


def _remarks(sized: Sized) -> Iterator[str]:
    for served in sized.served:
        for kind, asked in served.questions.items():
            if asked.remark:
                yield f"- {served.server}, {kind}: {asked.remark}"


def _replacing(sizes: Sequence[Sized]) -> list[str]:
    head = [
        "milliseconds",
        "ASK in line",
        "through the pool",
        "the hop",
        "next answer after one worker was killed",
        "after all were",
        "two answers after two deadlines",
    ]
    rows = []
    for one in sizes:
        cost = one.replacing
        if cost is None:
            continue
        values = (cost.inline, cost.pooled, cost.hop, cost.one_killed, cost.all_killed, cost.deadline)
        rows.append([f"{one.quads:,}", *map(_milliseconds, values)])
    return table(head, rows)


def _queries() -> Iterator[str]:
    for one in QUESTIONS:
        yield f"**{one.kind}**\n"
        yield f"```sparql\n{one.text}\n```\n"


def _shown(timing: Timing | None) -> str:
    if timing is None:
        return _NOTHING
    return f"{_milliseconds(timing.p50)} / {_milliseconds(timing.p99)} / {timing.rate:,.0f}"


def _milliseconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _times(value: float | None) -> str:
    if value is None:
        return _NOTHING
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"
