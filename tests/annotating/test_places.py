"""Words are found where they stand, exactly first, and the span is the one of the text as it is."""

from __future__ import annotations

import pytest

from cicakg.annotating.places import Match, edge_notes, find_places, nearest

TEXT = "Тау\u00a0басы 🏔 биік.\nТау басы қарлы; قالَ المـديرُ نعم، تاو"


@pytest.mark.parametrize(
    ("sought", "how", "words"),
    [
        ("биік", Match.EXACT, ["биік"]),
        ("Тау басы", Match.EXACT, ["Тау басы"]),
        ("басы биік", Match.SPELLING, ["басы 🏔 биік"]),
        ("Тау\nбасы", Match.SPACING, ["Тау\u00a0басы", "Тау басы"]),
        ("биік. Тау", Match.SPACING, ["биік.\nТау"]),
        ("ТАУ БАСЫ", Match.SPELLING, ["Тау\u00a0басы", "Тау басы"]),
        ("قال المدير", Match.SPELLING, ["قالَ المـديرُ"]),
        ("жоқ", Match.SPELLING, []),
    ],
)
def test_the_strictest_way_that_finds_any_is_taken(sought: str, how: Match, words: list[str]) -> None:
    """Exact before other white space before another spelling; the span always holds the text's own words."""
    found = find_places(TEXT, sought)
    assert [TEXT[slice(*span)] for span in found.spans] == words
    assert found.how is how


def test_offsets_are_code_points_also_behind_a_letter_outside_the_bmp() -> None:
    """A character of two UTF-16 units counts as one."""
    assert find_places("🏞🏔ab", "ab").spans == ((2, 4),)


def test_places_that_overlap_are_all_found() -> None:
    """All places means all, also where one begins inside the other."""
    assert find_places("anana", "ana").spans == ((0, 3), (2, 5))


def test_words_with_signs_of_regular_expressions_are_words() -> None:
    """What is sought is text, not a pattern."""
    assert find_places("a.b (c) a+b", "(c) a+").spans == ((4, 10),)
    assert find_places("axb", "a.b").spans == ()


def test_the_nearest_words_are_those_a_slip_away() -> None:
    """A misspelt request leads to what was meant, and one that is like nothing leads nowhere."""
    text = "Sidang pertama majlis sungai berlangsung di kota."
    near = nearest(text, "majlis sunggai")
    assert near is not None
    assert text[slice(*near)] == "majlis sungai"
    assert nearest(text, "қарлы шыңдар") is None
    assert nearest("", "majlis") is None


@pytest.mark.parametrize(
    ("text", "span", "notes"),
    [
        ("satu dua", (0, 4), []),
        ("satu dua", (0, 5), ["ends with white space"]),
        ("satu dua", (4, 8), ["begins with white space"]),
        ("satu dua", (1, 3), ["begins inside a word", "ends inside a word"]),
        ("مجلسُ", (0, 4), ["parts a letter from its marks, which stand behind it"]),
    ],
)
def test_edges_that_are_off_are_named(text: str, span: tuple[int, int], notes: list[str]) -> None:
    """White space at an edge, half words and parted marks are said, a clean span is not bothered."""
    assert list(edge_notes(text, span)) == notes
