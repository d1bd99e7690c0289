"""Dates as they are known, whole or in part, in the words of a reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel import Locale
from babel.dates import format_date, format_skeleton

# xsd:date, xsd:gYearMonth and xsd:gYear of the years 1 to 9999, without time zone.
_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class DateView:
    """A date: ``text`` for the reader, ``datetime`` as it is written in the data, which is also what
    ``<time datetime>`` takes.
    """

    text: str
    datetime: str


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """When an article was published: the date it gives, else the bounds that its text sets."""

    issued: DateView | None = None
    earliest: DateView | None = None
    latest: DateView | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything is known of it."""
        return any((self.issued, self.earliest, self.latest))


def view_date(written: str, locale: Locale) -> DateView | None:
    """Return ``2023-10-05``, ``2023-10`` or ``2023`` in words (5 October 2023, October 2023, 2023), and
    ``None`` for anything else, such as a date with a time zone.
    """
    found = _DATE.fullmatch(written)
    if found is None:
        return None
    year, month, day = found.groups()
    try:
        given = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if day:
        text = format_date(given, "long", locale=locale)
    else:
        # The skeleton, not a pattern: in Kazakh and Russian the month has another form beside a year.
        text = format_skeleton("yMMMM" if month else "y", given, locale=locale)
    return DateView(text, written)


def view_article_date(issued: str, earliest: str, latest: str, locale: Locale) -> ArticleDate:
    """Return the date of an article from what the data says; an empty text says nothing."""
    given = (issued, earliest, latest)
    return ArticleDate(*(view_date(one, locale) or as_written(one) if one else None for one in given))


def as_written(written: str) -> DateView:
    """Return a date that has no words, as it is written in the data."""
    return DateView(written, written)
