"""Language tags and the choice of a label."""

from __future__ import annotations

import pytest
from langcodes import Language, standardize_tag, tag_is_valid

from cicakg import languages
from cicakg.languages import choose, code, direction, likely_tags, script, standard_tag


@pytest.mark.parametrize(
    ("tag", "standard"),
    [
        ("kk", "kk"),
        ("kk-Cyrl", "kk"),
        ("kk-latn", "kk-Latn"),
        ("ms-Latn", "ms"),
        ("en-UK", "en-GB"),
        ("xx-yy", None),
        ("english", None),
        ("ar-JOR", None),
        ("arb-JOR", None),
        ("zh-yue", "yue"),
        ("", None),
        ("!", None),
    ],
)
def test_a_tag_has_one_standard_form(tag: str, standard: str | None) -> None:
    """A valid tag has one standard form (BCP 47, with the registry's suppressed scripts)."""
    assert standard_tag(tag) == standard


@pytest.mark.parametrize("tag", ["ar", "ar-Latn", "en", "kk", "kk-Latn", "ms", "ru"])
def test_tags_that_are_not_looked_up_are_their_own_standard_form(tag: str) -> None:
    """What is answered without the library is what the library says."""
    assert tag_is_valid(tag)
    assert standardize_tag(tag) == tag == standard_tag(tag)


def test_no_other_tag_goes_without_being_looked_up() -> None:
    """A tag that is added to the list must be added to the test above."""
    assert sorted(languages._PLAIN) == ["ar", "ar-Latn", "en", "kk", "kk-Latn", "ms", "ru"]


@pytest.mark.parametrize("tag", sorted(languages._PLAIN))
def test_a_script_that_is_not_looked_up_is_that_of_the_registry(tag: str) -> None:
    """The scripts written down for the tags of the dataset are those of CLDR's likely subtags."""
    assert script(tag) == Language.get(tag).maximize().script


@pytest.mark.parametrize(
    ("tag", "likely"),
    [
        ("arb-JOR", ("ar-JO", "ar")),
        ("kk-KAZ", ("kk-KZ", "kk")),
        ("zsm-458", ("ms-MY", "ms")),
        ("english", ()),
        ("xx-yy", ()),
        ("", ()),
    ],
)
def test_a_tag_that_is_none_was_meant_for_another(tag: str, likely: tuple[str, ...]) -> None:
    """Three letters or digits name a region (ISO 3166-1); ISO 639-3 names what a language is part of."""
    assert likely_tags(tag) == likely


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("kk", "ltr"), ("kk-Arab", "rtl"), ("ar-Latn", "ltr"), ("he", "rtl"), ("?", "ltr")],
)
def test_direction_is_that_of_the_script(tag: str, expected: str) -> None:
    """The script decides the direction, not the language."""
    assert direction(tag) == expected


def test_a_tag_implies_a_script() -> None:
    """Kazakh is written in Cyrillic unless its tag says otherwise; no script is known of no language."""
    assert (script("kk"), script("kk-Latn"), script("not a tag")) == ("Cyrl", "Latn", None)


@pytest.mark.parametrize(
    ("tags", "wanted", "chosen"),
    [
        (["en", "kk", "ru"], ["kk"], "kk"),
        (["en", "ru", "ar"], ["kk"], "ru"),
        (["en", "ar"], ["kk"], "en"),
        (["en", "id"], ["ms"], "en"),
        (["ar", "id"], ["ms"], "ar"),
        (["ar", "en"], ["ar-EG"], "ar"),
        (["en-gb", "kk"], ["en"], "en-gb"),
        (["KK", "en"], ["kk"], "KK"),
        (["ms", "ar"], ["fr", "ms"], "ms"),
        (["ms", "kk"], ["fr"], "kk"),
        (["kk", "en"], [], "en"),
        (["kk"], ["?;"], "kk"),
        ([""], ["kk"], ""),
    ],
)
def test_one_fallback_chain_chooses_a_label(tags: list[str], wanted: list[str], chosen: str) -> None:
    """The tag itself, then the closest, then the chain, then any by sorted tag; never Indonesian as Malay."""
    assert choose({tag: f"label {tag}" for tag in tags}, wanted) == (chosen, f"label {chosen}")


def test_no_label_is_an_error_of_the_caller() -> None:
    """There is nothing to choose from an empty set of labels."""
    with pytest.raises(ValueError, match="no label"):
        choose({}, ["en"])


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("kk", "kaz"), ("kaz", "kaz"), ("zsm", "zsm"), ("ms", "msa"), ("xx-yy", None), ("", None)],
)
def test_a_language_is_known_by_its_three_letters(tag: str, expected: str | None) -> None:
    """Two tags of one language have one code of ISO 639-2; a language and the group it is of have two."""
    assert code(tag) == expected
