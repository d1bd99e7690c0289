"""In which year a text was written, as far as its dates say without doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cicakg.folding import key

_MONTHS: Final = (
    # English, Malay
    "january february march april may june july august september october november december "
    "januari februari mac mei jun julai ogos oktober disember "
    # Kazakh, Russian (without endings)
    "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан "
    "январ феврал март апрел мая май июн июл август сентябр октябр ноябр декабр "
    # Arabic, both sets of names; those of two words by their first
    "يناير فبراير مارس ابريل نيسان مايو ايار يونيو حزيران يوليو تموز اغسطس اب سبتمبر ايلول اكتوبر نوفمبر "
    "ديسمبر شباط اذار تشرين كانون"
)
_NAME: Final = rf"(?:{'|'.join(sorted((key(one) for one in _MONTHS.split()), key=len, reverse=True))})\w*"
_MONTH: Final = rf"{_NAME}(?: (?:الاول|الثاني))?"
_DAY: Final = r"(?:[012]?[0-9]|3[01])(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>(?:19|20)[0-9]{2})"
_DATES: Final = tuple(
    re.compile(rf"(?<!\S){pattern}(?!\S)")
    for pattern in (
        rf"{_DAY} {_MONTH} {_YEAR}",
        rf"{_MONTH} {_DAY} {_YEAR}",
        rf"{_YEAR}(?: жыл\w*)? {_DAY} {_MONTH}",
        rf"{_DAY} (?:0?[1-9]|1[012]) {_YEAR}",
        rf"{_YEAR} (?:0[1-9]|1[012]) {_DAY}",
    )
)
_ANY_YEAR: Final = re.compile(rf"(?<!\S){_YEAR}(?!\S)")


LATER: Final = 3
"""How many years behind a complete date the others may lie: a term ends later, a memory is older."""


@dataclass(frozen=True, slots=True)
class YearGuess:
    """A year, or ``None``, and in one sentence what it rests on."""

    year: str | None
    reason: str


def guess_year(text: str) -> YearGuess:
    """Guess the year of *text*: that of all its complete dates, or the only year it names.

    Years named may lie up to :data:`LATER` years behind; a text that names later ones remembers the date.
    """
    folded = key(text)
    complete = sorted(set(_years(folded)))
    named = sorted({one["year"] for one in _ANY_YEAR.finditer(folded)})
    if len(complete) == 1 and int(named[-1]) > int(complete[0]) + LATER:
        return YearGuess(None, f"its one complete date is of {complete[0]}, but it names {named[-1]} too")
    if len(complete) == 1:
        return YearGuess(complete[0], f"every complete date in the text is of {complete[0]}")
    if complete:
        return YearGuess(None, f"its complete dates are of {', '.join(complete)}")
    if len(named) == 1:
        return YearGuess(named[0], f"{named[0]} is the only year the text names")
    return YearGuess(None, f"it names the years {', '.join(named)}" if named else "it names no year")


def _years(folded: str) -> Iterator[str]:
    for pattern in _DATES:
        for found in pattern.finditer(folded):
            yield found["year"]
