"""Quick fixes: what is offered, and that applying it as an editor does mends the finding."""

from __future__ import annotations

from pathlib import Path

from editor_client import CAPABILITIES, Editor, Message, place_of, span


def applied(text: str, edits: list[Message]) -> str:
    """Return *text* after *edits*, whose characters are UTF-16 code units, from the last to the first."""
    starts = [0]
    for one in text.split("\n"):
        starts.append(starts[-1] + len(one.encode("utf-16-le")) + 2)
    data = text.encode("utf-16-le")
    for edit in sorted(edits, key=lambda one: tuple(one["range"]["start"].values()), reverse=True):
        start, end = (
            starts[place["line"]] + 2 * place["character"]
            for place in (edit["range"]["start"], edit["range"]["end"])
        )
        data = data[:start] + edit["newText"].encode("utf-16-le") + data[end:]
    return data.decode("utf-16-le")


def actions(editor: Editor, uri: str, where: Message, only: list[str] | None = None) -> list[Message]:
    """Ask for what can be done in the range *where*."""
    context: Message = {"diagnostics": []} if only is None else {"diagnostics": [], "only": only}
    params = {"textDocument": {"uri": uri}, "range": where, "context": context}
    found: list[Message] = editor.request("textDocument/codeAction", params)
    return found


def test_a_misspelt_term_is_mended_by_the_preferred_fix(editor: Editor, dataset: Path, article: Path) -> None:
    """The first fix of a misspelt property is preferred, is for this version, and leaves nothing to mend."""
    editor.start(dataset)
    right = article.read_text(encoding="utf-8")
    broken = right.replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, broken)
    (hit,) = editor.diagnostics(uri, 1)
    found = actions(editor, uri, hit["range"], ["quickfix"])
    assert found[0]["isPreferred"] is True
    assert found[0]["diagnostics"] == [hit]
    assert all("isPreferred" not in one for one in found[1:])
    (change,) = found[0]["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    assert applied(broken, change["edits"]) == right


def test_fixes_are_where_the_fault_is(editor: Editor, dataset: Path, article: Path) -> None:
    """Away from a finding there is no quick fix, and none for a version that was not checked."""
    editor.start(dataset)
    broken = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, broken)
    (hit,) = editor.diagnostics(uri, 1)
    assert actions(editor, uri, span((0, 0), (0, 5)), ["quickfix"]) == []
    editor.change(uri, 2, {"text": "\n" + broken})
    assert actions(editor, uri, hit["range"], ["quickfix"]) == []
    editor.diagnostics(uri, 2)
    assert actions(editor, uri, span((0, 0), (60, 0)), ["quickfix"])


def test_all_that_is_safe_is_mended_at_once(editor: Editor, dataset: Path, article: Path) -> None:
    """source.fixAll.cicakg mends two wrong language tags in one go, where no person has to choose."""
    editor.start(dataset)
    right = article.read_text(encoding="utf-8")
    broken = right.replace('"السفير"@ar', '"السفير"@AR').replace("hence the bounds;", "hence 😀 the bounds;")
    broken = broken.replace('estimate."@en', 'estimate."@EN')
    assert broken.count("@EN") + broken.count("@AR") == 2
    uri = editor.open(article, broken)
    assert {one["code"] for one in editor.diagnostics(uri, 1)} == {"label-tag"}
    found = actions(editor, uri, span((0, 0), (0, 0)), ["source.fixAll"])
    assert [one["kind"] for one in found] == ["source.fixAll.cicakg"]
    (change,) = found[0]["edit"]["documentChanges"]
    editor.change(uri, 2, {"text": applied(broken, change["edits"])})
    assert editor.diagnostics(uri, 2) == []


def test_fixes_are_called_in_the_language_set(editor: Editor, dataset: Path, article: Path) -> None:
    """The titles of a quick fix and of mending all are in the language of the setting cicakg.lang, also after
    it was changed.
    """
    editor.start(dataset, options={"lang": "kk"})
    broken = article.read_text(encoding="utf-8").replace('"السفير"@ar', '"السفير"@AR', 1)
    uri = editor.open(article, broken)
    (hit,) = editor.diagnostics(uri, 1)
    titles = [one["title"] for one in actions(editor, uri, hit["range"])]
    assert titles == ["@ar деп жазу", "Қауіпсіз түзетуге болатынның бәрін түзету"]
    editor.notify("workspace/didChangeConfiguration", {"settings": {"cicakg": {"lang": "ru"}}})
    editor.until(lambda: editor.shown[uri]["diagnostics"][0]["message"] != hit["message"])
    titles = [one["title"] for one in actions(editor, uri, hit["range"])]
    assert titles == ["Написать @ar", "Исправить всё, что можно исправить безопасно"]
    hover = editor.request("textDocument/hover", editor.at(uri, *hit["range"]["start"].values()))
    assert "(нарушение)" in hover["contents"]["value"]


def test_an_editor_that_knows_no_versions_gets_plain_changes(
    editor: Editor, dataset: Path, article: Path
) -> None:
    """Where the editor cannot take edits of a version, they are in the form every editor takes."""
    workspace = {**CAPABILITIES["workspace"], "workspaceEdit": {}}
    editor.start(dataset, workspace=workspace)
    broken = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, broken)
    (hit,) = editor.diagnostics(uri, 1)
    found = actions(editor, uri, hit["range"])
    start = place_of(broken, "cica:agendaItm")
    assert found[0]["edit"]["changes"][uri] == [
        {"range": span(start, (start[0], start[1] + len("cica:agendaItm"))), "newText": "cica:agendaItem"}
    ]
