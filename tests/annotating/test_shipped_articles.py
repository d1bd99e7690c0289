"""The five articles, read with the annotator's own tools; the texts are not part of the project."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from cicakg.annotating.articles import AnnotatedArticle, article_paths, read_article
from cicakg.annotating.coverage import Coverage, cover
from cicakg.annotating.coverage_page import page
from cicakg.annotating.language_guess import guess_language
from cicakg.annotating.mentions import suggest
from cicakg.annotating.names import read_names
from cicakg.annotating.texts import verified_text
from cicakg.paths import DatasetFolder

LEAST_COVERED = 0.85
"""The share of an article's words that stand in some span, at the least."""


class Container(HTMLParser):
    """Reads the text content of the containers of class "text", which hold no div."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """A container begins."""
        if tag == "div":
            self.is_inside = True
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """A container ends."""
        self.is_inside = self.is_inside and tag != "div"

    def handle_data(self, data: str) -> None:
        """Text, counted inside a container only."""
        if self.is_inside:
            self.texts[-1] += data


@pytest.fixture(scope="module")
def articles(project: Path) -> list[AnnotatedArticle]:
    """All articles of the dataset."""
    return [read_article(path) for path in article_paths(DatasetFolder(project))]


@pytest.fixture(scope="module")
def read(articles: list[AnnotatedArticle], shared: Path) -> list[tuple[Coverage, str]]:
    """What of each article is covered, and its verified text."""
    texts = [verified_text(one, shared / "corpus").text for one in articles]
    return [(cover(one, text), text) for one, text in zip(articles, texts, strict=True)]


def test_every_sentence_has_a_claim(read: list[tuple[Coverage, str]]) -> None:
    """Title, byline and every sentence of the body of every article is touched by some claim's evidence."""
    assert len(read) >= 5
    bare = {one.article.slug: [sentence.span for sentence in one.bare] for one, _ in read}
    assert {slug: spans for slug, spans in bare.items() if spans} == {}


def test_most_words_stand_in_some_span(read: list[tuple[Coverage, str]]) -> None:
    """What is left are the words of speaking, joining and pointing, not whole clauses."""
    shares = {one.article.slug: one.covered_count / one.word_count for one, _ in read}
    assert {slug: share for slug, share in shares.items() if share < LEAST_COVERED} == {}


def test_the_page_holds_each_text_unchanged(read: list[tuple[Coverage, str]]) -> None:
    """The text content of each container is the file, with all spans of the real annotation marked in it."""
    container = Container()
    container.feed(page(read))
    assert container.texts == [text for _, text in read]


def test_the_languages_are_guessed_right(read: list[tuple[Coverage, str]]) -> None:
    """The guess from letters and small words is the language the annotators gave."""
    assert {one.article.slug: guess_language(text).tag for one, text in read} == {
        one.article.slug: one.article.language for one, _ in read
    }


def test_cica_is_found_in_every_article(read: list[tuple[Coverage, str]], project: Path) -> None:
    """Its names in three scripts stand in all five texts, and each place found is outside what is
    excluded.
    """
    entries = read_names(DatasetFolder(project)).entries
    for one, text in read:
        found = {each.entry.curie: each.mentions for each in suggest(entries, text, one.article)}
        assert len(found["id:cica"]) >= 3
        assert not any(one.article.excluded_at(*each.span) for each in found["id:cica"])
