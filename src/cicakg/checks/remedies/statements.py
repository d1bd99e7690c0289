"""Takes a triple out of a file, or puts one in, as edits that leave everything else as it stands.

What is deleted goes with the comma or semicolon that is then too many; comments stay, and so do the line
breaks that end them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from cicakg.checks.remedies.outline import Outline, WrittenPredicate, WrittenStatement
from cicakg.model import Edit
from cicakg.turtle import SourceText

_COMMENT: Final = re.compile(r"[ \t]*#[^\r\n]*(?:\r\n|\n|\r|$)[ \t]*")
_SPACE: Final = " \t"
_BREAKS: Final = "\r\n"
_BREAK: Final = re.compile(r"\r\n|\n|\r")
_ENDING_BREAK: Final = re.compile(r"(?:\r\n|\n|\r)$")
_EMPTY_LINE_BEFORE: Final = re.compile(r"(?:^|\r\n|\n|\r)(?:\r\n|\n|\r)$")


def replacement(source: SourceText, start: int, end: int, text: str) -> Edit:
    """Return the edit that puts *text* in the place of the characters from *start* to *end*."""
    return Edit(source.position_at(start), source.position_at(end), text)


def has_overlap(edits: Iterable[Edit]) -> bool:
    """Whether two of *edits* change the same characters, or put something in at the same place."""
    ordered = sorted(edits)
    return any(first.end > second.start or first.start == second.start for first, second in pairwise(ordered))


def deletion(source: SourceText, outline: Outline, offset: int) -> tuple[Edit, ...]:
    """Return the edits that take out the triple whose object begins at *offset*, and no other triple.

    There are none where that cannot be: the object has triples of its own, or the subject is a list or a
    ``[…]`` that would be left without a statement.
    """
    found = outline.object_at(offset)
    if found is None:
        return ()
    statement, number, place = found
    predicate = statement.predicates[number]
    if predicate.objects[place].holds:
        return ()
    if len(predicate.objects) > 1:
        return _without(source, outline, *_object_range(predicate, place))
    if len(statement.predicates) > 1:
        return _without(source, outline, *_predicate_range(statement, number))
    if statement.subject_holds or (statement.is_bracket and not statement.can_be_empty):
        return ()
    inside = (statement.subject_end, statement.end - 1)
    whole = whole_lines(source.text, statement.start, statement.end)
    return _without(source, outline, *(inside if statement.is_bracket else whole))


def _object_range(predicate: WrittenPredicate, place: int) -> tuple[int, int]:
    objects = predicate.objects
    if place == 0:
        return objects[0].start, objects[1].start
    return objects[place - 1].end, objects[place].end


def _predicate_range(statement: WrittenStatement, number: int) -> tuple[int, int]:
    predicates = statement.predicates
    if number + 1 < len(predicates):
        return predicates[number].start, predicates[number + 1].start
    return predicates[number - 1].last, predicates[number].last


def whole_lines(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range of a whole statement, with its line's end, and an empty line where two would meet."""
    before, after = start, end
    while before and text[before - 1] in _SPACE:
        before -= 1
    while after < len(text) and text[after] in _SPACE:
        after += 1
    if (before and text[before - 1] not in _BREAKS) or (after < len(text) and text[after] not in _BREAKS):
        return start, end
    after = _behind_break(text, after)
    is_blank_before = not before or _EMPTY_LINE_BEFORE.search(text[max(0, before - 4) : before])
    following = _behind_break(text, after)
    if is_blank_before and following > after:
        return before, following
    return before, after


def _behind_break(text: str, offset: int) -> int:
    found = _BREAK.match(text, offset)
    return found.end() if found else offset


def _without(source: SourceText, outline: Outline, start: int, end: int) -> tuple[Edit, ...]:
    """Return the edits that take out what stands from *start* to *end*, except comments."""
    edits = []
    for first, last in _pieces(source.text, outline, start, end):
        glue = " " if _would_join(source.text, first, last) else ""
        if first < last:
            edits.append(replacement(source, first, last, glue))
    return tuple(edits)


def _pieces(text: str, outline: Outline, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a range that are no comment: tokens and the white space between them."""
    at = start
    for gap_start, gap_end in outline.gaps(start, end):
        offset = gap_start
        while (hash_at := text.find("#", offset, gap_end)) >= 0:
            comment_start = hash_at
            while comment_start > at and text[comment_start - 1] in _SPACE:
                comment_start -= 1
            found = _COMMENT.match(text, comment_start, gap_end)
            if found is None:
                break
            yield at, comment_start
            at = offset = found.end()
    yield at, end


def _would_join(text: str, start: int, end: int) -> bool:
    """Whether the tokens on both sides of what is taken out would become one, or be read otherwise."""
    if start == 0 or end == len(text):
        return False
    before, after = text[start - 1], text[end]
    return not before.isspace() and not after.isspace() and before not in "[(,;" and after not in ",;])#"


def addition(source: SourceText, statement: WrittenStatement, after: int, predicate: str, value: str) -> Edit:
    """Return the edit that adds *predicate* and *value* behind predicate number *after* of *statement*.

    It becomes a line of its own where the predicates stand on lines of their own.
    """
    predicates = statement.predicates
    if after + 1 < len(predicates):
        at = predicates[after + 1].start
        separator = _line_start(source.text, at) or " "
        return replacement(source, at, at, f"{predicate} {value} ;{separator}")
    last = predicates[-1]
    separator = next(
        (one for one in (_line_start(source.text, each.start) for each in reversed(predicates)) if one),
        " " if len(predicates) > 1 else line_break(source.text) + "    ",
    )
    return replacement(source, last.last, last.last, f" ;{separator}{predicate} {value}")


def another_object(source: SourceText, predicate: WrittenPredicate, value: str) -> Edit:
    """Return the edit that adds *value* to the objects of *predicate*."""
    return replacement(source, predicate.last, predicate.last, f" , {value}")


def _line_start(text: str, offset: int) -> str:
    """Return line break and indentation of what stands at *offset* if it begins its line, else nothing."""
    start = offset
    while start and text[start - 1] in _SPACE:
        start -= 1
    found = _ENDING_BREAK.search(text, max(0, start - 2), start)
    return found[0] + text[start:offset] if found else ""


def line_break(text: str) -> str:
    """Return the line break that *text* uses first, a line feed where it has none."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"
