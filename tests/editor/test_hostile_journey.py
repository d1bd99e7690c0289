"""What must not stop an editor: shapes that take for ever, files that are none, clients that err."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

from editor_client import Editor, place_of, span


def endless_shape() -> str:
    """A rule that is written as rules are, and asks for some ten thousand million combinations."""
    parts = " . ".join(f"$this ?p{number} ?o{number}" for number in range(12))
    values = ", ".join(f"STR(?o{number})" for number in range(12))
    return f"""
rule:Endless a sh:NodeShape ;
    sh:targetClass cica:Claim ;
    sh:sparql [ sh:prefixes rule:Prefixes ;
        sh:select \"\"\"SELECT $this WHERE {{ {parts} FILTER(CONCAT({values}) = "x") }}\"\"\" ] ;
    sh:severity sh:Warning ;
    sh:message "It never comes to this."@en ;
    rule:code "endless" ;
    rule:what "Nothing."@en ;
    rule:why "It is for a test."@en ;
    rule:example "None."@en ;
    rule:fix "Wait."@en .
"""


def children(process: int) -> list[int]:
    """The processes whose parent is *process* (proc(5))."""
    found = []
    for one in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(one.read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(one.parent.name))
    return found


def test_a_shape_that_takes_for_ever_is_ended(editor: Editor, dataset: Path, article: Path) -> None:
    """The check is stopped at its limit and said to be; hovers go on; when the shape is mended, so is all."""
    editor.start(dataset, options={"timeout": 8})
    broken = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, broken)
    before = editor.diagnostics(uri, 1)
    shape = dataset / "shapes/claim.ttl"
    right = shape.read_text(encoding="utf-8")
    shapes = editor.open(shape, right + endless_shape())
    line, column = place_of(broken, "id:kairat-sarybay")
    assert editor.request("textDocument/hover", editor.at(uri, line, column)) is not None
    editor.until(lambda: any("stopped after 8 seconds" in one for one in editor.said))
    assert editor.shown[uri]["diagnostics"] == before
    editor.change(shapes, 2, {"text": right})
    editor.change(uri, 2, {"text": article.read_text(encoding="utf-8")})
    assert editor.diagnostics(uri, 2) == []
    assert editor.leave() == 0


def test_a_check_that_was_killed_is_made_again(editor: Editor, dataset: Path, article: Path) -> None:
    """Where the checking process is killed from outside, the next change is checked by another one."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    editor.diagnostics(uri, 1)
    (worker,) = children(editor.process.pid)
    os.kill(worker, signal.SIGKILL)
    editor.change(uri, 2, {"text": text.replace("cica:agendaItem", "cica:agendaItm", 1)})
    version = 2
    while not editor.shown.get(uri, {}).get("diagnostics") and version < 5:
        version += 1
        editor.change(uri, version, {"text": text.replace("cica:agendaItem", "cica:agendaItm", 1)})
        editor.until(lambda: bool(editor.said) or bool(editor.shown[uri]["diagnostics"]))
        editor.said.clear()
    assert editor.diagnostics(uri, version)


def test_the_server_leaves_no_process_behind(editor: Editor, dataset: Path, article: Path) -> None:
    """When the server is killed in the middle of a check, its checking process ends as well."""
    editor.start(dataset)
    editor.diagnostics(editor.open(article), 1)
    (worker,) = children(editor.process.pid)
    editor.process.kill()
    editor.process.wait()
    # SIGKILL of a child at its parent's end is delivered by the kernel; reaping is init's.
    while Path(f"/proc/{worker}/stat").exists():
        if Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            break


NO_TURTLE = (
    "",
    "\ufeff",
    "\0\x01\x02\xff" * 1000,
    "\ud800",
    '"""',
    "[" * 5000,
    "<" * 3000,
    "@prefix",
    "a" * 100_000,
    "😀" * 999,
)


def test_texts_that_are_no_turtle_do_no_harm(editor: Editor, dataset: Path, article: Path) -> None:
    """Whatever an open text holds, it is marked, every request is answered, and mending it clears it."""
    editor.start(dataset)
    right = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    document = {"textDocument": {"uri": uri}}
    everywhere = {**document, "range": span((0, 0), (9, 9)), "context": {"diagnostics": []}}
    for number, text in enumerate(NO_TURTLE):
        version = 2 * number + 2
        editor.change(uri, version, {"text": text})
        assert editor.diagnostics(uri, version), text[:20]
        for name in ("hover", "completion", "definition"):
            editor.request(f"textDocument/{name}", editor.at(uri, 0, min(1, len(text))))
        assert editor.request("textDocument/documentSymbol", document) == []
        editor.request("textDocument/codeAction", everywhere)
        editor.change(uri, version + 1, {"text": right})
        assert editor.diagnostics(uri, version + 1) == []


def test_a_text_of_many_megabytes_is_not_looked_at(editor: Editor, dataset: Path, tmp_path: Path) -> None:
    """A text longer than any annotation is left alone, said to be, and edits of it are still followed."""
    editor.start(dataset)
    people = dataset / "data/entities/people.ttl"
    editor.diagnostics(editor.open(people), 1)
    uri = editor.open(tmp_path / "2024-ms-huge.ttl", "# 😀\n" * 20_000_000)
    editor.change(uri, 2, {"range": span((5, 0), (5, 0)), "text": "x"})
    assert editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}) == []
    assert [one for one in editor.said if "2024-ms-huge.ttl is longer than 8 MB" in one] == editor.said != []
    editor.change(
        uri, 3, {"text": "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n<> a cica:Artcle .\n"}
    )
    assert editor.diagnostics(uri, 3)


def test_clients_that_err_are_answered(editor: Editor, dataset: Path, article: Path) -> None:
    """Changes of unknown texts, places behind the end, unknown methods: an answer or nothing, no crash."""
    editor.start(dataset)
    editor.change((dataset / "never-opened.ttl").as_uri(), 7, {"text": "x"})
    editor.notify("textDocument/didClose", {"textDocument": {"uri": "file:///never-opened.ttl"}})
    editor.notify("$/unheardOf", {})
    untitled = "untitled:Untitled-1"
    document = {
        "uri": untitled,
        "languageId": "turtle",
        "version": 1,
        "text": "@prefix id: <https://w3id.org/cicakg/id/> .",
    }
    editor.notify("textDocument/didOpen", {"textDocument": document})
    assert editor.request("textDocument/hover", editor.at(untitled, 900, 900)) is None
    uri = editor.open(article)
    editor.change(uri, 2, {"range": span((10**6, 0), (10**6, 9)), "text": "# behind the end\n"})
    assert editor.diagnostics(uri, 2) == []
    number = editor.begin("cicakg/unheardOf", {})
    editor.until(lambda: number in editor.answers)
    assert editor.answers[number]["error"]["code"] == -32601
    assert editor.leave() == 0


def test_an_editor_that_just_leaves_is_noticed(editor: Editor, dataset: Path) -> None:
    """At the end of standard input the server ends, with the code for an editor that said no goodbye."""
    editor.start(dataset)
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(60) == 1
