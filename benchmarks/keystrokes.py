"""Types in an editor that talks to ``cicakg lsp``, for benchmarks/checking.py.

    PYTHONPATH=tests python benchmarks/keystrokes.py ROOT ARTICLE ROUNDS

Opens ARTICLE of the corpus in ROOT, waits for its diagnostics, then types a fault and takes it back in each
of ROUNDS, waiting each time until the editor is told. Prints the seconds of each as one JSON object. The
server waits for a pause in typing before it checks; here that is a millisecond.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Final

from editor_client import Editor, place_of, span

PATIENCE: Final = 600
SHORTEST: Final = 0.001
OLD, NEW = "<#char=38,80>", "<#char=80,38>"


def main() -> None:
    """Type, and print how long each keystroke took to be answered."""
    root, article = Path(sys.argv[1]), Path(sys.argv[2])
    editor = Editor("--root", str(root), patience=PATIENCE)
    try:
        started = time.monotonic()
        editor.start(root, options={"pause": SHORTEST, "timeout": PATIENCE})
        uri = editor.open(article)
        usual = len(editor.diagnostics(uri, 1))
        first, seconds = time.monotonic() - started, []
        text = article.read_text(encoding="utf-8")
        for version in range(2, 2 * int(sys.argv[3]) + 2):
            old, new = (OLD, NEW) if version % 2 == 0 else (NEW, OLD)
            start, end = place_of(text, old), place_of(text, old)
            change = {"range": span(start, (end[0], end[1] + len(old))), "text": new}
            text = text.replace(old, new, 1)
            typed = time.monotonic()
            editor.change(uri, version, change)
            found = len(editor.diagnostics(uri, version))
            seconds.append(time.monotonic() - typed)
            if found != usual + (version % 2 == 0):
                raise ValueError(f"{found} diagnostics of version {version}")
        editor.leave()
    finally:
        editor.kill()
    print(json.dumps({"first": first, "keystrokes": seconds}))


if __name__ == "__main__":
    main()
