"""Names and codes among Arabic letters."""

from __future__ import annotations

import unicodedata

import pytest

from cicakg.checks.isolation import cut, isolated_codes, isolated_sentence, isolated_value
from cicakg.checks.templates import LANGUAGES, filled, templates
from cicakg.model import Wording

OPEN, CLOSE = "\u2068", "\u2069"


def outside(text: str) -> str:
    """Return what of *text* stands in no isolate; every isolate must be closed, and none that is not open."""
    depth, kept = 0, []
    for one in text:
        depth += (one == OPEN) - (one == CLOSE)
        assert depth >= 0
        if depth == 0 and one != CLOSE:
            kept.append(one)
    assert depth == 0
    return "".join(kept)


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("الملف {name} هنا.", "الملف [{name}] هنا."),
        ("اكتب @base هنا.", "اكتب [@base] هنا."),
        ("بصيغة RDF 1.2.", "بصيغة [RDF 1.2]."),
        ("(NFC).", "([NFC])."),
        ("اكتب '@base <{iri}> .' هنا", "اكتب ['@base <[{iri}]> .'] هنا"),
        ("أغلق '['، ثم %25.", "أغلق ['[']، ثم [%25]."),
        ("{files}؛ {counts} ({accepted}).", "[{files}]؛ [{counts}] ([{accepted}])."),
        ("العدد: {count}", "العدد: [{count}]"),
        ("ضع '.' أو ';' هنا.", "ضع ['.'] أو [';'] هنا."),
        ("قبل - بعد.", "قبل - بعد."),
        ("ضع '{mark}' هنا.", "ضع '[{mark}]' هنا."),
        ("من ?this إلى {node}.", "من [?this] إلى [{node}]."),
        ("قيمة $this هنا؛ (?this).", "قيمة [$this] هنا؛ ([?this])."),
    ],
)
def test_a_code_is_isolated_without_the_signs_of_the_sentence(template: str, shown: str) -> None:
    """What belongs to a code goes with it; a full stop or bracket of the sentence stays with the sentence."""
    marks = str.maketrans({OPEN: "[", CLOSE: "]"})
    assert isolated_codes(template, "ar").translate(marks) == shown
    assert isolated_codes(template, "ru") == template


@pytest.mark.parametrize("key", sorted(templates("ar")))
def test_no_latin_letter_stands_bare_in_an_arabic_sentence(key: str) -> None:
    """Whatever is filled in: every letter and number that runs the other way is in an isolate, all closed."""
    names = {name for template in templates("en").values() for name in names_in(template)}
    values = tuple((name, f"<id:{name}-1>") for name in sorted(names))
    text = filled(Wording(key, values), "ar")
    assert text is not None
    assert {unicodedata.bidirectional(one) for one in outside(text)} & {"L", "EN"} == set()


def names_in(template: str) -> set[str]:
    """Return the names in braces."""
    return {part.partition("}")[0] for part in template.split("{")[1:]}


def test_an_arabic_value_is_isolated_in_the_other_languages() -> None:
    """Arabic words from the data do not turn round a Russian sentence; a Latin name needs nothing."""
    words = tuple({"count": "6", "words": "مجلس النهر"}.items())
    for language in LANGUAGES:
        text = filled(Wording("own-words/message", words), language)
        assert text is not None
        assert f"{OPEN}مجلس النهر{CLOSE}" in text
    assert isolated_value("id:cica", "ru") == "id:cica"


@pytest.mark.parametrize("sign", ["\u2069", "\u202e", "\u200f", "\x1b"])
def test_a_value_can_end_no_isolate(sign: str) -> None:
    """Signs of direction and control characters in the data are written out before they are filled in."""
    value = isolated_value(f"a{sign}b", "ar")
    assert sign not in value
    assert f"{ord(sign):04X}" in value


def test_a_sentence_is_isolated_by_the_direction_of_its_language() -> None:
    """An Arabic sentence keeps together in a line that runs from left to right."""
    assert isolated_sentence("نص.", "ar") == f"{OPEN}نص.{CLOSE}"
    assert isolated_sentence("Text.", "kk") == "Text."


def test_a_cut_sentence_leaves_no_isolate_open() -> None:
    """A long sentence is cut, and what stands after it is not drawn into its isolates."""
    text = f"{OPEN}نص {OPEN}a.ttl, b.ttl{CLOSE}{CLOSE}"
    assert cut(text, 7) == f"{OPEN}نص {OPEN}a.…{CLOSE}{CLOSE}"
    assert cut(text, 100) == text
