"""What a person sees underlined while typing, by the real server over standard input and output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from editor_client import CAPABILITIES, Editor, Message, place_of, span


def utf16(text: str) -> int:
    """How many UTF-16 code units *text* takes, by Python's own encoder."""
    return len(text.encode("utf-16-le")) // 2


def utf8(text: str) -> int:
    """How many bytes *text* takes in UTF-8."""
    return len(text.encode())


def only(found: list[Message], code: str) -> Message:
    """Return the one diagnostic of *found*, which must be of the rule *code*."""
    assert [one["code"] for one in found] == [code], found
    return found[0]


def test_a_clean_file_has_no_diagnostics(editor: Editor, dataset: Path, article: Path) -> None:
    """The shipped data has no findings, so nothing of it is underlined; and the server leaves with 0."""
    editor.start(dataset)
    assert editor.diagnostics(editor.open(article), 1) == []
    assert editor.leave() == 0
    assert editor.said == []


PLANTED = (
    ("id:kairat-sarybay", "id:kairat-saribay", "unknown-entity"),
    ("cica:agendaItem", "cica:agendaItm", "unknown-term"),
    ('"السفير"@ar', '"السفير"@ara', "label-tag"),
    ("<#char=0,111>", "<#char=111,0>", "span-order"),
)


def test_planted_faults_are_underlined_from_end_to_end(editor: Editor, dataset: Path, article: Path) -> None:
    """A fault planted in an open text is underlined from the first character of its term to the last."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    for version, (old, new, code) in enumerate(PLANTED, start=2):
        broken = text.replace(old, new, 1)
        assert broken != text
        editor.change(uri, version, {"text": broken})
        found = [one for one in editor.diagnostics(uri, version) if one["code"] == code]
        assert found, editor.shown
        start = place_of(broken, new, utf16)
        assert found[0]["range"] == span(start, (start[0], start[1] + utf16(new)))
        assert found[0]["severity"] == 1
        assert found[0]["source"] == "cicakg"
        assert "codeDescription" not in found[0]


UNITS: list[tuple[str, Callable[[str], int]]] = [("utf-16", utf16), ("utf-8", utf8), ("utf-32", len)]


@pytest.mark.parametrize(("encoding", "units"), UNITS)
def test_columns_count_in_the_agreed_encoding(
    editor: Editor, dataset: Path, article: Path, encoding: str, units: Callable[[str], int]
) -> None:
    """A term behind Arabic, a tab and an emoji is underlined where the editor counts it, CRLF or not."""
    greeting = editor.start(dataset, general={"positionEncodings": [encoding]})
    assert greeting["capabilities"]["positionEncoding"] == encoding
    line = '\trdfs:comment "😀 الأمين 𝒳"@en ; cica:modality modality:fakt ;\r\n'
    text = article.read_text(encoding="utf-8").replace("\n", "\r\n")
    broken = text.replace("    cica:modality modality:fact ;\r\n", line, 1)
    found = only(editor.diagnostics(editor.open(article, broken), 1), "unknown-entity")
    row, column = place_of(broken, "modality:fakt", units)
    assert found["range"] == span((row, column), (row, column + len("modality:fakt")))


def test_a_byte_order_mark_is_counted_where_the_editor_has_one(
    editor: Editor, dataset: Path, article: Path
) -> None:
    """On the first line a mark that the editor holds counts as a character, on the others it does not."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    # The prefixes must come first: the statement goes onto one line with all of them.
    head, _, rest = text.partition("\n\n")
    broken = "\ufeff" + head.replace("\n", " ") + " <> cica:authr id:fatma-badawy .\n\n" + rest
    broken = broken.replace("cica:agendaItem", "cica:agendaItm", 1)
    found = editor.diagnostics(editor.open(article, broken), 1)
    ranges = [one["range"] for one in found if one["code"] == "unknown-term"]
    column = broken.index("cica:authr")
    later = place_of(broken, "cica:agendaItm")
    assert ranges == [
        span((0, column), (0, column + len("cica:authr"))),
        span(later, (later[0], later[1] + len("cica:agendaItm"))),
    ]


def test_incremental_changes_are_followed(editor: Editor, dataset: Path, article: Path) -> None:
    """A fault typed by changes of single characters is found, and gone when it is mended."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    row, column = place_of(text, "cica:agendaItem")
    end = column + len("cica:agendaItem")
    editor.change(uri, 2, {"range": span((row, end - 1), (row, end)), "text": ""})
    found = only(editor.diagnostics(uri, 2), "unknown-term")
    assert found["range"] == span((row, column), (row, end - 1))
    editor.change(uri, 3, {"range": span((row, end - 1), (row, end - 1)), "text": "m"})
    assert editor.diagnostics(uri, 3) == []


def test_of_rapid_edits_only_the_last_counts(editor: Editor, dataset: Path, article: Path) -> None:
    """Of twenty versions in a row none but the last is published with findings that are not its own."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    editor.diagnostics(uri, 1)
    for version in range(2, 22):
        editor.change(uri, version, {"text": text.replace("modality:fact", f"modality:fact{version}", 1)})
    found = only(editor.diagnostics(uri, 21), "unknown-entity")
    assert "modality:fact21" in found["message"]
    for one in editor.published:
        if one["uri"] == uri and one.get("version", 1) > 1:
            assert all(f"modality:fact{one['version']}" in held["message"] for held in one["diagnostics"])


def test_what_an_edit_breaks_elsewhere_is_underlined_and_cleared(
    editor: Editor, dataset: Path, article: Path
) -> None:
    """An entity that is renamed breaks the articles that name it; mended, nothing stays underlined."""
    editor.start(dataset)
    people = dataset / "data/entities/people.ttl"
    text = people.read_text(encoding="utf-8")
    uri = editor.open(people)
    assert editor.diagnostics(uri, 1) == []
    editor.change(uri, 2, {"text": text.replace("id:fatma-badawy ", "id:fatma-badawi ")})
    editor.diagnostics(uri, 2)
    other = article.as_uri()
    editor.until(lambda: bool(editor.shown.get(other, {}).get("diagnostics")))
    held = article.read_text(encoding="utf-8")
    start = place_of(held, "id:fatma-badawy")
    hit = only(editor.shown[other]["diagnostics"], "unknown-entity")
    assert hit["range"] == span(start, (start[0], start[1] + len("id:fatma-badawy")))
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    editor.until(lambda: not any(one["diagnostics"] for one in editor.shown.values()))


def test_a_text_that_is_not_turtle_is_marked_at_its_fault(
    editor: Editor, dataset: Path, article: Path
) -> None:
    """While a statement is unfinished there is one finding, where the reader got lost, and no crash."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    broken = text.replace("cica:author ;", "cica:author rdf:object ;", 1)
    found = only(editor.diagnostics(editor.open(article, broken), 1), "turtle-syntax")
    assert found["range"]["start"]["line"] == place_of(broken, "cica:author rdf:object")[0]
    assert found["range"]["start"] != found["range"]["end"]


def test_another_place_that_matters_is_named(editor: Editor, dataset: Path, article: Path) -> None:
    """Of a claim that says the same as an earlier one, the earlier one is named with its place."""
    editor.start(dataset)
    text = article.read_text(encoding="utf-8")
    twice = """
<#c90> a cica:Claim ;
    rdf:subject <> ; rdf:predicate cica:author ; rdf:object id:fatma-badawy ;
    cica:modality modality:fact ;
    cica:evidence <#char=112,128> .
"""
    found = editor.diagnostics(editor.open(article, text + twice), 1)
    hit = next(one for one in found if one["code"] == "claim-duplicate")
    start = place_of(text, "<#c05>")
    assert hit["tags"] == [1]
    assert hit["relatedInformation"] == [
        {
            "location": {"uri": article.as_uri(), "range": span(start, (start[0], start[1] + 6))},
            "message": "other: <#c05>",
        }
    ]


def test_files_changed_on_disk_are_checked_again(editor: Editor, dataset: Path, article: Path) -> None:
    """What another program saves is found when the editor tells of it; a deleted file loses its marks."""
    editor.start(dataset)
    people = dataset / "data/entities/people.ttl"
    editor.diagnostics(editor.open(people), 1)
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("cica:agendaItem", "cica:agendaItm", 1), encoding="utf-8")
    changed = {"changes": [{"uri": article.as_uri(), "type": 2}]}
    editor.notify("workspace/didChangeWatchedFiles", changed)
    editor.until(lambda: bool(editor.shown.get(article.as_uri(), {}).get("diagnostics")))
    article.unlink()
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": article.as_uri(), "type": 3}]})
    editor.until(lambda: not editor.shown[article.as_uri()]["diagnostics"])


def test_files_are_watched_here_where_the_editor_cannot(editor: Editor, dataset: Path, article: Path) -> None:
    """Without watching by the editor, a file saved by another program is found all the same."""
    editor.start(dataset, workspace={"workspaceFolders": True})
    editor.diagnostics(editor.open(dataset / "data/entities/people.ttl"), 1)
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("cica:agendaItem", "cica:agendaItm", 1), encoding="utf-8")
    editor.until(lambda: bool(editor.shown.get(article.as_uri(), {}).get("diagnostics")))


def test_a_new_article_is_checked_before_it_is_saved(editor: Editor, dataset: Path) -> None:
    """A text that has a name in the dataset but no file yet is checked with the others."""
    editor.start(dataset)
    new = dataset / "data/articles/2024/2024-ms-new-one.ttl"
    uri = editor.open(new, "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n<> a cica:Artcle .\n")
    assert editor.diagnostics(uri, 1)
    assert not new.exists()


def test_an_article_from_elsewhere_is_checked_alone(
    editor: Editor, dataset: Path, article: Path, tmp_path: Path
) -> None:
    """A copy of an article outside the dataset is checked as that article, and the dataset stays clean."""
    editor.start(dataset)
    copy = tmp_path / "elsewhere" / article.name
    text = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(copy, text)
    only(editor.diagnostics(uri, 1), "unknown-term")
    assert not editor.shown.get(article.as_uri(), {}).get("diagnostics")
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    editor.until(lambda: not editor.shown[uri]["diagnostics"])


def test_other_turtle_files_are_left_alone(editor: Editor, dataset: Path, tmp_path: Path) -> None:
    """A Turtle file that is no annotation is not checked as one."""
    editor.start(dataset)
    uri = editor.open(tmp_path / "other.ttl", "<http://example.org/a> <http://example.org/b> 1 .\n")
    assert editor.diagnostics(uri, 1) == []


def test_messages_are_in_the_language_set_and_rules_are_linked(
    editor: Editor, dataset: Path, article: Path
) -> None:
    """The settings the editor sends choose the language and the address of the rules; a wrong one is told."""
    options = {"lang": "ru", "rulesUrl": "https://example.org/rules", "colour": "red"}
    editor.start(dataset, options=options)
    text = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    found = only(editor.diagnostics(editor.open(article, text), 1), "unknown-term")
    assert any("а" <= one <= "я" for one in found["message"].lower())
    assert found["codeDescription"] == {"href": "https://example.org/rules#unknown-term"}
    assert any("cicakg.colour" in one for one in editor.said)


def test_settings_are_asked_for_and_changed(editor: Editor, dataset: Path, article: Path) -> None:
    """The editor's configuration is asked for, and a change of it counts at once."""
    editor.configuration = {"rulesUrl": "https://example.org/one"}
    workspace = {**CAPABILITIES["workspace"], "configuration": True}
    editor.start(dataset, workspace=workspace)
    text = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, text)
    found = only(editor.diagnostics(uri, 1), "unknown-term")
    assert found["codeDescription"]["href"].startswith("https://example.org/one#")
    settings = {"settings": {"cicakg": {"rulesUrl": "https://example.org/two"}}}
    editor.notify("workspace/didChangeConfiguration", settings)
    editor.until(
        lambda: editor.shown[uri]["diagnostics"][0]["codeDescription"]["href"].startswith(
            "https://example.org/two#"
        )
    )


def test_a_folder_without_a_dataset_is_told_in_one_sentence(editor: Editor, tmp_path: Path) -> None:
    """Opening a folder that is no dataset gives one message, and every request is still answered."""
    empty = tmp_path / "empty"
    empty.mkdir()
    editor.start(empty)
    uri = editor.open(empty / "2024-ms-any.ttl", "@prefix a: <b> .\n")
    assert editor.request("textDocument/hover", editor.at(uri, 0, 3)) is None
    assert len(editor.said) == 1
    assert "is not a dataset" in editor.said[0]
    assert editor.leave() == 0


def test_several_folders_are_checked_each_for_itself(
    editor: Editor, dataset: Path, article: Path, tmp_path: Path
) -> None:
    """With two datasets open, a fault in one is shown there and not in the other."""
    second = tmp_path / "second"
    second.symlink_to(dataset.parent / "copy")
    (dataset.parent / "copy").mkdir()
    for name in ("ontology", "data", "shapes"):
        (second / name).symlink_to(dataset / name)
    editor.start(dataset, tmp_path / "no-dataset", second)
    text = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, text)
    only(editor.diagnostics(uri, 1), "unknown-term")
    assert editor.said == []
