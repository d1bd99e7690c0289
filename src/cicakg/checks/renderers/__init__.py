"""A report in each of its formats: one module a format, all from one :class:`~cicakg.model.Finding`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from cicakg.checks.renderers.github import github_lines
from cicakg.checks.renderers.json_report import json_text
from cicakg.checks.renderers.junit import junit_text
from cicakg.checks.renderers.markdown import markdown_text
from cicakg.checks.renderers.sarif import sarif_text
from cicakg.checks.renderers.text import text_lines
from cicakg.checks.renderers.turtle_report import turtle_text
from cicakg.checks.renderers.view import Style, View, plain
from cicakg.checks.report import Report

__all__ = ["FORMATS", "Style", "View", "plain"]

Renderer = Callable[[Report, View], str]


def _text(report: Report, view: View) -> str:
    return "\n".join([*text_lines(report, view), ""])


def _github(report: Report, view: View) -> str:
    return "\n".join([*github_lines(report, view), ""])


FORMATS: Final[Mapping[str, Renderer]] = {
    "text": _text,
    "github": _github,
    "json": json_text,
    "sarif": sarif_text,
    "junit": junit_text,
    "markdown": markdown_text,
    "turtle": turtle_text,
}
"""The formats by their names; each renderer returns a whole file that ends in a line break."""
