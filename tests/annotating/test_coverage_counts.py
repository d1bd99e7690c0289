"""Coverage counts what a reader would count with a pencil."""

from __future__ import annotations

from annotated import article, claim

from cicakg.annotating.coverage import cover, joined, positions

#       0         1         2         3         4
#       0123456789012345678901234567890123456789012345
TEXT = "Menu\nSatu dua tiga. Empat lima.\nEnam tujuh.\n"


def test_claims_words_and_gaps_of_each_sentence() -> None:
    """A sentence counts the claims that touch it, its words outside excluded passages, and those in no
    span.
    """
    read = cover(article(claim("#c01", (5, 9)), claim("#c02", (5, 9), (26, 30)), excluded=((0, 4),)), TEXT)
    assert [TEXT[slice(*one.span)] for one in read.sentences] == [
        "Satu dua tiga.",
        "Empat lima.",
        "Enam tujuh.",
    ]
    assert [one.claims for one in read.sentences] == [("#c01", "#c02"), ("#c02",), ()]
    assert [TEXT[slice(*run)] for one in read.sentences for run in one.uncovered] == [
        "dua tiga",
        "Empat",
        "Enam tujuh",
    ]
    assert [TEXT[slice(*one.span)] for one in read.bare] == ["Enam tujuh."]
    assert (read.covered_count, read.word_count) == (2, 7)


def test_a_span_across_two_sentences_touches_both() -> None:
    """A spurious full stop inside a span leaves neither part without its claim."""
    read = cover(article(claim("#c01", (15, 25))), TEXT)
    assert [one.claims for one in read.sentences] == [(), ("#c01",), ("#c01",), ()]


def test_a_span_that_ends_where_a_sentence_begins_does_not_touch_it() -> None:
    """Spans are half open."""
    read = cover(article(claim("#c01", (5, 20))), TEXT)
    assert [one.claims for one in read.sentences][2] == ()


def test_a_word_with_marks_and_a_hyphen_is_one_word() -> None:
    """Harakat and hyphens do not make words more."""
    read = cover(article(), "مُجلِسٌ іс-қимыл 🏔")
    assert read.word_count == 2


def test_without_the_text_gaps_are_offsets() -> None:
    """Between spans and excluded passages, up to the text's length; a space or stop is no gap."""
    found = positions(
        article(claim("#c01", (10, 20)), claim("#c02", (15, 30), (31, 40)), excluded=((0, 9),), length="60")
    )
    assert found.covered == ((10, 30), (31, 40))
    assert found.gaps == ((40, 60),)


def test_joined_spans_do_not_overlap() -> None:
    """Overlapping, nested and touching spans become one."""
    assert joined([(5, 9), (0, 3), (3, 4), (6, 7)]) == ((0, 4), (5, 9))
