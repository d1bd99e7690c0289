"""Where a sentence ends, and where a full stop is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicakg.annotating.sentences import sentences


def parts(text: str) -> list[str]:
    """The sentences of *text*, as text."""
    return [text[slice(*span)] for span in sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param("Жиынға А. Бек пен М.Тілеу келді.", id="initials, spaced and not"),
        pytest.param("Purata ialah 3.5 peratus sahaja.", id="a number"),
        pytest.param("Сайт Qala.kz хабарлады.", id="a host name"),
        pytest.param("Ia dibuka oleh Dr. Amin semalam.", id="an abbreviation"),
        pytest.param("Қала 1990 ж. салынды.", id="a Kazakh abbreviation"),
        pytest.param("قال د. أمين ذلك.", id="an Arabic title"),
        pytest.param("3. Majlis bersidang semula", id="a numbered item"),
        pytest.param("Бәрі келді. деп айтты.", id="a stop before a small letter"),
        pytest.param("Tunggu… lalu pergi.", id="an ellipsis before a small letter"),
    ],
)
def test_a_stop_that_ends_nothing(whole: str) -> None:
    """Numbers, initials, abbreviations and stray stops do not end a sentence."""
    assert parts(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Satu. Dua! Tiga?", ["Satu.", "Dua!", "Tiga?"], id="three signs"),
        pytest.param("هل جاء؟ نعم.", ["هل جاء؟", "نعم."], id="the Arabic question mark"),
        pytest.param("وصل الوفد.كما تحدث", ["وصل الوفد.", "كما تحدث"], id="no space, script without case"),
        pytest.param("Ол келді.Кеш болды", ["Ол келді.", "Кеш болды"], id="no space, capital"),
        pytest.param("Ia “besar.” Saya tahu", ["Ia “besar.”", "Saya tahu"], id="a closing quotation mark"),
        pytest.param("Tajuk\n\nIsi\r\nlagi", ["Tajuk", "Isi", "lagi"], id="lines"),
        pytest.param("Satu.\u00a0Dua.", ["Satu.", "Dua."], id="a no-break space"),
        pytest.param("  Satu  \n — \n", ["Satu"], id="no words, no sentence"),
    ],
)
def test_a_stop_that_ends_a_sentence(text: str, expected: list[str]) -> None:
    """Final punctuation with white space or the line's end behind it ends a sentence."""
    assert parts(text) == expected


@given(st.text(alphabet="ab А قم1.!؟…” \n\u00a0ُ", max_size=60))
def test_sentences_hold_every_letter_once(text: str) -> None:
    """Sentences come in order, do not overlap, and between them stands no letter or digit."""
    place = 0
    for start, end in sentences(text):
        assert place <= start < end
        assert not any(one.isalnum() for one in text[place:start])
        place = end
    assert not any(one.isalnum() for one in text[place:])
