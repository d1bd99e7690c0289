"""Style sheets and fonts: the files are those the manifest names, they cover what readers read, and browsers
may keep them.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from web_playing import AppClient

from cicakg.web.rendering import STATIC

FACE = re.compile(
    r'font-family: "([^"]+)".*?font-weight: (\d+).*?url\("([^"]+)"\).*?unicode-range: ([^;]+);', re.DOTALL
)


def _manifest() -> dict[str, dict[str, str | int]]:
    read: dict[str, dict[str, str | int]] = json.loads((STATIC / "manifest.json").read_text())
    return read


def test_files_are_those_of_the_manifest() -> None:
    """What the build made is committed unchanged, and nothing that it did not make lies among it."""
    manifest = _manifest()
    built = {str(path.relative_to(STATIC)) for path in (STATIC / "fonts").iterdir()} | {"fonts.css"}
    assert built == set(manifest)
    for name, about in manifest.items():
        data = (STATIC / name).read_bytes()
        assert (sha256(data).hexdigest(), len(data)) == (about["sha256"], about["bytes"]), name
        assert name == "fonts.css" or f".{about['sha256']}"[:13] in name


def test_every_package_has_its_licence_in_the_notices(project: Path) -> None:
    """The Open Font License, condition 2: each copy comes with the copyright notice and the license."""
    notices = (project / "THIRD-PARTY-NOTICES").read_text()
    used = {
        (one["package"], one["version"], one["license"]) for one in _manifest().values() if "package" in one
    }
    assert len(used) == 2
    for package, version, licence in used:
        assert licence == "OFL-1.1"
        assert f"{package} {version}" in notices
    assert notices.count("SIL OPEN FONT LICENSE Version 1.1") >= 2


def test_locked_versions_are_those_that_were_built(project: Path) -> None:
    """The lock file of the build and the manifest name the same versions."""
    packages = json.loads((project / "tools" / "assets" / "package-lock.json").read_text())["packages"]
    for about in _manifest().values():
        if "package" in about:
            assert packages[f"node_modules/{about['package']}"]["version"] == about["version"]


def _covers(ranges: str, letter: str) -> bool:
    bounds = [one.strip().removeprefix("U+").split("-") for one in ranges.split(",")]
    return any(int(first[0], 16) <= ord(letter) <= int(first[-1], 16) for first in bounds)


@pytest.mark.parametrize(
    ("family", "letters"),
    [
        # the Kazakh alphabet beyond the Russian one, that one's edges, English, Kazakh in Latin letters
        ("Noto Sans", "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁёАяAzÄäĞğŞşŪū–…"),
        ("Noto Naskh Arabic", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىًٌٍَُِّْ،؛؟"),
    ],
)
@pytest.mark.parametrize("weight", ["400", "700"])
def test_fonts_cover_the_alphabets(family: str, letters: str, weight: str) -> None:
    """A browser asks for a font file only where its unicode-range holds the letter."""
    faces = FACE.findall((STATIC / "fonts.css").read_text())
    ranges = [one for name, heavy, _, one in faces if (name, heavy) == (family, weight)]
    assert ranges
    assert [letter for letter in letters if not any(_covers(one, letter) for one in ranges)] == []
    assert all((STATIC / address).is_file() for _, _, address, _ in faces)


def test_text_is_shown_before_its_font_is_there() -> None:
    """font-display: swap in every face."""
    css = (STATIC / "fonts.css").read_text()
    assert css.count("@font-face") == css.count("font-display: swap") == 10


def test_styles_name_nothing_from_elsewhere() -> None:
    """No style sheet fetches from another host, and sides are named by the text's direction."""
    for name in ("cicakg.css", "fonts.css"):
        css = (STATIC / name).read_text()
        assert re.findall(r"url\((?!\"fonts/)", css) == []
        assert "@import" not in css
    physical = re.compile(r"(?:margin|padding|border)-(?:left|right)|(?<![-\w])(?:left|right)\s*:|float\s*:")
    assert physical.findall((STATIC / "cicakg.css").read_text()) == []


def test_browsers_keep_assets_as_long_as_the_address_stays(client: AppClient) -> None:
    """What is named by its content is kept for ever; any other address is asked about again."""
    page = client.get("/queries", accept="text/html").text
    linked = re.findall(r'href="(/static/[^"]+)"', page)
    assert len(linked) == 2
    font = next(name for name in _manifest() if name.endswith(".woff2"))
    for address in (*linked, f"/static/{font}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for address in (linked[0].partition("?")[0], linked[0].partition("?")[0] + "?old"):
        assert client.get(address).headers["cache-control"] == "no-cache"
    assert client.get(f"/static/{font}").headers["content-type"] == "font/woff2"
    missing = client.get("/static/fonts/x.000000000000.woff2")
    assert (missing.status_code, missing.headers.get("cache-control")) == (404, "no-store")


def test_policy_allows_fonts_of_ours_only(client: AppClient) -> None:
    """The content security policy has no other source than this server, and no script."""
    policy = client.get("/queries", accept="text/html").headers["content-security-policy"]
    assert "font-src 'self'" in policy
    assert "script-src" not in policy
    assert "http" not in policy
