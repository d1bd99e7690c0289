"""An article's text is the one that was annotated, to the last byte, or it is not used."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.annotating.articles import find_article, prefixed
from cicakg.annotating.texts import context, read_text, verified_text, words
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

TEXT = "texts/900_00000000000000a1.txt"


def verify(toy: Toy, folder: Path | None) -> str:
    """The verified text of the Malay toy article."""
    return verified_text(find_article(DatasetFolder(toy.root), "2031-ms-river-council"), folder).text


def test_the_annotated_text_is_given_as_it_stands(toy: Toy) -> None:
    """Every code point of the file, and nothing else."""
    assert verify(toy, toy.texts) == (toy.root / TEXT).read_bytes().decode("utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (TEXT, "3 Mei", "4 Mei", "digest"),
        (TEXT, "\n\n", "\r\n\r\n", "digest"),
        ("ms", "cica:textLength 270", "cica:textLength 271", "270 code points"),
        ("ms", "900_00000000000000a1", "900_00000000000000a9", "no 900_00000000000000a9.txt"),
        ("ms", '"900_00000000000000a1"', '"../texts/900_00000000000000a9"', "no 900_00000000000000a9.txt"),
    ],
)
def test_a_text_that_does_not_fit_is_an_error(toy: Toy, file: str, old: str, new: str, says: str) -> None:
    """One changed character, one line break, a wrong length or name: nothing is said about its spans."""
    toy.replace(file, old, new)
    with pytest.raises(CicakgError, match=says):
        verify(toy, toy.texts)


def test_folders_that_are_none_are_errors(toy: Toy) -> None:
    """No folder, and a folder that is not there, are two sentences."""
    with pytest.raises(CicakgError, match="--texts DIR") as unknown:
        verify(toy, None)
    with pytest.raises(CicakgError, match="is not a folder") as missing:
        verify(toy, toy.root / "nowhere")
    assert [unknown.value.code, missing.value.code] == ["texts-unknown", "texts-not-found"]


@pytest.mark.parametrize(("data", "says"), [(b"", "empty"), (b" \n", "empty"), (b"ab\xff", "byte 2")])
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    """An empty file and one that is not UTF-8 are named with the place."""
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    with pytest.raises(CicakgError, match=says):
        read_text(path)


def test_a_byte_order_mark_counts(tmp_path: Path) -> None:
    """Offsets are over the file as it is, so its first character is the mark."""
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbfab")
    assert read_text(path).text == "\ufeffab"


def test_articles_are_found_by_slug_part_and_path(toy: Toy) -> None:
    """An article is named by its slug, by a part only it has, or by its file."""
    folder = DatasetFolder(toy.root)
    for name in ("2031-ms-river-council", "ms-river", str(toy.path("ms"))):
        assert find_article(folder, name).slug == "2031-ms-river-council"
    with pytest.raises(CicakgError, match="any of 2031-ar-river-council, 2031-ms-river-council"):
        find_article(folder, "river")
    with pytest.raises(
        CicakgError, match=r"There is no article 2031-ms-river-councel.*2031-ms-river-council"
    ):
        find_article(folder, "2031-ms-river-councel")


def test_claims_are_read_with_their_spans(toy: Toy) -> None:
    """What the toy article says in its file: seven claims, two spans for the third, one passage excluded."""
    article = find_article(DatasetFolder(toy.root), "ms-river")
    assert [one.name for one in article.claims] == [f"#c0{number}" for number in range(1, 8)]
    assert article.claims[2].evidence == ((14, 36), (38, 93))
    assert article.excluded == ((255, 269),)
    assert article.claims[5].modality == "plan"
    assert article.claims[5].statement == "id:river-council-second-session cica:place id:new-town"
    assert [one.name for one in article.claims_at(95, 96)] == ["#c04"]


def test_iris_are_abbreviated_as_an_annotator_writes_them() -> None:
    """Concepts by their scheme, entities as id:, and what has no prefix in full."""
    base = "https://w3id.org/cicakg/"
    assert prefixed(f"{base}concept/role/chair") == "role:chair"
    assert prefixed(f"{base}id/cica") == "id:cica"
    assert prefixed(f"{base}graph/2031-ms-x") == "graph:2031-ms-x"
    assert prefixed("http://www.wikidata.org/entity/Q1") == "<http://www.wikidata.org/entity/Q1>"


def test_context_is_cut_between_words() -> None:
    """Whole words on both sides, an ellipsis where something is left out."""
    text = "satu dua tiga empat lima enam tujuh"
    found = context(text, 14, 19, width=7)
    assert (found.before, found.words, found.after) == ("… tiga ", "empat", " lima …")
    assert context("a b c", 2, 3).before == "a "


def test_words_keep_their_marks_and_hyphens() -> None:
    """Harakat, hyphens and apostrophes within a word belong to it; punctuation around it does not."""
    text = "«مُجلِسٌ» іс-қимыл, Qur’an — 3.5"
    assert [text[slice(*one)] for one in words(text)] == ["مُجلِسٌ", "іс-қимыл", "Qur’an", "3", "5"]
