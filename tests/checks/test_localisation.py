"""What a finding says in the language a reader asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from made_reports import FILE, FINDING, RULE

from cicakg.checks.catalogue import CATALOGUE, LABEL_TAG, OWN_WORDS, TURTLE_SYNTAX, UNKNOWN_TERM
from cicakg.checks.fingerprints import fingerprints
from cicakg.checks.localisation import in_language, messages_of, rule_in_language
from cicakg.checks.rules import Rule, suggestion
from cicakg.checks.shape_rules import shape_rules_of
from cicakg.checks.templates import LANGUAGES, matching_language, said, templates
from cicakg.errors import CicakgError
from cicakg.model import Finding, Position
from cicakg.turtle import TurtleFault, read_turtle

START = Position(1, 1)
SHAPE = '''@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix rule: <https://w3id.org/cicakg/shapes#> .
rule:SomeRule rule:code "some-rule" ; sh:message "It is wrong."@en , "Salah."@ms , """Не
    так."""@ru ; rule:fix "Mend it."@en , "Betulkan."@ms , "Исправьте."@ru , "Berichtigen."@de .'''


@pytest.fixture
def shape_rule() -> Rule:
    """A rule of a shape with sentences in English, Malay and Russian, and a fix in German."""
    (rule,) = shape_rules_of([read_turtle(SHAPE.encode())]).rules.values()
    return rule


def shape_finding(rule: Rule) -> Finding:
    """Return a finding that says what *rule* says."""
    return replace(FINDING, message=rule.message, fix=rule.fix)


def test_a_shape_says_it_in_the_languages_it_has(shape_rule: Rule) -> None:
    """Message and fix come from the shape, on one line each."""
    said_in_russian = in_language(shape_finding(shape_rule), "ru", {shape_rule.code: shape_rule})
    assert (said_in_russian.message, said_in_russian.fix) == ("Не так.", "Исправьте.")


@pytest.mark.parametrize(("asked", "got"), [("ms", "ms"), ("kk", "ru"), ("ar", "en"), ("en", "en")])
def test_what_is_not_translated_falls_back_and_says_so(shape_rule: Rule, asked: str, got: str) -> None:
    """A Kazakh reader gets Russian, an Arabic one English, as for labels; the real language is named."""
    assert in_language(shape_finding(shape_rule), asked, {shape_rule.code: shape_rule}).language == got


def test_both_sentences_are_in_one_language(shape_rule: Rule) -> None:
    """A message without a fix in its language is not mixed with an English fix."""
    rule = replace(shape_rule, fixes={})
    found = in_language(shape_finding(rule), "ms", {rule.code: rule})
    assert (found.message, found.fix, found.language) == ("It is wrong.", "Mend it.", "en")


def test_what_a_nested_shape_says_is_not_replaced_by_its_rule(shape_rule: Rule) -> None:
    """The rule's translation stands for the rule's sentence only."""
    nested = replace(shape_finding(shape_rule), message="No p.")
    assert in_language(nested, "ms", {shape_rule.code: shape_rule}).message == "No p."


def test_a_report_for_programs_has_the_message_in_every_language(shape_rule: Rule) -> None:
    """Each language that the shape has, by tag."""
    messages = messages_of(shape_finding(shape_rule), {shape_rule.code: shape_rule})
    assert messages == {"en": "It is wrong.", "ms": "Salah.", "ru": "Не так."}


def test_a_finding_without_translations_stays_as_it_is() -> None:
    """A rule nobody translated is said in English, in whatever language it was asked for."""
    for language in LANGUAGES:
        found = in_language(FINDING, language, {RULE.code: RULE})
        assert (found.message, found.fix, found.language) == ("It is wrong.", "Mend it.", "en")


def test_names_are_filled_in_in_every_language() -> None:
    """The term, and the one that was meant, stand in each sentence."""
    fix = suggestion("cica:evidense", ["cica:evidence", "cica:Evidence", "cica:place"])
    finding = UNKNOWN_TERM.finding(FILE, START, case="property", fix=fix, term="cica:evidense")
    assert finding.message == "cica:evidense is not a known property."
    assert finding.fix == "Did you mean cica:evidence or cica:Evidence?"
    for language in LANGUAGES:
        found = in_language(finding, language, CATALOGUE)
        assert found.language == language
        assert "cica:evidense" in found.message
        assert "cica:evidence" in found.fix
        assert "cica:Evidence" in found.fix


def test_a_case_has_its_own_sentences() -> None:
    """The sentence of the case is said where there is one, else the rule's own."""
    written = LABEL_TAG.finding(FILE, START, case="write", tag="kk-Cyrl", standard="kk")
    assert (written.message, written.fix) == (
        "The language tag kk-Cyrl is not in its standard form, kk.",
        "Write kk.",
    )
    with pytest.raises(KeyError):
        LABEL_TAG.finding(FILE, START, case="nonsense", tag="x")


def test_a_finding_is_recognised_whatever_language_it_is_shown_in() -> None:
    """How it was made is no part of what it is: equal findings are equal, with one fingerprint."""
    finding = OWN_WORDS.finding(FILE, START, "", count=6, words="a b")
    bare = replace(finding, wording=None)
    assert finding == bare
    assert fingerprints([finding], Path("/")) == fingerprints([bare], Path("/"))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("<http://e/s> <http://e/p> <http://e/o>", "."),
        ("x:a x:b x:c .", "x:"),
        ("<http://e/s> <http://e/p> 'a\nb' .", ""),
        ("[" * 5000, ""),
    ],
)
def test_a_file_that_is_not_turtle_is_explained_in_every_language(text: str, word: str) -> None:
    """What the reader of Turtle says is translated as well."""
    with pytest.raises(TurtleFault) as caught:
        read_turtle(text.encode())
    fault = caught.value
    finding = TURTLE_SYNTAX.case_finding(FILE, fault.position, "", fault.case, fault.values)
    assert (finding.message, finding.fix) == (fault.message, fault.fix)
    sentences = set()
    for language in LANGUAGES:
        found = in_language(finding, language, CATALOGUE)
        assert found.language == language
        assert word in found.message + found.fix
        sentences.add(found.message)
    assert len(sentences) == len(LANGUAGES)


def test_the_documentation_shows_a_gap_where_something_is_filled_in() -> None:
    """A reader of the rules sees no braces."""
    for rule in CATALOGUE.values():
        for language in LANGUAGES:
            found = rule_in_language(rule, language)
            assert found is not None
            assert "{" not in found.message + found.fix


@pytest.mark.parametrize(
    ("tag", "language"),
    [("kk", "kk"), ("kk-Cyrl-KZ", "kk"), ("AR-eg", "ar"), ("zsm", "ms"), ("en-GB", "en"), ("ru-RU", "ru")],
)
def test_a_tag_of_the_same_language_is_enough(tag: str, language: str) -> None:
    """Region, a script that goes without saying, and case do not matter (BCP 47)."""
    assert matching_language(tag) == language


@pytest.mark.parametrize("tag", ["fr", "id", "kk-Latn", "und", "", "x", "english please"])
def test_a_language_without_messages_is_refused_with_those_there_are(tag: str) -> None:
    """No reader gets another language than asked for, unasked."""
    with pytest.raises(CicakgError) as caught:
        matching_language(tag)
    assert caught.value.code == "language-unknown"
    for language in LANGUAGES:
        assert f"{language} (" in caught.value.fix


def test_the_frame_knows_what_it_says() -> None:
    """A name that is in no language is a mistake of the program, not an empty sentence."""
    assert said("report/fix-label", "en") == "fix:"
    with pytest.raises(KeyError):
        said("report/none-such", "ar")


def test_a_language_is_read_when_it_is_asked_for() -> None:
    """The sentences of a language are read once."""
    assert templates("ms") is templates("ms")
