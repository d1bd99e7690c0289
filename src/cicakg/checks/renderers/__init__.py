"""A report in each of its formats: one module a format, all from one :class:`~cicakg.model.Finding`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from cicakg.checks.renderers.view import Style, View, plain
from cicakg.checks.report import Report

__all__ = ["FORMATS", "Style", "View", "plain"]

Renderer = Callable[[Report, View], str]


_MODULES: Final = {
    "text": "text",
    "github": "github",
    "json": "json_report",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
    "turtle": "turtle_report",
}


def _renderer(name: str) -> Renderer:
    """Return the renderer of the format *name*; its module is loaded when it is first used."""

    def render(report: Report, view: View) -> str:
        module = import_module(f"cicakg.checks.renderers.{_MODULES[name]}")
        text: str = getattr(module, f"{name}_text")(report, view)
        return text

    return render


FORMATS: Final[Mapping[str, Renderer]] = {name: _renderer(name) for name in _MODULES}
"""The formats by their names; each renderer returns a whole file that ends in a line break."""
