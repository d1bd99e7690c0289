"""Finds among very many names those that have most pairs of letters in common with one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import pairwise
from typing import Final

_BITS: Final = tuple(1 << bit for bit in range(8))
_NUMBERS: Final = tuple(tuple(bit for bit in range(8) if value & _BITS[bit]) for value in range(256))
_NOT_ZERO: Final = re.compile(rb"[^\0]")


class PairIndex:
    """Names by their pairs of letters.

    A name stands between two spaces, so its pairs are those of its words: each word is looked through once,
    however many names have it. For each pair that is asked for there is one integer, whose bits say which
    names have it. Such integers are added for all names at once, as a sum is written: one integer for the
    ones, one for the twos, one for the fours.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        self._with_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._names):
            for word in name.split(" "):
                self._with_word[word].append(number)
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._with_word:
            for pair in _pairs(word):
                self._words[pair].append(word)
        self._having: dict[str, int] = {}
        self._sizes: dict[int, int] = {}

    def nearest(self, name: str, most: int) -> list[str]:
        """Return at most *most* names, best first, by Dice's coefficient of their pairs and those of *name*.

        Names without a pair in common are none; those as near as each other are in the order of the alphabet.
        """
        pairs = _pairs(name)
        counts = _sums(self._bits(one) for one in pairs if one in self._words)
        found: list[tuple[float, str]] = []
        above = 0
        for common in range(len(pairs), 0, -1):
            # A name has at least the pairs it has in common, so this is the best that is still to come.
            if len(found) == most and -found[-1][0] > 2 * common / (len(pairs) + common):
                break
            bits = _at_least(common, counts)
            if bits != above:
                likes = self._likenesses(len(pairs), common, bits & ~above)
                found, above = nsmallest(most, (*found, *likes)), bits
        return [one for _, one in found]

    def _likenesses(self, size: int, common: int, bits: int) -> Iterator[tuple[float, str]]:
        """Yield the names of *bits*, which have *common* pairs of *size* in common, so that the best sort
        first.
        """
        for number in _numbers(bits):
            yield -2 * common / (size + self._size(number)), self._names[number]

    def _size(self, number: int) -> int:
        """Return how many pairs a name has."""
        if number not in self._sizes:
            self._sizes[number] = len(_pairs(self._names[number]))
        return self._sizes[number]

    def _bits(self, pair: str) -> int:
        """Return which names have *pair*."""
        if pair not in self._having:
            bits = bytearray(len(self._names) // 8 + 1)
            for word in self._words[pair]:
                for number in self._with_word[word]:
                    bits[number >> 3] |= _BITS[number & 7]
            self._having[pair] = int.from_bytes(bits, "little")
        return self._having[pair]


def _pairs(name: str) -> frozenset[str]:
    padded = f" {name} "
    return frozenset(map("".join, pairwise(padded)))


def _sums(parts: Iterable[int]) -> list[int]:
    """Return how many of *parts* have each bit, as bits of those numbers: the ones, the twos, the fours."""
    sums: list[int] = []
    for one in parts:
        carried = one
        for place, bits in enumerate(sums):
            sums[place], carried = bits ^ carried, bits & carried
        if carried:
            sums.append(carried)
    return sums


def _at_least(least: int, sums: list[int]) -> int:
    """Return the bits of the places whose number in *sums* is *least* or more."""
    if least >> len(sums):
        return 0
    above, equal = 0, -1
    for place in reversed(range(len(sums))):
        if least >> place & 1:
            equal &= sums[place]
        else:
            above |= equal & sums[place]
            equal &= ~sums[place]
    return above | equal


def _numbers(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set."""
    data = bits.to_bytes(bits.bit_length() // 8 + 1, "little")
    for found in _NOT_ZERO.finditer(data):
        byte = found.start()
        for bit in _NUMBERS[data[byte]]:
            yield 8 * byte + bit
