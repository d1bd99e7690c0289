"""What is hidden in a literal goes, what is seen stays; and which names are nearest to one that is not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cicakg.checks.labels import hidden_problem
from cicakg.checks.remedies.dates import dated
from cicakg.checks.remedies.hygiene import cleaned
from cicakg.checks.remedies.names import Names
from cicakg.turtle.escapes import unescape

XSD = "http://www.w3.org/2001/XMLSchema#"
ID = "https://w3id.org/cicakg/id/"
HIDDEN = ["\u200f", "\u202b", "\u2066", "\ufeff", "\x01", "\u0640", " ", "\u00a0", "\\u200E", "\\t"]
SEEN = ["a", "é", "e\u0301", "ا\u0654", "\u0627\u0653", "қ", "𝄞", "한", "\u1112\u1161", "\\u0041", '\\"', "ـ"]
insides = st.lists(st.sampled_from(HIDDEN + SEEN)).map("".join)


class TestHygiene:
    """Literals without what is hidden in them."""

    @given(insides, st.booleans())
    def test_nothing_hidden_is_left_and_nothing_seen_is_lost(self, inside: str, is_quoted: bool) -> None:
        """The rest passes the rule; a safe one has the letters it had, by Unicode's canonical equivalence."""
        found = cleaned(inside, is_quoted)
        if found is None:
            return
        after = unescape(found.text)
        assert hidden_problem(after, is_quoted) is None
        if found.is_safe:
            assert _visible(after) == _visible(unescape(inside))

    @pytest.mark.parametrize(
        ("inside", "expected", "is_safe"),
        [
            ("\u200fسلام\u200e", "سلام", True),
            (" a\\u00A0b \\n", "a\\u00A0b", True),
            ("a\\u0301\\\\", "á\\\\", True),
            ("سـلام", "سلام", False),
            ("a\x0bb", "a b", False),
            ("a\u202eb", "ab", False),
        ],
    )
    def test_cases(self, inside: str, expected: str, is_safe: bool) -> None:
        """Escapes that are not at fault stay; where a stretch, a gap or a turn is seen, it is not safe."""
        found = cleaned(inside, is_quoted=False)
        assert found is not None
        assert (found.text, found.is_safe) == (expected, is_safe)

    def test_nothing_is_left(self) -> None:
        """Where all is hidden, there is no text to write."""
        assert cleaned(" \u200f\\t", is_quoted=False) is None


def _visible(text: str) -> str:
    """Return *text* in NFD without format and control characters and outer white space."""
    kept = "".join(one for one in text if unicodedata.category(one) not in {"Cf", "Cc"} or one == "\t")
    return unicodedata.normalize("NFD", kept.strip())


class TestNames:
    """The nearest of the names there are."""

    NAMES = Names(
        labels={
            ID + "kazakhstan": ("Kazakhstan", "Қазақстан", "كازاخستان"),
            ID + "kyrgyzstan": ("Kyrgyzstan", "Қырғызстан"),
            ID + "astana": ("Astana", "Астана"),
            ID + "cica-secretariat": ("CICA Secretariat",),
        },
        kinds={},
        replaced={},
        ranges={},
    )

    @pytest.mark.parametrize(
        ("name", "nearest"),
        [
            ("kazakstan", "kazakhstan"),
            ("qazaqstan", "kazakhstan"),
            ("Қазақстан", "kazakhstan"),
            ("كازخستان", "kazakhstan"),
            ("secretariat-cica", "cica-secretariat"),
            ("астана", "astana"),
        ],
    )
    def test_by_name_and_label_in_any_language(self, name: str, nearest: str) -> None:
        """A name is found by its spelling, by its sound in Latin letters, and by a label of any script."""
        found = self.NAMES.nearest(name)
        assert found
        assert found[0].iri == ID + nearest

    def test_nothing_near(self) -> None:
        """What is like nothing has no nearest name, and only what is allowed is looked at."""
        assert self.NAMES.nearest("zzz-qqq") == ()
        assert self.NAMES.nearest("kazakstan", {ID + "astana"}) == ()


class TestDates:
    """What a date can only be read as."""

    @pytest.mark.parametrize(
        ("text", "value", "datatype"),
        [
            ("2020", "2020", "gYear"),
            ("2020-9", "2020-09", "gYearMonth"),
            ("2020-9-4", "2020-09-04", "date"),
            ("24.09.2020", "2020-09-24", "date"),
            ("24 September 2020", "2020-09-24", "date"),
            ("Oct. 2021", "2021-10", "gYearMonth"),
        ],
    )
    def test_read(self, text: str, value: str, datatype: str) -> None:
        """Day, month and year in an order that cannot be another."""
        assert dated(text) == Literal(value, datatype=NamedNode(XSD + datatype))

    @pytest.mark.parametrize("text", ["04.09.2020", "2020-13", "2021-02-30", "99", "today", "31.02.2020"])
    def test_not_decided(self, text: str) -> None:
        """What can be two days, or none, is not read."""
        assert dated(text) is None
