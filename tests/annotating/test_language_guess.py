"""A language is guessed where letters or small words decide, and not where they do not."""

from __future__ import annotations

import pytest

from cicakg.annotating.language_guess import guess_language

TEXTS = {
    "ar": "اجتمعت اللجنة في المدينة صباح أمس، وبحث الأعضاء حالة الجسر القديم على ضفة النهر.",
    "kk": "Кеше қалада өзен кеңесі жиналып, ескі көпірдің жағдайын талқылады, ұсыныстар әзірленді.",
    "ru": "Вчера в городе собрался совет, обсудили состояние старого моста и объём работ, выслушали жителей.",
    "en": "The council met in the town yesterday and discussed the state of the old bridge with residents.",
    "ms": "Majlis itu bersidang di bandar semalam dan membincangkan jambatan lama kerana penduduk "
    "menyatakan bahawa kerja itu akan bermula pada bulan Ogos.",
}


@pytest.mark.parametrize("tag", TEXTS)
def test_the_five_languages_are_told(tag: str) -> None:
    """A sentence in each language of the project is guessed right, with a reason."""
    guess = guess_language(TEXTS[tag])
    assert guess.tag == tag
    assert guess.reason


OTHERS = {
    "Persian": ("شورای شهر دیروز در کنار رودخانه گرد آمد و دربارهٔ پل گفت", "not of the Arabic"),
    "Uzbek": ("Кеча шаҳарда кенгаш йиғилди ва кўприк ҳақида гапирди", "neither Kazakh nor"),
    "Ukrainian": ("Учора рада зібралася й обговорила міст, її рішення", "neither Kazakh nor"),
    "Kyrgyz": ("Кеше шаар кеңеши чогулуп, көпүрө боюнча сүйлөштү", "too few"),
    "Indonesian": (
        "Dewan itu bertemu di kota dan membahas jambatan karena bahwa kerja itu mulai bulan Agustus",
        "tell the two apart",
    ),
    "German": ("Der Rat tagte gestern in der Stadt und sprach lange über die Brücke", "too few"),
    "mixed": ("Совет Council مجلس Кеңес Council مجلس", "several scripts"),
    "none": ("12.3 — 45 !", "no letters"),
    "Chinese": ("会议在城里举行", "neither Arabic nor"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_cannot_be_told_is_not_guessed(name: str) -> None:
    """Other languages of the same script, mixtures and numbers get no tag, and the reason says why."""
    text, why = OTHERS[name]
    guess = guess_language(text)
    assert guess.tag is None
    assert why in guess.reason
