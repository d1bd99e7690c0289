"""Two spellings of one name fold to one key, two names do not, and a folded place leads back to its span."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicakg.folding import fold, key, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("KAZAKHSTAN", "Kazakhstan", id="case"),
        pytest.param("Straße", "STRASSE", id="full case folding"),
        pytest.param("مُؤْتَمَر", "مؤتمر", id="harakat"),
        pytest.param("مؤتمـــر", "مؤتمر", id="tatweel"),
        pytest.param("أستانا", "استانا", id="alef with hamza above"),
        pytest.param("إسلام", "اسلام", id="alef with hamza below"),
        pytest.param("آسيا", "اسيا", id="alef with madda"),
        pytest.param("مصطفى", "مصطفي", id="alef maqsura"),
        pytest.param("یوسف", "يوسف", id="Farsi yeh"),
        pytest.param("منظمة", "منظمه", id="ta marbuta"),
        pytest.param("وزراء", "وزرا", id="hamza alone"),
        pytest.param("٢٠٣١", "2031", id="Arabic digits"),
        pytest.param("Ёлка", "елка", id="combining diaeresis"),
        pytest.param("Qūrʼan", "Qur’an", id="apostrophes"),
        pytest.param("Нұр-Сұлтан", "Нұр Сұлтан", id="hyphen"),
        pytest.param("Kota\u00a0\n Lama", "Kota Lama", id="no-break space and line break"),
        pytest.param("Ａｓｉａ", "Asia", id="compatibility forms"),
    ],
)
def test_spellings_of_one_name_have_one_key(one: str, other: str) -> None:
    """What writers vary does not count."""
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("қала", "кала"), ("مدينة", "مدير"), ("Kota Lama", "Kotalama"), ("2031", "2032"), ("كتاب", "باب")],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    """Letters that make another word count: q is no k in Kazakh, a space is not nothing."""
    assert key(one) != key(other)


# Both columns are from the decree's table of 2021 and from the spellings used in English.
@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Тоқаев", "Toqaev"),
        ("Тоқаев", "Tokayev"),
        ("Қасым-Жомарт", "Kassym-Jomart"),
        ("Қасым-Жомарт", "Qasym-Jomart"),
        ("Сарыбай", "Sarybay"),
        ("Мұхтар", "Mukhtar"),
        ("Мұхтар", "Mūhtar"),
        ("Шымкент", "Şymkent"),
        ("Шымкент", "Shymkent"),
        ("Ғабит", "Ğabit"),
        ("Ғабит", "Ghabit"),
        ("Әйгерім", "Äigerım"),
        ("Өскемен", "Öskemen"),
        ("Жамбыл", "Zhambyl"),
        ("Чехов", "Chekhov"),
        ("Аңсар", "Añsar"),
    ],
)
def test_kazakh_sounds_alike_in_both_alphabets(cyrillic: str, latin: str) -> None:
    """Cyrillic, the Latin alphabet of 2021 and common transliterations have one key by sound."""
    assert sound(cyrillic) == sound(latin) != ""


def test_a_place_leads_back_to_its_span() -> None:
    """The span of a folded word holds its letters, the marks on them and the tatweel between, no more."""
    text = "🏞 قال المَجلِسُ، الـنهر"
    folded = fold(text)
    start = folded.text.index("المجلس")
    span = folded.span(start, start + len("المجلس"))
    assert text[slice(*span)] == "المَجلِسُ"


@pytest.mark.parametrize(
    ("text", "sought", "words"),
    [
        pytest.param("حوار الخبراء هنا", "الخبراء", "الخبراء", id="final hamza"),
        pytest.param("قال \u200fأمين\u200f هنا", "امين", "أمين", id="direction marks stay outside"),
        pytest.param("‘Toqaev’ айтты", "Toqaev", "Toqaev", id="quotation marks stay outside"),
        pytest.param("\u02bfAbd \u02bfAli", "Ali", "\u02bfAli", id="a letter for ayn"),
    ],
)
def test_a_span_holds_the_whole_word_and_nothing_else(text: str, sought: str, words: str) -> None:
    """Letters that folding drops belong to their word; invisible marks and quotation marks do not."""
    folded, wanted = fold(text), key(sought)
    start = folded.text.index(wanted)
    assert text[slice(*folded.span(start, start + len(wanted)))] == words


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_offsets_rise_and_lie_in_the_text(text: str) -> None:
    """For every text: one offset a folded character, never falling, each a place of the original."""
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= one < len(text) for one in folded.offsets)
    assert "  " not in folded.text
    assert folded.text == folded.text.strip()


@given(st.text(alphabet="abcدمأةىәқІІШ -ـَ", max_size=30))
def test_the_key_does_not_depend_on_the_normal_form(text: str) -> None:
    """Composed and decomposed spelling fold alike."""
    assert key(unicodedata.normalize("NFC", text)) == key(unicodedata.normalize("NFD", text))
