"""The page of a text shaded by its claims: the text unchanged, marks that do not overlap, nothing loaded."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from annotated import article, claim
from hypothesis import given
from hypothesis import strategies as st

from cicakg.annotating.articles import Claim
from cicakg.annotating.coverage import cover
from cicakg.annotating.coverage_page import page, segments

TEXT = "Menu <b>&amp;\r\n\n\u00a0مجلسُ 🏞 النهر: «سطر»\tlagi. Dua\rtiga."


class Reader(HTMLParser):
    """Reads the text containers of a page, as a browser would, and the marks in them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[dict[str, str | None]] = []
        self.marks: list[dict[str, str | None]] = []
        self.tags: set[str] = set()
        self.depth = 0
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the container, or count how deep in it we are."""
        values = dict(attrs)
        self.tags.add(tag)
        if values.get("class") == "text":
            self.texts.append("")
            self.attributes.append(values)
            self.depth = 1
        elif self.depth:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)
            if tag == "mark":
                self.marks.append(values)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - HTMLParser's
        """Leave an element of the container, or the container."""
        self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        """Collect text inside the container."""
        if self.depth:
            self.texts[-1] += data


def read(*claims: Claim, text: str = TEXT, language: str = "ar") -> tuple[Reader, str]:
    """Make the page of one article and read it."""
    made = page([(cover(article(*claims, excluded=((0, 4),), language=language), text), text)])
    reader = Reader()
    # A browser takes CR and CR LF of the source for LF before it resolves references (HTML, 13.2.3.5).
    reader.feed(re.sub("\r\n?", "\n", made))
    return reader, made


def test_the_container_holds_the_very_text() -> None:
    """Markup, entities, carriage returns, tabs and no-break spaces of a text come out as they went in."""
    reader, _ = read(claim("#c01", (5, 12)), claim("#c02", (8, 25)))
    assert reader.texts == [TEXT]


@given(
    st.text(alphabet="aب<&\r\n \"'>🏞ُ.", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(1, 10)), max_size=6),
)
def test_any_spans_leave_the_text_alone(text: str, places: list[tuple[int, int]]) -> None:
    """Whatever overlaps, the text content is the file's and no mark stands in another."""
    spans = [(start, min(start + length, len(text))) for start, length in places if start < len(text)]
    reader, _ = read(*(claim(f"#c{number}", one) for number, one in enumerate(spans)), text=text)
    assert reader.texts == [text]
    assert reader.deepest <= 2


def test_overlapping_spans_become_segments_with_their_claims() -> None:
    """Each segment lists exactly the claims whose evidence covers it."""
    made = cover(article(claim("#c01", (0, 6)), claim("#c02", (4, 9))), "satu dua tiga")
    assert [(one.start, one.end, [each.name for each in one.claims]) for one in segments(made, 13)] == [
        (0, 4, ["#c01"]),
        (4, 6, ["#c01", "#c02"]),
        (6, 9, ["#c02"]),
        (9, 13, []),
    ]


def test_marks_tell_claims_and_modality() -> None:
    """A mark's title names its claims, its class their modality, or that they are mixed, and their number."""
    reader, _ = read(claim("#c01", (18, 23), modality="plan"), claim("#c02", (18, 27), modality="opinion"))
    titles = [str(one["title"]) for one in reader.marks]
    assert [re.findall(r"#c\d+", title)[::2] for title in titles] == [["#c01", "#c02"], ["#c02"]]
    assert [one["class"] for one in reader.marks] == ["mixed n2", "opinion n1"]


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("kk", "ltr"), ("ms", "ltr")])
def test_language_and_direction_are_the_articles(language: str, direction: str) -> None:
    """A screen reader and a browser learn both from the container."""
    reader, _ = read(language=language)
    assert (reader.attributes[0]["lang"], reader.attributes[0]["dir"]) == (language, direction)


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    """No script, no frame, no address: article text goes nowhere."""
    reader, made = read(claim("#c01", (5, 12)))
    assert not reader.tags & {"script", "img", "iframe", "link", "a", "object"}
    assert "://" not in made
    assert "default-src 'none'" in made
