"""Positions in three encodings, and texts that change piece by piece."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicakg.editor.buffers import Buffer, Change
from cicakg.editor.encoding import Encoding, Extent, Point, offset_of, point_of
from cicakg.turtle import SourceText

TEXTS = st.text(st.sampled_from("ab \tа ә ع 😀𝒳\u0301\u2028\x0c\x85\ufeff\n\r"), max_size=40)
CODECS = {Encoding.UTF8: ("utf-8", 1), Encoding.UTF16: ("utf-16-le", 2), Encoding.UTF32: ("utf-32-le", 4)}


@given(text=TEXTS, encoding=st.sampled_from(Encoding))
def test_units_are_those_of_the_encoder(text: str, encoding: Encoding) -> None:
    """A text takes as many code units as Python's encoder writes."""
    codec, width = CODECS[encoding]
    assert encoding.units(text) == len(text.encode(codec)) // width


@given(text=TEXTS, data=st.data(), encoding=st.sampled_from(Encoding))
def test_a_point_leads_back_to_its_offset(text: str, data: st.DataObject, encoding: Encoding) -> None:
    """From an offset to a point and back is the same offset, but for the places inside a line break."""
    offset = data.draw(st.integers(0, len(text)))
    source = SourceText(text)
    back = offset_of(source, point_of(source, offset, encoding), encoding)
    assert back == offset or text[back:offset] == "\r"


@pytest.mark.parametrize(
    ("encoding", "character"), [(Encoding.UTF8, 6), (Encoding.UTF16, 4), (Encoding.UTF32, 3)]
)
def test_a_line_separator_is_no_line_break(encoding: Encoding, character: int) -> None:
    """A line ends at LF, CR or both, as the protocol has it, and not at U+2028."""
    text = "é😀\u2028x"
    point = point_of(SourceText(text), 2, encoding)
    assert point == Point(0, character if encoding is Encoding.UTF8 else character - 1)
    assert point_of(SourceText(text), 3, encoding).line == 0


def test_a_place_behind_the_end_is_moved_to_it() -> None:
    """A character behind the end of its line is the end of the line; a line behind the last, of the text."""
    source = SourceText("ab\r\ncd")
    assert offset_of(source, Point(0, 99), Encoding.UTF16) == 2
    assert offset_of(source, Point(1, 99), Encoding.UTF16) == 6
    assert offset_of(source, Point(9, 0), Encoding.UTF16) == 6


@given(text=TEXTS, data=st.data(), encoding=st.sampled_from(Encoding))
def test_a_change_replaces_what_its_range_covers(text: str, data: st.DataObject, encoding: Encoding) -> None:
    """A change by range gives the text that replacing the characters themselves gives."""
    places = [one for one in range(len(text) + 1) if text[one - 1 : one + 1] != "\r\n"]
    start, end = sorted((data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))))
    new = data.draw(TEXTS)
    source = SourceText(text)
    extent = Extent(point_of(source, start, encoding), point_of(source, end, encoding))
    buffer = Buffer("file:///x.ttl", None, 1, source).changed([Change(new, extent)], 2, encoding)
    assert buffer.source.text == text[:start] + new + text[end:]
    assert buffer.version == 2


def test_changes_are_applied_one_to_the_outcome_of_the_other() -> None:
    """Two changes of one notification: the second counts in the text that the first has made."""
    at = Extent(Point(0, 0), Point(0, 1))
    buffer = Buffer("file:///x.ttl", None, 1, SourceText("ab"))
    assert buffer.changed([Change("xy", at), Change("", at)], 2, Encoding.UTF16).source.text == "yb"
