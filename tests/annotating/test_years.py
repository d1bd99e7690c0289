"""The year of a text is guessed only where its dates leave no doubt."""

from __future__ import annotations

import pytest

from cicakg.annotating.years import guess_year


@pytest.mark.parametrize(
    "date",
    [
        "4 May 2031",
        "May 4th, 2031",
        "3-4 Mei 2031",
        "4 мамыр 2031",
        "2031 жылғы 4 мамырда",
        "4 мая 2031 года",
        "4 مايو 2031",
        "٤ مايو ٢٠٣١",
        "4 كانون الأول 2031",
        "04.05.2031",
        "2031-05-04",
    ],
)
def test_a_complete_date_tells_the_year(date: str) -> None:
    """Day, month and year in any of the languages, beside other years up to three later and any earlier."""
    assert guess_year(f"Satu {date} dua 2033, tiga 1999.").year == "2031"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("4 May 2031, 5 June 2032", "2031, 2032"),
        ("Since 2029, and in 2031", "2029, 2031"),
        ("On 4 May 1992; today, in 2031", "1992"),
        ("On Tuesday", "no year"),
        ("No. 20311 of 12031", "no year"),
    ],
)
def test_doubt_gives_no_year(text: str, why: str) -> None:
    """Two years, a remembered date or none: the person is asked, and told what was found."""
    guess = guess_year(text)
    assert guess.year is None
    assert why in guess.reason


def test_the_only_year_named_will_do() -> None:
    """A text with one year and no complete date is of that year."""
    assert guess_year("Sidang akan berlangsung pada 2031.").year == "2031"
