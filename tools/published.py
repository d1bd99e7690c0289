"""What the tools share that publish how a test suite went: where the suite lies, and the page they keep."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def suite_folder(arguments: list[str], name: str) -> Path | None:
    """Return the folder *name* of the shared material, which the first of *arguments* that is no option
    names, or ``$CICAKG_SHARED``, or ``../shared``; ``None``, having said so, where it is not there.
    """
    given = [one for one in arguments if not one.startswith("-")]
    shared = Path(given[0] if given else os.environ.get("CICAKG_SHARED", PROJECT.parent / "shared"))
    folder = (shared / name).resolve()
    if folder.is_dir():
        return folder
    print(f"There is no suite in {folder}. Name the folder of the shared material.")
    return None


def publish(page: Path, text: str, tool: str, arguments: list[str]) -> int:
    """Write *text* to *page*, or with ``--check`` say that it is stale; return the exit code of *tool*."""
    if page.exists() and page.read_text(encoding="utf-8") == text:
        return 0
    is_check = "--check" in arguments
    print(f"{page.relative_to(PROJECT)} {f'is stale: run {tool}' if is_check else 'written'}")
    if not is_check:
        page.write_text(text, encoding="utf-8")
    return int(is_check)
