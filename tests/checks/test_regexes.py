"""Which regular expressions can take for ever, held against a matcher that does."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product

import pytest

from cicakg.checks.shape_lint.regexes import TooManyPlacesError, backtracks

RISKS = [
    ("^(a+)+$", "a", "!"),
    ("^(a*)*$", "a", "!"),
    ("^(a|aa)+$", "a", "!"),
    ("^([A-Za-z ]+)+$", "a", "!"),
    ("^(([A-Za-z]+) ?)+$", "a", "!"),
    ("^(.*)*x$", "a", "!"),
    (r"^(\w+\s?)+$", "a", "!"),
    ("^(a|b|ab)*c$", "ab", "!"),
    ("^(x+x+)+y$", "x", "!"),
    ("^(a?b?a?)*$", "a", "!"),
    ("^(a{1,50}){1,50}x$", "a", "!"),
    ("^(a?){40}a{40}$", "a", "!"),
    ("^(?:a|b*)*c$", "b", "!"),
]
MATCHER = """
import json, re, signal, sys
class Late(Exception): pass
def stop(*_): raise Late
signal.signal(signal.SIGVTALRM, stop)
late = []
for pattern, repeated, last in json.loads(sys.argv[1]):
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2)
    try: re.search(pattern, repeated * (100 // len(repeated)) + last)
    except Late: late.append(pattern)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
print(json.dumps(late))
"""
SOUND = [
    "",
    "^[a-z]+(-[a-z]+)*$",
    "^https://w3id\\.org/cicakg/article/[0-9]{4}-[a-z]{2,3}-[a-z0-9]+(-[a-z0-9]+)*#c[0-9]{2,}$",
    "^(President|Prime Minister|Minister)\\.? ",
    "^(0|[1-9][0-9]*)(,[1-9][0-9]*)*$",
    r"^(\w+\s)*x$",
    "^([^,]*,)*[^,]*$",
    "^(ab?)*$",
    "^(a?b)*$",
    "(foo|bar|fo)+x",
    "[0-9]{64}",
    "^[A-Z][a-z]*( [A-Z][a-z]*)*$",
]


@pytest.mark.parametrize(("pattern", "repeated", "last"), RISKS)
def test_a_pattern_that_can_take_for_ever_is_known(pattern: str, repeated: str, last: str) -> None:
    """What tries many ways is told, however it is written."""
    assert backtracks(pattern)


def test_the_patterns_of_this_test_do_take_for_ever() -> None:
    """Python's matcher takes more than a fifth of a second of processor time for each, on 100 characters."""
    done = subprocess.run(
        [sys.executable, "-c", MATCHER, json.dumps(RISKS)], capture_output=True, text=True, timeout=60
    )
    assert json.loads(done.stdout) == [pattern for pattern, _, _ in RISKS], done.stderr


@pytest.mark.parametrize("pattern", SOUND)
def test_a_pattern_that_cannot_is_left_alone(pattern: str) -> None:
    """Repetitions that part at a character of their own are no risk."""
    assert not backtracks(pattern)


def test_case_matters_only_where_it_does() -> None:
    """Two letters overlap where their case is ignored, and not otherwise."""
    assert not backtracks("^(?:a+|A+)*$") or backtracks("^(?:a+)*$")
    assert not backtracks("^(?:ab|Ab)*c$")
    assert backtracks("^(?:ab|Ab)*c$", ignores_case=True)


def count_of_ways(words: tuple[str, ...], text: str) -> int:
    """Return in how many ways *text* is a row of *words*."""
    counts = [1]
    for end in range(1, len(text) + 1):
        counts.append(sum(counts[end - len(one)] for one in words if text[:end].endswith(one)))
    return counts[-1]


@pytest.mark.parametrize("words", list(product(("a", "ab", "ba", "bb"), ("b", "aab", "aba"), ("abb", "bab"))))
def test_a_choice_of_words_is_a_risk_where_a_text_is_a_row_of_them_in_two_ways(
    words: tuple[str, ...],
) -> None:
    """Counted out for all texts of up to eleven letters: two ways for one are many for its repetition."""
    texts = ("".join(letters) for length in range(1, 12) for letters in product("ab", repeat=length))
    is_divided = any(count_of_ways(words, text) > 1 for text in texts)
    assert backtracks("^(?:" + "|".join(words) + ")*!$") == is_divided


@pytest.mark.parametrize("pattern", ["x" * 300, "(" * 5_000 + ")" * 5_000, "(a{9}){9}" * 9])
def test_a_pattern_too_large_to_be_looked_through_is_said_to_be(pattern: str) -> None:
    """No guess is made about what takes too long to judge."""
    with pytest.raises(TooManyPlacesError):
        backtracks(pattern)
