"""What is said of a literal that does not fit its datatype, and of a text with something hidden in it."""

from __future__ import annotations

import pytest
from toy_repository import Toy

DATE = '"2031-05-03"^^xsd:date'
LABEL = '"Aminah Yusof"@en'


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('"2031-11-31"^^xsd:date', "There is no day 31 in 2031-11: that month has 30 days."),
        ('"2031-02-29"^^xsd:date', "There is no day 29 in 2031-02: that month has 28 days."),
        ('"2031-06-00"^^xsd:date', "There is no day 00 in 2031-06: that month has 30 days."),
        ('"2031-13"^^xsd:gYearMonth', "there is no month 13."),
        ('"3.5.2031"^^xsd:date', 'does not have the form of an xsd:date, such as "2020-09-24".'),
        ('"2031-05"^^xsd:date', 'does not have the form of an xsd:date, such as "2020-09-24".'),
        ('"many"^^xsd:integer', 'does not have the form of an xsd:integer, such as "27".'),
        ('"yes"^^xsd:boolean', 'does not have the form of an xsd:boolean, such as "true".'),
    ],
)
def test_what_is_wrong_with_a_value_is_said(toy: Toy, written: str, words: str) -> None:
    """A day that its month does not have is another fault than a date in another form."""
    toy.replace("ms", DATE, written)
    (found,) = toy.findings()
    assert found.code == "literal-form"
    assert found.message.endswith(words)
    assert (found.position.line, found.position.column) == toy.place("ms", written)


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ('" Aminah Yusof"@en', "beginning"),
        ('"Aminah Yusof "@en', "end"),
        ('" Aminah Yusof "@en', "beginning"),
        ('"Aminah\u200f Yusof"@en', "U+200F"),
        ('"Aminah\u0007 Yusof"@en', "U+0007"),
        ('"A\u0301minah Yusof"@en', "NFC"),
    ],
)
def test_the_fix_is_that_of_the_case(toy: Toy, written: str, fix: str) -> None:
    """Who has a space too many is not told to write NFC."""
    toy.replace("data/entities/people.ttl", LABEL, written)
    (found,) = [one for one in toy.findings() if one.code == "label-hygiene"]
    assert fix in found.fix


def test_a_tag_with_a_region_of_three_letters_is_not_valid(toy: Toy) -> None:
    """Such a region passes for an extended language subtag, and no such one is registered."""
    toy.replace("data/entities/people.ttl", LABEL, '"Aminah Yusof"@arb-JOR')
    (found,) = [one for one in toy.findings() if one.code == "label-tag"]
    assert (found.message, found.fix) == (
        "The language tag arb-JOR is not valid.",
        "Did you mean ar-JO or ar?",
    )


def test_a_second_description_is_named_as_the_file_names_it(toy: Toy) -> None:
    """A claim is called by its number, not by an IRI of eighty characters."""
    toy.replace("ms", "<#c02> a", "<#c01> a cica:Claim .\n<#c02> a")
    (found,) = [one for one in toy.findings() if one.code == "subject-once"]
    assert found.message.startswith("<#c01> is described a second time")
