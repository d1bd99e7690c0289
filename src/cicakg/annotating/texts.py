"""An article's text: read as it stands, verified against its annotation, shown around a span.

The texts are read and never kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from cicakg.annotating.articles import AnnotatedArticle
from cicakg.errors import CicakgError
from cicakg.model import Position
from cicakg.turtle import SourceText

_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff\u200c\u200d"
)
_PART: Final = rf"\w[\w{_MARKS}]*"
_WORD: Final = re.compile(rf"{_PART}(?:['\u2019\u02bc\u2010\u2011-]{_PART})*")


@dataclass(frozen=True)
class ArticleText:
    """The text of a file, code point by code point, not normalised; a byte order mark counts as one."""

    path: Path
    data: bytes
    text: str

    @cached_property
    def digest(self) -> str:
        """The text's ``cica:digest``: the SHA-256 of its bytes."""
        return "sha256:" + hashlib.sha256(self.data).hexdigest()

    @cached_property
    def source(self) -> SourceText:
        """The text with its lines."""
        return SourceText(self.text)

    def position(self, offset: int) -> Position:
        """Return line and column, from 1, of the code point at *offset*."""
        return self.source.position_at(offset)


@dataclass(frozen=True, slots=True)
class Context:
    """The words of a span with what stands before and behind them, cut at whole words."""

    before: str
    words: str
    after: str


def read_text(path: Path) -> ArticleText:
    """Read the text in the file at *path*.

    Raises :class:`CicakgError` (``text-unreadable``) where it cannot be read, is empty or is not UTF-8.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-8")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise _unreadable(f"The text {path} cannot be read: {reason}.") from None
    except UnicodeDecodeError as error:
        raise _unreadable(f"{path} is not UTF-8 at byte {error.start}.") from None
    if not text.strip():
        raise _unreadable(f"{path} is empty.")
    return ArticleText(path, data, text)


def _unreadable(detail: str) -> CicakgError:
    return CicakgError("text-unreadable", detail, "Name a file with an article's text in UTF-8.")


def verified_text(article: AnnotatedArticle, folder: Path | None) -> ArticleText:
    """Return the text *article* was annotated from, out of *folder*.

    Raises :class:`CicakgError` where there is no folder (``texts-unknown``), the text is not in it
    (``text-missing``), or it is not the one that was annotated (``text-differs``).
    """
    text = read_text(_text_path(article, folder))
    if text.digest != article.digest:
        raise CicakgError(
            "text-differs",
            f"{text.path} is not the text that {article.path} was annotated from: its digest is "
            f"{text.digest}, the annotation says {article.digest or 'nothing'}.",
            "Restore the text that was annotated, or verify every span against the new one and write its "
            "digest.",
        )
    if str(len(text.text)) != article.length:
        raise CicakgError(
            "text-differs",
            f"{text.path} has {len(text.text)} code points, {article.path} says "
            f"{article.length or 'nothing'}.",
            f"Write cica:textLength {len(text.text)} in {article.path}.",
        )
    return text


def _text_path(article: AnnotatedArticle, folder: Path | None) -> Path:
    if folder is None:
        raise CicakgError(
            "texts-unknown",
            "The articles' texts are not part of the dataset, and where they are was not said.",
            "Name their folder with --texts DIR, or in the environment as CICAKG_TEXTS.",
        )
    if not folder.is_dir():
        raise CicakgError(
            "texts-not-found", f"{folder} is not a folder.", "Name the folder of the articles' texts."
        )
    path = folder / Path(f"{article.identifier}.txt").name
    if not article.identifier or not path.is_file():
        raise CicakgError(
            "text-missing",
            f"The text of {article.slug} is not in {folder}: there is no {path.name}.",
            "Put it there under its identifier, or correct dcterms:identifier in the article's file.",
        )
    return path


def words(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of each word of *text*: letters, digits and their marks, hyphens and apostrophes
    within.
    """
    return (found.span() for found in _WORD.finditer(text))


def context(text: str, start: int, end: int, width: int = 50) -> Context:
    """Return the span with up to *width* code points on either side of it."""
    before = text[max(0, start - width) : start]
    after = text[end : end + width]
    if start > width:
        before = "…" + before[_first_space(before) :]
    if end + width < len(text):
        after = after[: len(after) - _first_space(after[::-1])] + "…"
    return Context(before, text[start:end], after)


def _first_space(text: str) -> int:
    """Return where the first word boundary is, 0 where *text* is one word."""
    return next((place for place, one in enumerate(text) if one.isspace()), 0)
