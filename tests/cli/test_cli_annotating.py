"""`cicakg new`, `span`, `find`, `coverage` and `suggest`, as an annotator types them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from toy_repository import Toy, copy_toy

from cicakg.cli import exit_code

Run = Callable[..., tuple[int, str, str]]
ISOLATES = {"LRI": 1, "RLI": 1, "FSI": 1, "PDI": -1}


@pytest.fixture
def toy(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A fresh copy of the toy repository, with its texts in the environment."""
    made = copy_toy(project, tmp_path / "toy")
    monkeypatch.setenv("CICAKG_TEXTS", str(made.texts))
    return made


@pytest.fixture
def run(toy: Toy, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command on the toy repository: exit code, output, errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = exit_code(["--root", str(toy.root), *arguments])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return command


def depths(line: str) -> list[int]:
    """How deep in directional isolates each character of *line* stands (UAX 9)."""
    depth = 0
    found = []
    for one in line:
        depth += ISOLATES.get(unicodedata.bidirectional(one), 0)
        found.append(depth)
    return found


def assert_isolated(text: str) -> None:
    """Every right-to-left letter stands between isolates, and each line closes those it opens."""
    for line in text.splitlines():
        deep = depths(line)
        assert not deep or deep[-1] == 0
        letters = [
            depth for one, depth in zip(line, deep, strict=True) if unicodedata.bidirectional(one) == "AL"
        ]
        assert all(letters)


class TestSpan:
    """Words to offsets."""

    def test_gives_the_iri_the_line_and_the_claims(self, run: Run, toy: Toy) -> None:
        """The offsets are those of the words in the text, with the claims that use them."""
        code, out, _ = run("span", "2031-ms-river-council", "Aminah Yusof")
        text = (toy.texts / "900_00000000000000a1.txt").read_bytes().decode()
        start = text.index("Aminah Yusof")
        assert code == 0
        assert f"<#char={start},{start + len('Aminah Yusof')}>  line 3, column {start - 38 + 1}" in out
        assert "#c05 fact" in out
        assert "⟦Aminah Yusof⟧" in out

    def test_right_to_left_words_are_safe(self, run: Run) -> None:
        """Arabic is found without its harakat, behind a letter outside the BMP, and shown isolated."""
        code, out, _ = run("span", "ar-river", "مجلس النهر")
        assert code == 0
        assert "<#char=42,52>" in out
        code, folded, _ = run("span", "ar-river", "المدينه القديمه يوم")
        assert code == 0
        assert "in another spelling" in folded
        assert_isolated(out + folded)

    def test_warns_of_excluded_passages(self, run: Run) -> None:
        """A place where no evidence may lie says so."""
        _, out, _ = run("span", "ms-river", "KONGSI")
        assert "<#char=255,269>: no evidence may" in out

    def test_words_that_are_not_there_exit_with_one(self, run: Run) -> None:
        """The nearest words are offered instead."""
        code, out, _ = run("span", "ms-river", "Amina Yusuf")
        assert code == 1
        assert "stands nowhere" in out
        assert "⟦Aminah Yusof⟧" in out

    def test_a_text_that_does_not_fit_is_an_error(self, run: Run, toy: Toy) -> None:
        """No span of another text is ever given."""
        path = toy.texts / "900_00000000000000a1.txt"
        path.write_bytes(path.read_bytes() + b" ")
        code, out, err = run("span", "ms-river", "Aminah")
        assert (code, out) == (2, "")
        assert "digest" in err

    def test_empty_words_are_an_error(self, run: Run) -> None:
        """White space alone is nothing to look for."""
        code, _, err = run("span", "ms-river", " ")
        assert code == 2
        assert "no words" in err


class TestFind:
    """Names to entities."""

    def test_text_says_what_to_paste(self, run: Run) -> None:
        """Prefixed IRI, class, label in the reader's language, number of claims; Arabic isolated."""
        code, out, _ = run("find", "النَّهر", "--lang", "ar")
        assert code == 0
        assert out.splitlines()[0].startswith("id:river-council  cica:Organization  ")
        assert out.splitlines()[0].endswith("@ar  2 claims")
        assert_isolated(out)

    def test_json_has_the_same_and_the_label_as_written(self, run: Run) -> None:
        """For programs: full IRI, matching label with its tag, rank and counts."""
        code, out, _ = run("find", "majlis", "sungai", "--format", "json", "--limit", "1")
        assert code == 0
        assert json.loads(out) == [
            {
                "iri": "https://w3id.org/cicakg/id/river-council",
                "curie": "id:river-council",
                "class": "cica:Organization",
                "match": {"label": "Majlis Sungai", "language": "ms", "rank": "exact", "bySound": False},
                "preferredLabel": {"label": "River Council", "language": "en"},
                "claims": 2,
            }
        ]

    def test_nothing_found_exits_with_one(self, run: Run) -> None:
        """In text a sentence, in JSON an empty list."""
        code, out, _ = run("find", "Zzyzx")
        assert code == 1
        assert "Nothing is called" in out
        code, out, _ = run("find", "Zzyzx", "--format", "json")
        assert (code, json.loads(out)) == (1, [])

    def test_a_language_that_is_none_is_an_error(self, run: Run) -> None:
        """The tag is named."""
        code, _, err = run("find", "river", "--lang", "no-such-language")
        assert code == 2
        assert "no-such-language" in err


class TestCoverage:
    """What has been read."""

    def test_counts_sentences_and_words(self, run: Run) -> None:
        """The toy article in Malay has a claim on each of its five sentences, the title included."""
        code, out, _ = run("coverage", "ms-river", "--strict")
        assert code == 0
        assert "7 claims; 0 of 5 sentences without a claim" in out

    def test_strict_fails_where_a_sentence_has_no_claim(self, run: Run) -> None:
        """The title of the Arabic toy article has none, and is shown, isolated."""
        code, out, _ = run("coverage", "ar-river", "--strict")
        assert code == 1
        (line,) = (line for line in out.splitlines() if "NO CLAIM" in line)
        assert "<#char=0,36>" in line
        assert_isolated(out)
        code, _, _ = run("coverage", "ar-river")
        assert code == 0

    def test_without_the_texts_offsets_alone(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Spans, excluded passages and gaps by number; what needs the text is an error."""
        monkeypatch.delenv("CICAKG_TEXTS")
        code, out, _ = run("coverage", "ms-river")
        assert code == 0
        assert "excluded: <#char=255,269>" in out
        assert re.search(r"in no span: <#char=0,14>.*<#char=204,216>", out)
        for option in (("--strict",), ("--html", "/nowhere.html")):
            code, _, err = run("coverage", *option)
            assert code == 2
            assert "--texts DIR" in err

    def test_the_page_is_not_written_into_the_dataset(self, run: Run, toy: Toy) -> None:
        """It holds article text; outside it is written, whole."""
        code, _, err = run("coverage", "--html", str(toy.root / "page.html"))
        assert code == 2
        assert "article's text" in err
        assert not (toy.root / "page.html").exists()
        outside = toy.root.parent / "page.html"
        code, _, err = run("coverage", "--html", str(outside))
        assert code == 0
        assert 'lang="ar" dir="rtl"' in outside.read_text(encoding="utf-8")

    def test_a_missing_text_is_left_out_of_all_and_an_error_for_one(self, run: Run, toy: Toy) -> None:
        """Of all articles the rest is shown; the one asked for by name, or a strict run, is not passed
        over.
        """
        (toy.texts / "900_00000000000000a2.txt").unlink()
        code, out, err = run("coverage")
        assert (code, "Left out" in err, "1 article:" in out) == (0, True, True)
        assert run("coverage", "ar-river")[0] == 2
        assert run("coverage", "--strict")[0] == 2


class TestSuggest:
    """Known names in a text."""

    def test_an_article_gives_entities_with_spans(self, run: Run, toy: Toy) -> None:
        """Each span holds a name of its entity, claims of the article are counted, Arabic is isolated."""
        code, out, _ = run("suggest", "ar-river")
        assert code == 0
        text = (toy.texts / "900_00000000000000a2.txt").read_bytes().decode()
        spans = re.findall(r"<#char=(\d+),(\d+)>", out)
        assert {text[int(one) : int(other)] for one, other in spans} == {
            "مجلسُ النهر",
            "مجلس النهر",
            "المدينة القديمة",
            "أمينة يوسف",
        }
        assert "id:river-council  cica:Organization" in out
        assert_isolated(out)

    def test_a_text_without_annotation_will_do(self, run: Run, tmp_path: Path) -> None:
        """A file that is no article yet is read as it is, and nothing is written beside it."""
        path = tmp_path / "new" / "text.txt"
        path.parent.mkdir()
        path.write_text("Petang itu Aminah Yusof tiba di Kota Lama.", encoding="utf-8")
        code, out, _ = run("suggest", str(path))
        assert code == 0
        assert "<#char=11,23>" in out
        assert "2 known entities in 2 places" in out
        assert list(path.parent.iterdir()) == [path]


class TestNew:
    """The beginning of a file."""

    def test_writes_where_it_belongs_and_never_twice(self, run: Run, toy: Toy, tmp_path: Path) -> None:
        """The file is where its name says, the next steps are printed, and a second run changes nothing."""
        text = tmp_path / "905_00000000000000ff.txt"
        text.write_text("Өзен кеңесі 4 мамыр 2031 жылы жиналды, ғимарат ашылды. Қала әкімі сөйледі.", "utf-8")
        code, out, err = run("new", str(text), "--slug", "river-day")
        path = toy.root / "data/articles/2031/2031-kk-river-day.ttl"
        assert (code, err) == (0, "")
        assert "TODO" in out
        before = path.read_bytes()
        text.write_text("Басқа мәтін", encoding="utf-8")
        code, _, err = run("new", str(text), "--slug", "2031-kk-river-day")
        assert code == 2
        assert "not overwritten" in err
        assert path.read_bytes() == before

    def test_prints_on_request(self, run: Run, toy: Toy, tmp_path: Path) -> None:
        """With -o - the file goes to standard output and nowhere else."""
        text = tmp_path / "text.txt"
        text.write_text("Sidang dibuka.", encoding="utf-8")
        code, out, _ = run("new", str(text), "--slug", "2031-ms-opening", "-o", "-")
        assert code == 0
        assert "@base <https://w3id.org/cicakg/article/2031-ms-opening> ." in out
        assert not list(toy.root.rglob("2031-ms-opening*"))

    @pytest.mark.parametrize("name", ["missing.txt", "."])
    def test_a_text_that_cannot_be_read_is_an_error(self, run: Run, tmp_path: Path, name: str) -> None:
        """A file that is not there and a folder are named."""
        code, _, err = run("new", str(tmp_path / name))
        assert code == 2
        assert "cannot be read" in err
