"""What the editor's user has set: read once from what the editor sends, and passed on as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from cicakg.checks.templates import LANGUAGES, matching_language
from cicakg.errors import CicakgError

SECTION: Final = "cicakg"
"""What the settings are called in an editor's configuration."""


@dataclass(frozen=True, slots=True)
class EditorSettings:
    """The settings.

    ``lang`` is the language of messages; ``texts`` the folder of the articles' texts; a check may take
    ``seconds``, and begins when nothing was typed for ``pause`` seconds; ``rules_url`` is the public page of
    the rules, to which each finding then links.
    """

    lang: str = "en"
    texts: Path | None = None
    seconds: float = 60.0
    pause: float = 0.2
    rules_url: str = ""


def with_values(settings: EditorSettings, given: object) -> tuple[EditorSettings, list[str]]:
    """Return *settings* with what is *given*, and a sentence for each value that cannot be used."""
    if not isinstance(given, Mapping):
        return settings, []
    values: dict[str, object] = {}
    problems: list[str] = []
    for name, value in given.items():
        if value is None:
            continue
        read = _READ.get(name)
        if read is None:
            problems.append(f"There is no setting {SECTION}.{name}; there are {', '.join(_READ)}.")
            continue
        usable = read[1](value)
        if usable is None:
            problems.append(f"The setting {SECTION}.{name} must be {read[2]}.")
        else:
            values[read[0]] = usable
    return replace(settings, **values), problems  # type: ignore[arg-type]  # each of its reader's type


def _language(value: object) -> str | None:
    try:
        return matching_language(value) if isinstance(value, str) else None
    except CicakgError:
        return None


def _folder(value: object) -> Path | None:
    path = Path(value).expanduser() if isinstance(value, str) and value else None
    return path if path is not None and path.is_dir() else None


def _seconds(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value > 0 else None  # type: ignore[operator, arg-type]


def _address(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    parts = urlsplit(value)
    return value.partition("#")[0] if parts.scheme in {"http", "https"} and parts.netloc else None


_READ: Final = {
    "lang": ("lang", _language, f"one of {', '.join(LANGUAGES)}"),
    "texts": ("texts", _folder, "a folder that exists"),
    "timeout": ("seconds", _seconds, "a number of seconds"),
    "pause": ("pause", _seconds, "a number of seconds"),
    "rulesUrl": ("rules_url", _address, "an http or https address"),
}
