"""Turning views into HTML: one Jinja environment, everything escaped, nothing fetched from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_HERE: Final = Path(__file__).parent
TEMPLATES: Final = _HERE / "templates"
STATIC: Final = _HERE / "static"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders templates. ``digest`` names the state of templates and assets: part of every page's ETag."""

    environment: Environment
    digest: str

    def page(self, template: str, **values: object) -> str:
        """Return the HTML of *template*; a value it uses and does not get is an error, not an empty place."""
        return self.environment.get_template(template).render(values)


def make_renderer(version: str) -> Renderer:
    """Return a renderer for the pages of this package."""
    digest = assets_digest()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(version=version, assets=digest)
    return Renderer(environment, digest)


def assets_digest() -> str:
    """Return a short digest over templates and static files."""
    files = sorted(path for folder in (TEMPLATES, STATIC) for path in folder.iterdir() if path.is_file())
    return sha256(b"\0".join(path.name.encode() + b"\0" + path.read_bytes() for path in files)).hexdigest()[
        :16
    ]
