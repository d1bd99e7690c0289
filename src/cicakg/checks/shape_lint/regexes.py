"""Regular expressions that can take for ever.

A matcher that tries one way after the other takes exponential time on a text that it can divide among the
repetitions of an expression in exponentially many ways. That is so exactly where, in the expression's
automaton, two different ways lead from a place back to it with the same characters (Weber and Seidl, "On the
degree of ambiguity of finite automata", 1991). The automaton is Glushkov's: one place for each character of
the expression, and as many steps from one to another as there are ways to go on.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

MOST_PLACES: Final = 250
"""How many characters an expression may ask for; pairs of them are looked at."""

_MOST_COPIES: Final = 10
_MANY_OPTIONS: Final = 10

_READER: Final[Any] = import_module("re._parser")  # typeshed does not know it

Ranges = tuple[tuple[int, int], ...]

_ANY: Final[Ranges] = ((0, sys.maxunicode),)
_NOT_ASCII: Final = (128, sys.maxunicode)


def _outside(ranges: Ranges) -> Ranges:
    found: list[tuple[int, int]] = []
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    if start <= sys.maxunicode:
        found.append((start, sys.maxunicode))
    return tuple(found)


_SPACES: Final[Ranges] = (
    *((9, 13), (28, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
_BEYOND_ASCII: Final = _outside(((0, 127), *_SPACES))
# Of the other characters outside ASCII each may be in a category and in its opposite: too many overlaps are
# safe, too few are not.
_CATEGORIES: Final[dict[str, Ranges]] = {
    "CATEGORY_DIGIT": ((48, 57), *_BEYOND_ASCII),
    "CATEGORY_NOT_DIGIT": ((0, 47), (58, sys.maxunicode)),
    "CATEGORY_SPACE": _SPACES,
    "CATEGORY_NOT_SPACE": _outside(_SPACES),
    "CATEGORY_WORD": ((48, 57), (65, 90), (95, 95), (97, 122), *_BEYOND_ASCII),
    "CATEGORY_NOT_WORD": ((0, 47), (58, 64), (91, 94), (96, 96), (123, sys.maxunicode)),
}


class TooManyPlacesError(Exception):
    """An expression asks for more than :data:`MOST_PLACES` characters."""


def backtracks(pattern: str, ignores_case: bool = False) -> bool:
    """Whether a backtracking matcher can take exponential time for *pattern*.

    Python reads it; raises :class:`re.error` where it cannot, :class:`TooManyPlacesError` where it is too
    large to be looked through.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            tree = _READER.parse(pattern)
        except (RecursionError, OverflowError) as error:
            raise TooManyPlacesError from error
    automaton = _Automaton(ignores_case)
    try:
        automaton.sequence(tree)
    except RecursionError as error:
        raise TooManyPlacesError from error
    return automaton.has_many_options or _is_ambiguous(automaton)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression: its first and last places and in how many ways it is empty, up to 2.

    A place that can be first in two ways is there twice.
    """

    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()
    empty: int = 1


@dataclass
class _Automaton:
    ignores_case: bool
    characters: list[Ranges] = field(default_factory=list)
    steps: dict[tuple[int, int], int] = field(default_factory=dict)
    has_many_options: bool = False

    def sequence(self, items: Iterable[Any]) -> _Part:
        """Add parts that follow one another."""
        whole = _Part()
        for item in items:
            whole = self._followed(whole, self._item(str(item[0]), item[1]))
        return whole

    def _item(self, kind: str, value: Any) -> _Part:  # noqa: ANN401 - the tree has no types
        match kind:
            case "AT" | "ASSERT" | "ASSERT_NOT":
                return _Part()
            case "BRANCH":
                return _either([self.sequence(one) for one in value[1]])
            case "SUBPATTERN" | "ATOMIC_GROUP":
                return self.sequence(value[3] if kind == "SUBPATTERN" else value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                return self._repeated(*value)
        return self._place(self._ranges(kind, value))

    def _place(self, ranges: Ranges) -> _Part:
        if len(self.characters) == MOST_PLACES:
            raise TooManyPlacesError
        self.characters.append(_with_cases(ranges) if self.ignores_case else ranges)
        place = (len(self.characters) - 1,)
        return _Part(place, place, 0)

    def _followed(self, one: _Part, two: _Part) -> _Part:
        self._link(one.last, two.first)
        return _Part(
            _capped(one.first + two.first * one.empty),
            _capped(two.last + one.last * two.empty),
            min(2, one.empty * two.empty),
        )

    def _link(self, lasts: Iterable[int], firsts: tuple[int, ...]) -> None:
        for last in lasts:
            for first in firsts:
                self.steps[last, first] = self.steps.get((last, first), 0) + 1

    def _repeated(self, least: int, most: int, body: Any) -> _Part:  # noqa: ANN401
        """Add a repetition: copies where they are few, else a loop, which is no less ambiguous."""
        copies = int(least) if int(most) > _MOST_COPIES else int(most)
        if copies > _MOST_COPIES or int(most) > _MOST_COPIES:
            return self._loop(int(least), int(most), body)
        whole = _Part()
        for number in range(copies):
            part = self.sequence(body)
            whole = self._followed(whole, part if number < int(least) else _optional(part))
        return whole

    def _loop(self, least: int, most: int, body: Any) -> _Part:  # noqa: ANN401
        part = self.sequence(body)
        self._link(part.last, part.first)
        is_endless = str(most) == str(int(_READER.MAXREPEAT))
        self.has_many_options |= bool(part.empty and part.first and not is_endless and most > _MANY_OPTIONS)
        return _Part(part.first, part.last, 0 if least and not part.empty else 1)

    def _ranges(self, kind: str, value: Any) -> Ranges:  # noqa: ANN401
        match kind:
            case "LITERAL":
                return ((value, value),)
            case "NOT_LITERAL":
                return _outside(((value, value),))
            case "RANGE":
                return (tuple(value),)
            case "CATEGORY":
                return _CATEGORIES[str(value)]
            case "IN":
                return self._set(value)
            case _:
                return _ANY

    def _set(self, members: list[Any]) -> Ranges:
        is_negated = str(members[0][0]) == "NEGATE"
        members = members[is_negated:]
        inside = tuple(one for kind, value in members for one in self._ranges(str(kind), value))
        if not is_negated:
            return inside
        has_category = any(str(kind) == "CATEGORY" for kind, _ in members)
        return (*_outside(inside), _NOT_ASCII) if has_category else _outside(inside)


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        _capped(tuple(place for one in parts for place in one.first)),
        _capped(tuple(place for one in parts for place in one.last)),
        min(2, sum(one.empty for one in parts)),
    )


def _optional(part: _Part) -> _Part:
    return _Part(part.first, part.last, 1)


def _capped(places: tuple[int, ...]) -> tuple[int, ...]:
    """Return *places* with each at most twice: more ways than two are as bad as two."""
    kept: list[int] = []
    for one in places:
        if kept.count(one) < 2:
            kept.append(one)
    return tuple(kept)


def _with_cases(ranges: Ranges) -> Ranges:
    """Return *ranges* with the ASCII letters in both cases; what else has cases is taken to match any."""
    found = set(ranges)
    for low, high in ranges:
        for start, shift in ((65, 32), (97, -32)):
            first, last = max(low, start), min(high, start + 25)
            if first <= last:
                found.add((first + shift, last + shift))
        if high > 127:
            found.add(_NOT_ASCII)
    return tuple(sorted(found))


# Ambiguity


def _is_ambiguous(automaton: _Automaton) -> bool:
    following = _following(automaton)
    for loop in _loops(following):
        inside = {one: [to for to in following[one] if to in loop] for one in loop}
        if any(automaton.steps[one, to] > 1 for one, many in inside.items() for to in many):
            return True
        if _splits(inside, automaton.characters):
            return True
    return False


def _following(automaton: _Automaton) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {one: [] for one in range(len(automaton.characters))}
    for one, to in automaton.steps:
        found[one].append(to)
    return found


def _loops(following: dict[int, list[int]]) -> Iterator[set[int]]:
    """Yield the sets of places of which each leads to each."""
    ahead = {one: _reached({one}, following) for one in following}
    seen: set[int] = set()
    for one in following:
        if one not in seen and one in ahead[one]:
            loop = {to for to in ahead[one] if one in ahead[to]}
            seen |= loop
            yield loop


def _reached(starts: Iterable[Any], following: dict[Any, list[Any]]) -> set[Any]:
    found: set[Any] = set()
    waiting = list(starts)
    while waiting:
        for to in following.get(waiting.pop(), ()):
            if to not in found:
                found.add(to)
                waiting.append(to)
    return found


def _splits(inside: dict[int, list[int]], characters: list[Ranges]) -> bool:
    """Whether two walks in a loop part on one text and meet again."""
    common = _overlaps(set(inside), characters)
    forward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    backward: dict[tuple[int, int], list[tuple[int, int]]] = {}
    waiting = [(one, one) for one in inside]
    while waiting:
        pair = waiting.pop()
        if pair in forward:
            continue
        forward[pair] = [(a, b) for a in inside[pair[0]] for b in inside[pair[1]] if (a, b) in common]
        for to in forward[pair]:
            backward.setdefault(to, []).append(pair)
            waiting.append(to)
    returning = _reached(((one, one) for one in inside), backward)
    return any(a != b for a, b in returning)


def _overlaps(places: set[int], characters: list[Ranges]) -> set[tuple[int, int]]:
    """Return the pairs of places that one character fits."""
    return {
        (one, other)
        for one in places
        for other in places
        if any(a <= d and c <= b for a, b in characters[one] for c, d in characters[other])
    }


def is_readable_by_python(pattern: str) -> bool:
    """Whether Python reads *pattern*, as pySHACL does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        try:
            re.compile(pattern)
        except (re.error, RecursionError, OverflowError):
            return False
    return True
