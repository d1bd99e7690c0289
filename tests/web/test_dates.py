"""Dates in the reader's language, whole and in part."""

from __future__ import annotations

import pytest

from cicakg.web.dates import view_article_date, view_date
from cicakg.web.wording import read_wordings

WORDINGS = read_wordings()


@pytest.mark.parametrize(
    ("tag", "day", "month", "year"),
    [
        # CLDR: date format "long"; skeletons yMMMM and y
        ("en", "5 October 2023", "October 2023", "2023"),
        ("ar", "5 أكتوبر 2023", "أكتوبر 2023", "2023"),
        ("kk", "2023 ж. 5 қазан", "2023 ж. қазан", "2023"),
        ("ms", "5 Oktober 2023", "Oktober 2023", "2023"),
        # the month alone stands in the nominative, beside a day in the genitive
        ("ru", "5 октября 2023 г.", "октябрь 2023 г.", "2023"),
    ],
)
def test_dates_are_in_words(tag: str, day: str, month: str, year: str) -> None:
    """A date says no more than is known: no day is made up for a month, no month for a year."""
    locale = WORDINGS[tag].locale
    views = [view_date(one, locale) for one in ("2023-10-05", "2023-10", "2023")]
    texts = [one.text.replace("\u202f", " ").replace("\u00a0", " ") for one in views if one]
    assert texts == [day, month, year]
    assert [one.datetime for one in views if one] == ["2023-10-05", "2023-10", "2023"]


@pytest.mark.parametrize(
    "written", ["", "2023-02-30", "2023-13", "0000", "2023-10-05Z", "-0044", "20231005", "x"]
)
def test_what_is_no_plain_date_has_no_words(written: str) -> None:
    """It is then shown as it is written, and nothing is guessed."""
    assert view_date(written, WORDINGS["en"].locale) is None


def test_article_date_keeps_what_has_no_words() -> None:
    """A bound with a time zone is shown as it is written; a bound that is not given is none."""
    found = view_article_date("", "2023-10-05Z", "", WORDINGS["en"].locale)
    assert found.is_known
    assert found.earliest is not None
    assert found.earliest.text == "2023-10-05Z"
    assert (found.issued, found.latest) == (None, None)
    assert not view_article_date("", "", "", WORDINGS["en"].locale).is_known
