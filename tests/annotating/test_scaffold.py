"""A new article's file parses, says what the text alone tells, and leaves the rest to a person."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.annotating.scaffold import Choice, choose_slug, destination, scaffold, write_new
from cicakg.annotating.texts import ArticleText, read_text
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder
from cicakg.turtle import read_turtle

KAZAKH = "Жаңалықтар\n\nӨзен кеңесі 4 мамыр 2031 жылы жиналды 🏞, ғимарат ашылды.\u00a0Қала әкімі сөйледі.\n"
MALAY = "Sidang itu dibuka di kota.\n"
TO_FILL_IN = {"set-creator", "article-title", "article-date"}
"""The rules that only a person can satisfy: who annotates, the headline, the date or its bounds."""


def text_file(folder: Path, text: str = KAZAKH, name: str = "905_00000000000000ff.txt") -> ArticleText:
    """Write a text and read it."""
    path = folder / name
    path.write_bytes(text.encode())
    return read_text(path)


def made(toy: Toy, text: ArticleText, slug: str | None = None, language: str | None = None) -> Path:
    """Make the file for *text* in the toy repository."""
    folder = DatasetFolder(toy.root)
    choice = choose_slug(text, language, slug)
    path = destination(folder, choice.slug, None)
    write_new(path, scaffold(folder, text, choice, date(2031, 6, 1)))
    return path


def test_check_only_asks_for_what_a_person_knows(toy: Toy, tmp_path: Path) -> None:
    """`cicakg check --texts` finds nothing wrong but the creator, the title and the date that are missing."""
    text = text_file(toy.texts)
    path = made(toy, text, "river-day")
    assert path == toy.root / "data/articles/2031/2031-kk-river-day.ttl"
    assert {one.code for one in toy.check([path], has_texts=True).findings} == TO_FILL_IN


def test_filled_in_it_is_right(toy: Toy) -> None:
    """With the comments replaced as they say, nothing is left to complain of."""
    path = made(toy, text_file(toy.texts), "river-day")
    written = path.read_text(encoding="utf-8")
    for start, line in (
        ("    # TODO  dcterms:creator", '    dcterms:creator "toy editors" ;'),
        ("    # TODO  dcterms:title", '    dcterms:title "Жаңалықтар"@kk ;'),
        ("    # TODO  dcterms:issued", '    dcterms:issued "2031-05-04"^^xsd:date ;'),
    ):
        (old,) = (one for one in written.splitlines() if one.startswith(start))
        written = written.replace(old, line)
    path.write_text(written, encoding="utf-8")
    assert toy.check([path], has_texts=True).findings == ()


def test_what_it_says_is_computed_from_the_text(toy: Toy, tmp_path: Path) -> None:
    """Identifier from the file's name, SHA-256 of the bytes, length in code points, all prefixes in use."""
    text = text_file(tmp_path)
    document = read_turtle(made(toy, text, "river-day").read_bytes())
    said = {one.triple.predicate.value.rpartition("/")[2]: one.triple.object for one in document.triples}
    values = {name: getattr(value, "value", "") for name, value in said.items()}
    assert values["identifier"] == "905_00000000000000ff"
    assert values["ontology#digest"] == "sha256:" + hashlib.sha256(KAZAKH.encode()).hexdigest()
    assert values["ontology#textLength"] == str(len(KAZAKH))
    assert values["language"] == "kk"
    assert "event-type" in document.prefixes
    assert document.base == "https://w3id.org/cicakg/article/2031-kk-river-day"


def test_no_word_of_the_text_is_in_it(toy: Toy, tmp_path: Path) -> None:
    """Candidates for title and excluded passages are offsets, never words."""
    written = made(toy, text_file(tmp_path), "river-day").read_text(encoding="utf-8")
    assert "<#char=0,10>" in written
    assert not any(word in written for word in ("Жаңалықтар", "кеңесі", "ғимарат"))


def test_it_says_how_it_guessed(toy: Toy, tmp_path: Path) -> None:
    """Language and year stand with their reasons, and an annotator's word with what the text looks like."""
    written = made(toy, text_file(tmp_path)).read_text(encoding="utf-8")
    assert "# Language kk, guessed: 100% of its letters are Cyrillic" in written
    assert "# Year 2031 in the article's name, guessed: every complete date" in written
    other = choose_slug(text_file(tmp_path), "ru", "2031-ru-river-day")
    assert other.language_reason.startswith("given by the annotator; but the text looks like kk")


@pytest.mark.parametrize(
    ("text", "language", "slug", "code"),
    [
        (MALAY, None, None, "language-unclear"),
        (MALAY, "ms", None, "year-unclear"),
        (MALAY, "ms", "2031-ar-x", "slug-invalid"),
        (MALAY, "ms-Latn", "2031-ms-x", "language-invalid"),
        (MALAY, "malay language", "2031-ms-x", "language-invalid"),
        (KAZAKH, None, "River Day", "slug-invalid"),
        (KAZAKH, None, "../x", "slug-invalid"),
    ],
)
def test_what_is_not_clear_is_asked_for(
    tmp_path: Path, text: str, language: str | None, slug: str | None, code: str
) -> None:
    """Nothing is made up: an unclear language, an unclear year and a slug that is none are errors."""
    with pytest.raises(CicakgError) as fault:
        choose_slug(text_file(tmp_path, text), language, slug)
    assert fault.value.code == code


def test_a_file_name_without_latin_letters_gives_no_slug(tmp_path: Path) -> None:
    """The person is asked for words instead."""
    with pytest.raises(CicakgError, match="--slug"):
        choose_slug(text_file(tmp_path, name="мақала.txt"), None, None)


def test_a_strange_file_name_is_said_to_be_strange(toy: Toy, tmp_path: Path) -> None:
    """A name with quotation marks makes a literal all the same, with a note; check asks for another."""
    path = made(toy, text_file(tmp_path, name='my "text".txt'))
    assert {one.code for one in toy.check([path]).findings} == {*TO_FILL_IN, "article-identifier"}
    assert "rename it" in path.read_text(encoding="utf-8")


def test_a_text_is_annotated_once(toy: Toy) -> None:
    """The same bytes under another name lead to the article that is there."""
    text = text_file(toy.root, (toy.texts / "900_00000000000000a1.txt").read_bytes().decode())
    with pytest.raises(CicakgError, match="2031-ms-river-council"):
        scaffold(DatasetFolder(toy.root), text, Choice("2031-ms-x", "ms", "", ""), date(2031, 6, 1))


def test_nothing_is_overwritten(toy: Toy, tmp_path: Path) -> None:
    """A file that is there stays as it is, whoever wrote it, and nothing is left beside it."""
    path = made(toy, text_file(tmp_path), "river-day")
    before = path.read_bytes()
    with pytest.raises(CicakgError, match="is not overwritten"):
        write_new(path, "other")
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir() if "river-day" in one.name] == [path.name]


def test_the_output_has_the_name_of_the_article(tmp_path: Path) -> None:
    """A file called otherwise would have another IRI than it says."""
    folder = DatasetFolder(tmp_path)
    assert destination(folder, "2031-kk-x", tmp_path / "2031-kk-x.ttl") == tmp_path / "2031-kk-x.ttl"
    with pytest.raises(CicakgError, match=r"2031-kk-x\.ttl"):
        destination(folder, "2031-kk-x", tmp_path / "other.ttl")
