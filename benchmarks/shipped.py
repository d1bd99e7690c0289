"""What a check of the dataset takes as it is shipped: all of it, and what is new since a commit.

    python benchmarks/shipped.py [ROUNDS]

The dataset is copied to a git repository; for the second row a claim of one article loses its modality there.
Caches are warm. Prints the best of ROUNDS (5): a person waits for the wall clock, and other work of the
machine only adds to it.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from commands import Cost, commit_all, run

PROJECT: Final = Path(__file__).resolve().parent.parent
FOLDERS: Final = ("data", "ontology", "shapes")
LIMIT: Final = 600


def main() -> None:
    """Measure, and print a table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory(prefix="shipped-") as name:
        root, cache = Path(name) / "dataset", Path(name) / "cache"
        for folder in FOLDERS:
            shutil.copytree(PROJECT / folder, root / folder)
        commit_all(root)
        print("| command | CPU s | wall s | findings |\n|---|---|---|---|")
        _measure(root, cache, rounds)
        article = min((root / "data" / "articles").rglob("*.ttl"))
        text = article.read_text(encoding="utf-8")
        article.write_text(text.replace("cica:modality modality:fact ;", "", 1), encoding="utf-8")
        _measure(root, cache, rounds, "--changed")


def _measure(root: Path, cache: Path, rounds: int, *arguments: str) -> None:
    command = [sys.executable, "-m", "cicakg", "--root", str(root), "check", "--format", "json", *arguments]
    costs = [run(command, LIMIT, {"XDG_CACHE_HOME": str(cache)}) for _ in range(rounds + 1)][1:]
    best: Cost = min(costs, key=lambda one: one.wall)
    found = len(json.loads(best.output)["findings"])
    shown = " ".join(("check", *arguments))
    print(f"| {shown} | {min(one.cpu for one in costs):.2f} | {best.wall:.2f} | {found} |", flush=True)


if __name__ == "__main__":
    main()
