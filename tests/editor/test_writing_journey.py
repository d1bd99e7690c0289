"""Completion, hover, definition, references and symbols, as an annotator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor_client import Editor, Message, Writing, place_of, span

CLAIM = """
<#c90> a cica:Claim ;
    rdf:subject id:kazakhstan ; rdf:predicate cica:holder ;
    rdf:object """


def complete(editor: Editor, path: Path, written: str) -> list[Message]:
    """Open the file at *path* with *written* behind its text, and ask what is offered at its end."""
    text = path.read_text(encoding="utf-8") + written
    uri = editor.open(path, text)
    lines = text.split("\n")
    end = len(lines[-1].encode("utf-16-le")) // 2
    answer = editor.request("textDocument/completion", editor.at(uri, len(lines) - 1, end))
    assert answer["isIncomplete"] is True
    items: list[Message] = sorted(answer["items"], key=lambda one: one["sortText"])
    return items


@pytest.mark.parametrize(
    "typed",
    [
        "Тоқаев",
        "id:Тоқаев",
        "توكاييف",
        "id:توكاييف",
        "Jomart",
        "jomart tok",
        "Токаев",
        "id:kassym",
        "TOKAYEV",
    ],
)
def test_an_entity_is_offered_by_any_name(writing: Writing, typed: str) -> None:
    """A name in any of the languages, or a part of one, gives the entity, and the editor keeps it."""
    items = complete(writing.editor, writing.article, CLAIM + typed)
    hit = next(one for one in items if one["label"] == "id:kassym-jomart-tokayev")
    assert hit["textEdit"]["newText"] == "id:kassym-jomart-tokayev"
    assert hit["filterText"] == typed
    edited = hit["textEdit"]["range"]
    assert edited["end"]["character"] - edited["start"]["character"] == len(typed)
    for label in ("Kassym-Jomart Tokayev", "Қасым-Жомарт Тоқаев", "قاسم جومارت توكاييف"):
        assert label in hit["documentation"]["value"].replace("\\", "")
    assert "additionalTextEdits" not in hit


def labels(items: list[Message]) -> set[str]:
    """Return what is offered."""
    return {one["label"] for one in items}


def test_what_fits_comes_first(writing: Writing) -> None:
    """The object of a claim is offered by the range of its predicate: cica:holder takes an agent."""
    items = complete(writing.editor, writing.article, CLAIM + "Тоқаев")
    assert items[0]["label"] == "id:kassym-jomart-tokayev"


@pytest.mark.parametrize(
    ("written", "there", "not_there"),
    [
        ("\n<#c90> a ", {"cica:Claim", "cica:Quotation"}, {"cica:evidence", "id:cica"}),
        ("\n<#c90> a cica:Claim ; ", {"cica:modality", "cica:evidence", "rdf:subject"}, {"cica:holder"}),
        ("\n<#c90> a cica:Claim ; rdf:subject id:cica ; ", {"rdf:object"}, {"rdf:subject"}),
        ("\n<#c90> a cica:Claim ; cica:modality modality:", {"modality:fact", "modality:plan"}, {"id:cica"}),
        ("\n<#c90> a cica:Claim ; cica:modality fakt", {"modality:fact"}, {"cica:Claim"}),
        (
            "\n<#c90> a cica:Claim ; rdf:subject id:chairmanship-kazakhstan-2022-2024 ; rdf:predicate ",
            {"cica:holder", "cica:organization"},
            {"cica:evidence", "cica:participant"},
        ),
        ('\n<#c90> rdfs:comment "a"@k', {"kk", "kk-Latn"}, {"en"}),
        ('\n<#c90> rdf:object "2020"^^xsd:g', {"xsd:gYear"}, {"xsd:date"}),
    ],
)
def test_what_is_offered_depends_on_the_place(
    writing: Writing, written: str, there: set[str], not_there: set[str]
) -> None:
    """Classes behind 'a', properties that fit behind ';', concepts by their scheme, tags behind '@'."""
    found = labels(complete(writing.editor, writing.article, written))
    assert there <= found
    assert not not_there & found


@pytest.mark.parametrize(
    "written",
    [
        "\n<#c90> cica:evidence ",
        "\n<#c90> cica:evidence <#char=1",
        '\n<#c90> rdfs:comment "Ast',
        '\n<#c90> rdfs:comment """Ast\nAst',
        "\n# Ast",
    ],
)
def test_nothing_is_offered_where_nothing_can_be_known(writing: Writing, written: str) -> None:
    """Spans, literals and comments are the annotator's own."""
    assert complete(writing.editor, writing.article, written) == []


def test_a_missing_prefix_is_declared(writing: Writing, tmp_path: Path) -> None:
    """What is offered with a prefix the file lacks brings its declaration, in the order of the others."""
    path = tmp_path / "2024-ms-new.ttl"
    path.write_text(
        "@base <https://w3id.org/cicakg/article/2024-ms-new> .\n"
        "@prefix cica: <https://w3id.org/cicakg/ontology#> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n",
        encoding="utf-8",
    )
    hit = next(one for one in complete(writing.editor, path, CLAIM + "Astana") if one["label"] == "id:astana")
    assert hit["additionalTextEdits"] == [
        {"range": span((2, 0), (2, 0)), "newText": "@prefix id: <https://w3id.org/cicakg/id/> .\n"}
    ]


def test_a_hover_tells_what_a_term_is(writing: Writing) -> None:
    """Over an entity: its class and its labels in five languages; over a property: its definition."""
    editor, article = writing.editor, writing.article
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    line, column = place_of(text, "id:kairat-sarybay")
    found = editor.request("textDocument/hover", editor.at(uri, line, column + 5))
    value = found["contents"]["value"].replace("\\", "")
    assert "cica:Person" in value
    for tag, label in (("ar", "خيرت ساريباي"), ("kk", "Қайрат Сарыбай"), ("ru", "Кайрат Сарыбай")):
        assert f"{tag}: \u2068{label}\u2069" in value
    assert found["range"] == span((line, column), (line, column + len("id:kairat-sarybay")))
    line, column = place_of(text, "cica:agendaItem")
    found = editor.request("textDocument/hover", editor.at(uri, line, column))
    assert "matter that was or is to be discussed" in found["contents"]["value"]


def test_a_hover_tells_what_a_rule_asks(editor: Editor, dataset: Path, article: Path) -> None:
    """Over what is underlined: the rule, what it asks and why, in plain text where there is no Markdown."""
    editor.start(dataset, textDocument={"publishDiagnostics": {"versionSupport": True}})
    broken = article.read_text(encoding="utf-8").replace("cica:agendaItem", "cica:agendaItm", 1)
    uri = editor.open(article, broken)
    (hit,) = editor.diagnostics(uri, 1)
    start = hit["range"]["start"]
    found = editor.request("textDocument/hover", editor.at(uri, start["line"], start["character"]))
    assert found["contents"]["kind"] == "plaintext"
    assert found["contents"]["value"].startswith("unknown-term (violation): ")
    assert "Every predicate and class is declared in the ontology" in found["contents"]["value"]


def test_a_term_leads_to_its_description_and_its_uses(writing: Writing) -> None:
    """Definition goes to the entity's file, open and changed or not; references are those grep finds."""
    editor, article = writing.editor, writing.article
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    at = editor.at(uri, *place_of(text, "id:kairat-sarybay"))
    people = writing.root / "data/entities/people.ttl"
    held = people.read_text(encoding="utf-8")
    start = place_of(held, "id:kairat-sarybay")
    there = span(start, (start[0], start[1] + len("id:kairat-sarybay")))
    assert editor.request("textDocument/definition", at) == {"uri": people.as_uri(), "range": there}
    editor.open(people, "\n" + held)
    moved = editor.request("textDocument/definition", at)
    assert moved["range"]["start"]["line"] == start[0] + 1
    found = editor.request("textDocument/references", {**at, "context": {"includeDeclaration": False}})
    counted = {
        path.as_uri(): path.read_text(encoding="utf-8").count("id:kairat-sarybay ")
        for path in (writing.root / "data/articles").rglob("*.ttl")
    }
    assert {one: sum(hit["uri"] == one for hit in found) for one in counted} == counted
    with_it = editor.request("textDocument/references", {**at, "context": {"includeDeclaration": True}})
    assert len(with_it) == len(found) + 1
    editor.notify("textDocument/didClose", {"textDocument": {"uri": people.as_uri()}})


def test_a_class_is_found_in_the_ontology(writing: Writing) -> None:
    """A term of the ontology leads to the line that declares it; a claim's name to the claim itself."""
    editor, article = writing.editor, writing.article
    text = article.read_text(encoding="utf-8")
    uri = editor.open(article)
    found = editor.request("textDocument/definition", editor.at(uri, *place_of(text, "cica:Claim")))
    ontology = (writing.root / "ontology/cica.ttl").read_text(encoding="utf-8")
    assert found["uri"].endswith("/ontology/cica.ttl")
    assert ontology.splitlines()[found["range"]["start"]["line"]].startswith("cica:Claim a owl:Class")
    here = editor.request("textDocument/definition", editor.at(uri, *place_of(text, "<#c05>")))
    assert here["uri"] == uri


def test_the_outline_says_what_claims_say(editor: Editor, dataset: Path, article: Path) -> None:
    """Each claim is a symbol with its statement in words of the language set, while a text is broken, too."""
    editor.start(dataset, options={"lang": "kk"})
    text = article.read_text(encoding="utf-8").replace('"السفير"@ar', '"السفير', 1)
    uri = editor.open(article, text)
    found = editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    (hit,) = [one for one in found if one["name"].startswith("#c08 ")]
    assert "қатысушы" in hit["name"]
    assert "Қайрат Сарыбай" in hit["name"]
    start = place_of(text, "<#c08>")
    assert hit["selectionRange"] == span(start, (start[0], start[1] + len("<#c08>")))
    claims = [one for one in found if one["detail"] == "cica:Claim"]
    assert len(claims) == text.count("a cica:Claim")
