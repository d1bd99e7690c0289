"""Known names are found in a text as whole words, with what Arabic and Kazakh join to them."""

from __future__ import annotations

import pytest
from annotated import article

from cicakg.annotating.articles import Span
from cicakg.annotating.mentions import suggest
from cicakg.annotating.names import Entry, Label

ID = "https://w3id.org/cicakg/id/"


def entry(slug: str, *labels: tuple[str, str], is_entity: bool = True) -> Entry:
    """Return an entry with those labels, the first preferred."""
    made = tuple(Label(text, tag, is_preferred=not number) for number, (text, tag) in enumerate(labels))
    return Entry(ID + slug, "cica:Place", is_entity, made, 0)


RIVER = entry("river", ("النهر", "ar"), ("Өзен", "kk"), ("Sungai", "ms"))
COUNCIL = entry("council", ("مجلس النهر", "ar"), ("Өзен кеңесі", "kk"), ("ӨК", "kk"), ("UN", "en"))


def words(text: str, one: Entry, excluded: tuple[Span, ...] = ()) -> list[str]:
    """The words by which *text* names *one*."""
    found = suggest([one], text, article(excluded=excluded))
    return [text[slice(*mention.span)] for each in found for mention in each.mentions]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("هذا النهر", ["النهر"]),
        ("عند النَّهرِ، وبالنهر وكالنهر", ["النَّهرِ", "وبالنهر", "وكالنهر"]),
        ("وصل للنهر فالنهر", ["للنهر", "فالنهر"]),
        ("النهرين والأنهار", []),
        ("Өзеннің, өзенде; Өзендердің жағасы", ["Өзеннің", "өзенде", "Өзендердің"]),
        ("өзенше өзгерді", []),
        ("Sungai itu, SUNGAI; sungainya", ["Sungai", "SUNGAI"]),
    ],
)
def test_words_with_prefixes_and_suffixes(text: str, named: list[str]) -> None:
    """A name stands with its Arabic prefixes and Kazakh endings, and the span is always the whole word."""
    assert words(text, RIVER) == named


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("لمجلس النهر", ["لمجلس النهر"]),
        ("مجلس\nالنهر", ["مجلس\nالنهر"]),
        ("Өзен кеңесінің ӨК-нің", ["Өзен кеңесінің", "ӨК-нің"]),
        ("Kini un dan UN", ["UN"]),
        ("مجلس كبير النهر", []),
    ],
)
def test_names_of_several_words_and_acronyms(text: str, named: list[str]) -> None:
    """The words of a name stand together, on one line or two; an acronym is in capitals and keeps its
    ending.
    """
    assert words(text, COUNCIL) == named


def test_the_longest_name_stands() -> None:
    """Two labels of one entity do not both claim one place."""
    one = entry("town", ("Kota Lama", "ms"), ("Kota", "ms"))
    assert words("Kota Lama dan Kota", one) == ["Kota Lama", "Kota"]


def test_a_name_inside_a_longer_one_says_so() -> None:
    """Entities may overlap each other; the shorter tells whose name it is a part of."""
    found = suggest([RIVER, COUNCIL], "مجلس النهر", None)
    assert [(one.entry.curie, one.mentions[0].inside) for one in found] == [
        ("id:council", ""),
        ("id:river", "id:council"),
    ]


def test_excluded_passages_are_skipped() -> None:
    """What is not article text names nothing."""
    assert words("Sungai. Sungai.", RIVER, excluded=((0, 7),)) == ["Sungai"]
    assert words("Sungai", RIVER, excluded=((0, 6),)) == []


def test_terms_of_the_ontology_are_no_entities() -> None:
    """A property called "place" is not suggested wherever the word stands."""
    assert suggest([entry("place", ("place", "en"), is_entity=False)], "a place", None) == []


def test_offsets_hold_behind_letters_outside_the_bmp() -> None:
    """The span counts code points."""
    (found,) = suggest([RIVER], "🏞🏞 Sungai", None)
    assert found.mentions[0].span == (3, 9)
