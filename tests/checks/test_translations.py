"""Every sentence in every language: nothing is missing, nothing is another language's, nothing is lost."""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path

import pytest

from cicakg.checks.catalogue import CATALOGUE
from cicakg.checks.localisation import rule_in_language
from cicakg.checks.rules import Rule
from cicakg.checks.shape_rules import read_shape_rules
from cicakg.checks.templates import ENGLISH, LANGUAGES, templates
from cicakg.paths import DatasetFolder

OTHERS = tuple(one for one in LANGUAGES if one != ENGLISH)
SCRIPTS = {"ar": "ARABIC", "kk": "CYRILLIC", "ms": "LATIN", "ru": "CYRILLIC"}
KAZAKH_LETTERS = frozenset("әғқңөұүһі")


def placeholders(template: str) -> set[str]:
    """Return the names in braces, as Python's own parser of format strings reads them."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def scripts(text: str) -> set[str]:
    """Return the scripts of the letters of *text*, by the first word of their Unicode names."""
    return {unicodedata.name(one).partition(" ")[0] for one in text if unicodedata.category(one)[0] == "L"}


def prose(text: str) -> str:
    """Return *text* without what is filled in."""
    return "".join(part for part, _, _, _ in string.Formatter().parse(text))


def is_in(text: str, language: str) -> bool:
    """Whether *text* is in the script of *language*: names and codes may be Latin, the sentence may not."""
    found = scripts(text)
    return SCRIPTS[language] in found and found <= {SCRIPTS[language], "LATIN"}


@pytest.fixture(scope="module")
def shape_rules(project: Path) -> dict[str, Rule]:
    """The rules of the dataset's shapes."""
    return read_shape_rules(DatasetFolder(project))


def test_every_rule_of_the_catalogue_has_its_sentences() -> None:
    """A rule without a message would be found out only when it fires."""
    keys = {f"{code}/{part}" for code in CATALOGUE for part in ("message", "fix")}
    assert keys <= templates(ENGLISH).keys()


@pytest.mark.parametrize("language", OTHERS)
class TestTemplates:
    """The catalogue's sentences and the frame of a report."""

    def test_nothing_is_missing_and_nothing_is_left_over(self, language: str) -> None:
        """A language has the sentences that English has, no more and no fewer."""
        assert templates(language).keys() == templates(ENGLISH).keys()

    def test_what_is_filled_in_is_the_same(self, language: str) -> None:
        """A sentence that lost a name would keep it from the reader; one with another would crash."""
        english = templates(ENGLISH)
        other = {
            key: template
            for key, template in templates(language).items()
            if placeholders(template) != placeholders(english[key])
        }
        assert other == {}

    def test_no_sentence_is_still_english(self, language: str) -> None:
        """What has words is translated."""
        english = templates(ENGLISH)
        same = {
            key for key, one in templates(language).items() if one == english[key] and scripts(prose(one))
        }
        assert same == set()

    def test_every_sentence_is_in_the_script_of_its_language(self, language: str) -> None:
        """Arabic letters in Arabic, Cyrillic ones in Kazakh and Russian, Latin ones in Malay."""
        wrong = {
            key: one
            for key, one in templates(language).items()
            if scripts(prose(one)) and not is_in(prose(one), language)
        }
        assert wrong == {}

    def test_no_sentence_brings_its_own_signs_of_direction(self, language: str) -> None:
        """Isolates are put in when a sentence is said, in one way for all."""
        signs = {unicodedata.lookup(name) for name in ("LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK")}
        signs |= {chr(one) for one in range(0x2066, 0x206A)}
        assert {key for key, one in templates(language).items() if signs & set(one)} == set()


def test_kazakh_is_not_russian() -> None:
    """No sentence of the rules was copied between the two, and Kazakh has letters that Russian lacks."""
    kazakh, russian = templates("kk"), templates("ru")
    assert {key for key, one in kazakh.items() if one == russian[key] and scripts(prose(one))} == set()
    assert KAZAKH_LETTERS & set("".join(kazakh.values()).lower())
    assert not KAZAKH_LETTERS & set("".join(russian.values()).lower())


@pytest.mark.parametrize("language", OTHERS)
class TestShapes:
    """The sentences that the shapes carry."""

    def test_every_rule_is_translated(self, shape_rules: dict[str, Rule], language: str) -> None:
        """Each shape has a message and a fix in the language."""
        assert [one.code for one in shape_rules.values() if rule_in_language(one, language) is None] == []

    def test_the_sentences_are_in_their_language(self, shape_rules: dict[str, Rule], language: str) -> None:
        """They are in the right script, and none is the English one."""
        for rule in shape_rules.values():
            english = {rule.message, rule.fix}
            for text in (rule.messages[language], rule.fixes[language]):
                assert is_in(text, language), f"{rule.code}: {text}"
                assert text not in english, rule.code
