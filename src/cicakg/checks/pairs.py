"""Finds among very many names those that have most pairs of letters in common with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import pairwise
from typing import Final

_BITS: Final = tuple(1 << bit for bit in range(8))


class PairIndex:
    """Names by their pairs of letters.

    For each pair there is one integer, whose bits say which names have it. Such integers are added for all
    names at once, as a sum is written: one integer for the ones, one for the twos, one for the fours.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = tuple(dict.fromkeys(names))
        having: dict[str, bytearray] = {}
        size = len(self._names) // 8 + 1
        for number, name in enumerate(self._names):
            byte, bit = number >> 3, _BITS[number & 7]
            for pair in _pairs(name):
                if pair not in having:
                    having[pair] = bytearray(size)
                having[pair][byte] |= bit
        self._having = {pair: int.from_bytes(bits, "little") for pair, bits in having.items()}

    def nearest(self, name: str, most: int) -> list[str]:
        """Return at most *most* names, best first, by Dice's coefficient of their pairs and those of *name*.

        Names without a pair in common are none; those as near as each other are in the order of the alphabet.
        """
        pairs = _pairs(name)
        counts = _sums(self._having[one] for one in pairs if one in self._having)
        enough = next(
            (one for one in range(len(pairs), 0, -1) if _at_least(one, counts).bit_count() >= most), 1
        )
        found = self._ranked(pairs, _at_least(enough, counts), most)
        # A name with fewer pairs in common than this has fewer than the last of these, however short it is.
        worst = -found[-1][0] if len(found) == most else 0.0
        fewest = max(1, int(worst * len(pairs) / (2 - worst)))
        if fewest < enough:
            found = self._ranked(pairs, _at_least(fewest, counts), most)
        return [one for _, one in found]

    def _ranked(self, pairs: frozenset[str], bits: int, most: int) -> list[tuple[float, str]]:
        names = (self._names[number] for number in _numbers(bits))
        return nsmallest(most, ((-_likeness(pairs, _pairs(one)), one) for one in names))


def _likeness(some: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(some & others) / (len(some) + len(others))


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
    for byte, value in enumerate(bits.to_bytes(bits.bit_length() // 8 + 1, "little")):
        if value:
            yield from (8 * byte + bit for bit in range(8) if value & _BITS[bit])
