"""The words of the pages: the same in every language, in the forms each language has, isolated, escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from cicakg.web.problems import PROBLEMS
from cicakg.web.wording import LANGUAGES, Wording, read_wordings

WORDINGS = read_wordings()
ENGLISH = WORDINGS["en"]
OTHERS = [tag for tag in LANGUAGES if tag != "en"]
LETTERS = {
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "kk": re.compile(r"[\u0400-\u04ff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
}
# Said alike in all languages, or without letters.
ALIKE = {"frame/to-docs", "frame/separator", "date/between"}
# English words that are Malay ones, too.
MALAY = {
    "article/metadata",
    "docs/column-status",
    "term/owl:versionIRI",
    "term/rdfs:label",
    "term/void:subset",
    "query/time",
}


def _sentences(wording: Wording, key: str) -> list[str]:
    entry = wording.words[key]
    return [entry] if isinstance(entry, str) else list(entry.values())


def _all(tag: str) -> Iterator[tuple[str, str]]:
    return ((key, text) for key in WORDINGS[tag].words for text in _sentences(WORDINGS[tag], key))


def _names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("tag", OTHERS)
def test_every_language_has_every_key(tag: str) -> None:
    """A sentence that one language lacks would end a page in that language."""
    assert set(WORDINGS[tag].words) == set(ENGLISH.words)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_sentences_have_the_same_placeholders_in_every_language(tag: str) -> None:
    """What is filled in is filled in everywhere, and every form of a plural names the number."""
    for key, text in _all(tag):
        assert _names(text) == _names(_sentences(ENGLISH, key)[0]), (key, text)
        assert re.sub(r"\{\w+\}", "", text).count("{") == 0, (key, text)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_plurals_have_the_forms_of_their_language(tag: str) -> None:
    """By CLDR Arabic has six forms, Russian four with the one of fractions, English and Kazakh two, Malay
    one.
    """
    forms = {
        "ar": {"zero", "one", "two", "few", "many", "other"},
        "en": {"one", "other"},
        "kk": {"one", "other"},
        "ms": {"other"},
        "ru": {"one", "few", "many", "other"},
    }
    plurals = [entry for entry in WORDINGS[tag].words.values() if not isinstance(entry, str)]
    assert len(plurals) >= 5
    assert all(set(entry) == forms[tag] for entry in plurals)


@pytest.mark.parametrize("tag", LETTERS)
def test_nothing_is_left_in_english(tag: str) -> None:
    """Every sentence has letters of its language's script."""
    left = [key for key, text in _all(tag) if key not in ALIKE and not LETTERS[tag].search(text)]
    assert left == []


def test_nothing_is_left_in_english_in_malay() -> None:
    """A Malay sentence that is an English one was not translated, except where the words are the same."""
    left = {key for key, text in _all("ms") if text in _sentences(ENGLISH, key)}
    assert {key for key in left if key not in ALIKE | MALAY and re.search("[a-z]{3}", _bare(key))} == set()


def _bare(key: str) -> str:
    return re.sub(r"\{\w+\}|API|IRI|SPARQL|SELECT", "", _sentences(WORDINGS["ms"], key)[0])


@pytest.mark.parametrize("tag", ["kk", "ru"])
def test_no_word_mixes_latin_and_cyrillic_letters(tag: str) -> None:
    """A Latin a or i in a Cyrillic word looks right and cannot be searched for."""
    words = [word for _, text in _all(tag) for word in re.findall(r"[^\W\d_]+", text)]
    mixed = [word for word in words if re.search("[A-Za-z]", word) and re.search("[\u0400-\u04ff]", word)]
    assert mixed == []


def test_arabic_has_its_own_signs() -> None:
    """Comma, semicolon and question mark among Arabic letters are the Arabic ones."""
    wrong = [text for _, text in _all("ar") if re.search(r"[\u0600-\u06ff}][,;?]", text)]
    assert wrong == []


def test_no_sentence_has_space_or_invisible_signs_at_its_edges() -> None:
    """Isolation is the program's business; spaces belong to the template. Only the separator ends in one."""
    for tag in LANGUAGES:
        for key, text in _all(tag):
            assert key == "frame/separator" or text == text.strip(), key
            assert re.search(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", text) is None, key


@pytest.mark.parametrize("tag", LANGUAGES)
def test_words_agree_with_the_labels_of_the_ontology(tag: str, project: Path) -> None:
    """Claim, evidence, modality and the rest are called on the pages what the data call them: the word
    there begins as the label does.
    """
    labels = _labels(project, tag)
    spoken = {
        "ontology#Claim": "home/column-claims",
        "ontology#Quotation": "article/quotations",
        "ontology#Span": "article/evidence-caption",
        "ontology#evidence": "article/evidence",
        "ontology#modality": "claim/unstated",
        "concept/modality/fact": "home/lead",
        "concept/modality/plan": "home/lead",
        "concept/modality/proposal": "home/lead",
        "concept/modality/opinion": "home/lead",
    }
    for name, key in spoken.items():
        stems = [word[:4] for word in labels[name].lower().split()]
        said = _sentences(WORDINGS[tag], key)[0].lower()
        assert any(stem in said for stem in stems), (name, key)


def _labels(project: Path, tag: str) -> dict[str, str]:
    found = {}
    for name in ("cica.ttl", "concepts.ttl"):
        for quad in parse(path=project / "ontology" / name, format=RdfFormat.TURTLE):
            is_label = quad.predicate.value.endswith(("#label", "#prefLabel"))
            if is_label and isinstance(quad.object, Literal) and quad.object.language == tag:
                assert isinstance(quad.subject, NamedNode)
                found[quad.subject.value.removeprefix("https://w3id.org/cicakg/")] = quad.object.value
    return found


def test_every_fault_has_words() -> None:
    """Each code of the error table has a title and an advice; the English title is the table's own."""
    for code, kind in PROBLEMS.items():
        assert ENGLISH.words[f"fault/{code}"] == kind.title
        assert f"advice/{code}" in ENGLISH.words


@pytest.mark.parametrize(
    ("tag", "count", "said"),
    [
        # https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
        ("ar", 0, "لا صفوف (0)"),
        ("ar", 1, "صف واحد (1)"),
        ("ar", 2, "صفان (2)"),
        ("ar", 10, "10 صفوف"),
        ("ar", 11, "11 صفًّا"),
        ("ar", 100, "100 صف"),
        ("ar", 103, "103 صفوف"),
        ("ru", 1, "1 строка"),
        ("ru", 22, "22 строки"),
        ("ru", 11, "11 строк"),
        ("ru", 101, "101 строка"),
        ("en", 0, "0 rows"),
        ("en", 1, "1 row"),
        ("kk", 5, "5 жол"),
        ("ms", 1, "1 baris"),
    ],
)
def test_number_decides_the_form(tag: str, count: int, said: str) -> None:
    """Plural rules of CLDR."""
    assert WORDINGS[tag].plain("query/rows", count=count) == said


@pytest.mark.parametrize(
    ("tag", "written"),
    [("en", "1,234,567.5"), ("ar", "1,234,567.5"), ("ms", "1,234,567.5"), ("kk", "1 234 567,5")],
)
def test_numbers_are_written_as_the_reader_does(tag: str, written: str) -> None:
    """Separators by CLDR; Arabic has European digits by its default numbering system, latn."""
    assert WORDINGS[tag].number(1234567.5).replace("\u00a0", " ").replace("\u202f", " ") == written


def test_what_is_filled_in_is_isolated_and_escaped() -> None:
    """Text from elsewhere can change neither the direction nor the markup of a page; markup of ours stays."""
    wording = WORDINGS["ar"]
    assert "<bdi>a&lt;b</bdi>" in wording.say("graphs/graph", name="a<b")
    assert "<i>a</i>" in wording.say("graphs/graph", name=Markup("<i>a</i>"))
    assert "\u2068a\u2069" in wording.plain("examples/sparql-of", question="a")


def test_words_that_are_not_there_are_an_error() -> None:
    """A misspelt key fails, it leaves no gap."""
    with pytest.raises(KeyError):
        ENGLISH.say("home/headin")


def test_languages_have_names_in_every_language() -> None:
    """Own names first, CLDR's for the rest, the tag itself where there is none."""
    assert WORDINGS["ms"].language("kk") == "bahasa Kazakh"
    assert WORDINGS["en"].language("fa") == "Persian"
    assert ENGLISH.language("qaa-x-toy") == "qaa-x-toy"
