"""The settings an editor sends."""

from __future__ import annotations

from pathlib import Path

import pytest

from cicakg.editor.settings import EditorSettings, with_values
from cicakg.editor.wire import escaped, path_of, uri_of


def test_all_settings_are_taken_over(tmp_path: Path) -> None:
    """Each setting the documentation names is read."""
    given = {
        "lang": "kk-KZ",
        "texts": str(tmp_path),
        "timeout": 5,
        "pause": 0.5,
        "rulesUrl": "https://a.example/r#x",
    }
    settings, problems = with_values(EditorSettings(), given)
    assert problems == []
    assert settings == EditorSettings("kk", tmp_path, 5.0, 0.5, "https://a.example/r")


@pytest.mark.parametrize(
    "given",
    [
        {"lang": "xx"},
        {"texts": "/no/such/folder"},
        {"timeout": -1},
        {"timeout": True},
        {"rulesUrl": "javascript:1"},
        {"a": 1},
    ],
)
def test_what_cannot_be_used_is_said_and_left_out(given: object) -> None:
    """A wrong value or an unknown name gives a sentence, and the setting stays as it was."""
    settings, problems = with_values(EditorSettings(), given)
    assert settings == EditorSettings()
    assert len(problems) == 1


@pytest.mark.parametrize("given", [None, [], "text", 3])
def test_what_is_no_settings_is_passed_over(given: object) -> None:
    """An editor that sends none, or something else, gets the defaults."""
    assert with_values(EditorSettings(), given) == (EditorSettings(), [])


def test_paths_and_addresses_lead_to_each_other(tmp_path: Path) -> None:
    """A path with spaces, percent signs and letters of other scripts survives being a URI."""
    path = tmp_path.resolve() / "a b%20 Тоқаев 😀.ttl"
    assert path_of(uri_of(path)) == path
    assert path_of(path.as_uri()) == path


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "git:/a.ttl", "file:///a%00b", ""])
def test_what_is_no_file_has_no_path(uri: str) -> None:
    """A text without a file, or with an impossible name, has no path."""
    assert path_of(uri) is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a *b* [c](d)", r"a \*b\* \[c\](d)"), ("- x", r"\- x"), ("1. x", r"1\. x"), ("<img>", r"\<img\>")],
)
def test_nothing_in_the_data_acts_as_markup(text: str, shown: str) -> None:
    """Characters that Markdown would act on are escaped."""
    assert escaped(text) == shown
