"""Files made to hurt: each ends in a finding or a clear error, in bounded time, and nothing is fetched."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from toy_repository import MS, Toy

MOST_SECONDS = 40
ONTOLOGY = "https://w3id.org/cicakg/ontology"
JOIN = "$this a ?k . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STR(?a) = CONCAT(STR(?d), STR(?g)))"
VALUES = " ".join(f"VALUES ?v{one} {{ {' '.join('123456789' * 9)} }}" for one in range(9))
CHECK = """
import json, sys
from pathlib import Path
from cicakg.checks.report import check
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
try:
    report = check(DatasetFolder(Path(sys.argv[1])), seconds=float(sys.argv[2]))
except CicakgError as error:
    print(json.dumps({"error": error.code, "detail": error.detail}))
else:
    print(json.dumps({"codes": sorted({one.code for one in report.findings})}))
"""
SHAPES = """@prefix cica: <https://w3id.org/cicakg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rule: <https://w3id.org/cicakg/shapes#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
rule:Hostile a sh:NodeShape ; sh:targetClass cica:Person ; rule:code "hostile" ; sh:message "m"@en ;
    sh:severity sh:Violation ; rule:what "w"@en ; rule:why "y"@en ; rule:example "e"@en ; rule:fix "f"@en ;
"""


def judged(toy: Toy, seconds: float = 30) -> dict[str, object]:
    """Check *toy* in a process of its own and return the codes found, or the error.

    Anything else it prints or ends with, and more than the time allowed, is a failure.
    """
    command = [sys.executable, "-c", CHECK, str(toy.root), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def added(toy: Toy, data: bytes) -> None:
    """Add *data* to the end of an article."""
    with toy.path("ms").open("ab") as file:
        file.write(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe",
        b'<#c07> rdfs:comment "\xc3\x28"@en .',
        b"\x00",
        b"<#c08> a cica:Claim . \xed\xa0\x80",
        b"<#c08> cica:evidence " + b"(" * 100_000,
        b"<#c08> cica:evidence " + b"(" * 1_000 + b")" * 1_000 + b" .",
        b"<#c08> cica:evidence " + b"[ a " * 100_000,
        b"<#c08> cica:evidence " + b"[ a " * 1_000 + b"cica:Span" + b" ]" * 1_000 + b" .",
        b'<#c08> rdfs:comment """' + b"x" * 1_000_000,
        b"<#c08> rdfs:comment " + b"\\" * 1_000_000,
    ],
    ids=[
        "no UTF-8", "overlong", "NUL", "surrogate", "open collections", "deep collections", "open nodes",
        "deep nodes", "open string", "backslashes",
    ],
)  # fmt: skip
def test_a_file_that_is_no_turtle_is_one_finding(toy: Toy, data: bytes) -> None:
    """Bytes that are no text, and nesting without end, are a finding of the level that reads."""
    added(toy, data)
    assert judged(toy) == {"codes": ["turtle-syntax"]}


def test_a_nul_in_a_literal_is_a_finding(toy: Toy) -> None:
    """A character that no one sees does not get into a label unnoticed."""
    toy.replace("data/entities/people.ttl", '"Aminah Yusof"@en', '"Aminah\\u0000 Yusof"@en')
    codes = judged(toy)["codes"]
    assert isinstance(codes, list)
    assert {"label-hygiene", "turtle-syntax"} & set(codes)


def test_a_long_literal_is_checked_in_time(toy: Toy) -> None:
    """Ten megabytes in one literal are read and judged like any other comment."""
    added(toy, b'<#c08> a cica:Claim ; rdfs:comment "' + b"x" * 10_000_000 + b'"@en .')
    codes = judged(toy)["codes"]
    assert isinstance(codes, list)
    assert "claim-subject" in codes


def test_a_literal_too_long_to_be_read_is_a_finding_where_it_stands(toy: Toy) -> None:
    """Twenty megabytes in one literal are refused by the parser, and the place is told."""
    added(toy, b'<#c08> rdfs:comment\n  "' + b"x" * 20_000_000 + b'"@en .')
    assert judged(toy) == {"codes": ["turtle-syntax"]}
    (finding,) = toy.findings()
    assert (finding.position.line, finding.position.column) == toy.place("ms", '"xxx')


def test_a_cyclic_list_in_the_data_is_a_finding(toy: Toy) -> None:
    """A list that never ends is refused with all blank nodes, and nothing follows it for ever."""
    added(toy, b"_:l rdf:first <#c01> ; rdf:rest _:l . <#c08> a cica:Claim ; cica:evidence _:l .")
    codes = judged(toy)["codes"]
    assert isinstance(codes, list)
    assert "blank-node" in codes


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A socket on the loopback that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def was_called(server: socket.socket) -> bool:
    """Whether somebody connected to *server*."""
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_the_listener_notices_a_call(listener: socket.socket) -> None:
    """The test below would notice a fetch."""
    socket.create_connection(listener.getsockname()).close()
    assert was_called(listener)


@pytest.mark.parametrize("where", [MS, "shapes/hostile.ttl", "ontology/cica.ttl"])
def test_imports_are_not_followed(toy: Toy, listener: socket.socket, where: str) -> None:
    """owl:imports fetches nothing and reads no file, whoever writes it."""
    port = listener.getsockname()[1]
    bait = toy.write("bait.ttl", "@prefix : <http://e/> . broken")
    path = toy.path(where)
    text = path.read_text(encoding="utf-8") if path.exists() else SHAPES + "sh:nodeKind sh:IRI .\n"
    imported = f"<http://127.0.0.1:{port}/x.ttl> , <{bait.as_uri()}>"
    imports = f"\n<{ONTOLOGY}> <http://www.w3.org/2002/07/owl#imports> {imported} .\n"
    toy.write(where, text + imports)
    assert "error" not in judged(toy)
    assert not was_called(listener)


@pytest.mark.parametrize("clause", ["FROM <{}>", "FROM NAMED <{}>"])
@pytest.mark.parametrize("reached", ["http", "file"])
def test_a_query_that_reads_elsewhere_is_refused(
    toy: Toy, listener: socket.socket, clause: str, reached: str
) -> None:
    """FROM in a shape's query is a finding before anything is read."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/x.ttl"
    iri = address if reached == "http" else toy.write("bait.ttl", "").as_uri()
    query = f"SELECT $this {clause.format(iri)} WHERE {{ $this a ?kind }}"
    toy.write("shapes/hostile.ttl", f'{SHAPES} sh:sparql [ sh:select "{query}" ] .')
    assert judged(toy) == {"codes": ["shape-query-reach"]}
    assert not was_called(listener)


def test_a_query_that_asks_a_service_is_refused(toy: Toy, listener: socket.socket) -> None:
    """SERVICE in a shape's query is a finding, and nobody is asked."""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    query = f"SELECT $this WHERE {{ SERVICE <{address}> {{ $this a ?kind }} }}"
    toy.write("shapes/hostile.ttl", f'{SHAPES} sh:sparql [ sh:select "{query}" ] .')
    assert judged(toy) == {"codes": ["shape-query-reach"]}
    assert not was_called(listener)


def test_a_query_without_end_is_stopped(toy: Toy) -> None:
    """A query that is sound and joins everything with everything ends at the limit."""
    query = f'sh:sparql [ sh:select "SELECT $this {{ {JOIN} }}" ] .'
    toy.write("shapes/corpus-hostile.ttl", SHAPES + query)
    started = time.monotonic()
    found = judged(toy, seconds=4)
    assert found["error"] in {"check-timeout", "check-memory"}
    assert "4 seconds" in str(found["detail"]) or found["error"] == "check-memory"
    assert time.monotonic() - started < 20


def many_ways(depth: int) -> str:
    """Return a shape that uses the next one twice, *depth* times: the billion laughs of shapes."""
    levels = (f"rule:L{one} sh:and ( rule:L{one + 1} rule:L{one + 1} ) .\n" for one in range(depth))
    return f"sh:node rule:L0 .\n{''.join(levels)}rule:L{depth} sh:nodeKind sh:IRI ."


@pytest.mark.parametrize(
    ("constraint", "code"),
    [
        ("sh:node rule:Hostile .", "shape-recursive"),
        ("sh:not rule:Hostile .", "shape-recursive"),
        (
            "sh:property rule:P . rule:P sh:path skos:prefLabel ; sh:node rule:Hostile .",
            "shape-recursive",
        ),
        (many_ways(40), "shape-recursive"),
        (many_ways(3_000), "shape-recursive"),
        ("sh:in rule:list . rule:list rdf:first cica:Person ; rdf:rest rule:list .", "shape-list"),
        (
            "sh:or rule:list . rule:list rdf:first rule:A ; rdf:rest rule:list . rule:A sh:in () .",
            "shape-list",
        ),
        (
            "sh:property [ sh:path rule:path ; sh:minCount 1 ] . rule:path sh:inversePath rule:path .",
            "shape-path",
        ),
        ('sh:property [ sh:path skos:prefLabel ; sh:pattern "(" ] .', "shape-pattern"),
        ('sh:property [ sh:path skos:prefLabel ; sh:pattern "^(([a-z ]+)+)+$" ] .', "shape-pattern-risk"),
        ('sh:property [ sh:path skos:prefLabel ; sh:pattern "((a{999}){999}){999}" ] .', "shape-pattern"),
        (f'sh:property [ sh:path skos:prefLabel ; sh:pattern "{"(" * 90_000}" ] .', "shape-pattern-risk"),
        ('sh:property [ sh:path skos:prefLabel ; sh:minCount "many" ] .', "shape-constraint"),
        (f'sh:sparql [ sh:select "SELECT $this {"{" * 30_000}" ] .', "shape-query-syntax"),
        (f'sh:sparql [ sh:select "SELECT $this {{ FILTER({"!" * 30_000}?x) }}" ] .', "shape-query-syntax"),
        (f'sh:sparql [ sh:select "{"a" * 3_000_000}" ] .', "shape-query-syntax"),
        (
            f'sh:sparql [ sh:select "SELECT (COUNT(*) AS ?this) {{ {VALUES} }}" ] .',
            "shape-query-form",
        ),
    ],
    ids=[
        "itself", "not itself", "in a ring", "many ways", "ways without end", "cyclic sh:in", "cyclic sh:or",
        "cyclic path", "no regex", "backtracking", "huge regex", "deep regex", "no count", "deep query",
        "long query", "long word", "endless values",
    ],
)  # fmt: skip
def test_shapes_that_lead_nowhere_are_told(toy: Toy, constraint: str, code: str) -> None:
    """Recursive, broken and boundless shapes are findings, and no engine sees them."""
    toy.write("shapes/hostile.ttl", SHAPES + constraint)
    codes = judged(toy)["codes"]
    assert isinstance(codes, list)
    assert code in codes
    assert {one.partition("-")[0] for one in codes} == {"shape"}


# Files that are no files, or too much


def sarif_of(toy: Toy) -> tuple[int, str, set[str]]:
    """Run `cicakg check -f sarif` on *toy*: its exit code, its standard error, and the rules broken."""
    command = [sys.executable, "-m", "cicakg", "check", "-f", "sarif"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, cwd=toy.root)
    assert "Traceback" not in done.stderr
    found = json.loads(done.stdout)["runs"][0]["results"] if done.stdout else []
    return done.returncode, done.stderr, {one["ruleId"] for one in found}


def make_directory(path: Path) -> None:
    """Make a folder with the name of a file."""
    path.mkdir()


def make_circle(path: Path) -> None:
    """Make a link that leads to itself."""
    path.symlink_to(path.name)


def make_device(path: Path) -> None:
    """Make a link to a device that never ends."""
    path.symlink_to("/dev/zero")


def make_giant(path: Path) -> None:
    """Make a file with a literal of 100 MB; it takes no room on the disk."""
    with path.open("wb") as file:
        file.write(b'<#c01> rdfs:comment "')
        file.seek(100_000_000)
        file.write(b'" .')


@pytest.mark.parametrize("make", [make_directory, os.mkfifo, make_circle, make_device, make_giant])
@pytest.mark.parametrize(
    "name", ["data/articles/2031/2031-ms-odd.ttl", "data/entities/events.ttl", "shapes/odd.ttl"]
)
def test_what_is_no_file_is_a_clear_error(toy: Toy, name: str, make: Callable[[Path], None]) -> None:
    """Folders, pipes, circles of links, devices and giants are named, and nothing waits for them."""
    path = toy.path(name)
    path.unlink(missing_ok=True)
    make(path)
    code, said, _ = sarif_of(toy)
    assert code == 2
    assert f"{path.name} cannot be read: " in said


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"#" + b" " * 5_000_000,
        b"".join(b"@prefix p%d: <x:%d> .\n" % (one, one) for one in range(100_000)),
        b"<#c01> <x:p> " + b", ".join(b"<#c%d>" % one for one in range(100_000)) + b" .",
        b"\x00" * 1_000_000,
        b"\xff" * 1_000_000,
    ],
    ids=["empty", "mark only", "long line", "prefixes", "long list", "NUL", "no UTF-8"],
)
@pytest.mark.parametrize("name", ["ms", "shapes/odd.ttl"])
def test_a_file_that_says_nothing_or_too_much_ends_in_findings(toy: Toy, name: str, data: bytes) -> None:
    """Whatever stands in a file, a report in a machine's format comes out."""
    toy.path(name).write_bytes(data)
    code, said, rules = sarif_of(toy)
    assert (code, said) in {(1, ""), (0, "")}
    assert (code == 1) == bool(rules)
