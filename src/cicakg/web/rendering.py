"""Turning views into HTML: one Jinja environment, everything escaped, nothing fetched from elsewhere, every
word from the wording of the reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from cicakg.web.wording import Wording, isolated

_HERE: Final = Path(__file__).parent
TEMPLATES: Final = _HERE / "templates"
STATIC: Final = _HERE / "static"
WORDS: Final = _HERE / "words"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders templates. ``digest`` names the state of templates, words and assets: part of every page's
    ETag; ``assets`` that of the assets alone: part of their addresses.
    """

    environment: Environment
    wordings: Mapping[str, Wording]
    digest: str
    assets: str

    def page(self, template: str, lang: str, **values: object) -> str:
        """Return the HTML of *template* in the language *lang*; a value it uses and does not get is an error,
        not an empty place.
        """
        wording = self.wordings[lang]
        words = {"wording": wording, "say": wording.say, "plain": wording.plain}
        return self.environment.get_template(template).render({**words, **values})


def make_renderer(version: str, wordings: Mapping[str, Wording]) -> Renderer:
    """Return a renderer for the pages of this package."""
    assets = _digest(STATIC.rglob("*"))
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(version=version, assets=assets)
    environment.filters["isolated"] = isolated
    return Renderer(environment, wordings, _digest([*TEMPLATES.iterdir(), *WORDS.iterdir()]) + assets, assets)


def _digest(paths: Iterable[Path]) -> str:
    """Return a short digest over the names and the bytes of the files among *paths*."""
    files = sorted(path for path in paths if path.is_file())
    held = b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)
    return sha256(held).hexdigest()[:16]
