"""Plots as SVG: a row for each query, a mark for each server, milliseconds on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_COLOURS: Final = ("#0b6e4f", "#7fb800", "#d1495b", "#edae49", "#30638e")
_ROW, _TOP, _LEFT, _WIDTH, _RIGHT = 24, 64, 250, 520, 30

Series = Mapping[str, float | None]


def plot(title: str, rows: Mapping[str, Series], names: Sequence[str], unit: str = "ms") -> str:
    """Return a plot of *rows*: for each label the value of each of *names*; ``None`` has no mark."""
    values = [one for series in rows.values() for one in series.values() if one]
    low, high = _decades(values)
    height = _TOP + _ROW * len(rows) + 40
    size = f"0 0 {_LEFT + _WIDTH + _RIGHT} {height}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}" role="img" aria-label="{escape(title)}">',
        '<g font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="10" y="20" font-weight="bold">{escape(title)}</text>',
        *_legend(names),
        *_axis(low, high, height, unit),
    ]
    for place, (label, series) in enumerate(rows.items()):
        parts += _row(label, [series.get(name) for name in names], _TOP + _ROW * place + 16, (low, high))
    return "\n".join([*parts, "</g></svg>", ""])


def _decades(values: Sequence[float]) -> tuple[int, int]:
    if not values:
        return 0, 1
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _legend(names: Sequence[str]) -> list[str]:
    parts, x = [], 10
    for name, colour in zip(names, _COLOURS, strict=False):
        parts.append(f'<circle cx="{x + 6}" cy="40" r="6" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="44">{escape(name)}</text>')
        x += 34 + 8 * len(name)
    return parts


def _axis(low: int, high: int, height: int, unit: str) -> list[str]:
    parts = []
    for decade in range(low, high + 1):
        x = _place(10.0**decade, (low, high))
        parts.append(f'<line x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{height - 30}" stroke="#cccccc"/>')
        parts.append(f'<text x="{x}" y="{height - 12}" text-anchor="middle">{10.0**decade:g} {unit}</text>')
    return parts


def _row(label: str, values: Sequence[float | None], y: int, span: tuple[int, int]) -> list[str]:
    parts = [
        f'<text x="{_LEFT - 12}" y="{y + 4}" text-anchor="end">{escape(label)}</text>',
        f'<line x1="{_LEFT}" y1="{y}" x2="{_LEFT + _WIDTH}" y2="{y}" stroke="#eeeeee"/>',
    ]
    marks = [
        f'<circle cx="{_place(value, span)}" cy="{y}" r="6" fill="{colour}" fill-opacity="0.85"/>'
        for value, colour in zip(values, _COLOURS, strict=False)
        if value
    ]
    return [*parts, *reversed(marks)]  # the first of the servers on top


def _place(value: float, span: tuple[int, int]) -> float:
    low, high = span
    return round(_LEFT + (math.log10(value) - low) / (high - low) * _WIDTH, 1)
