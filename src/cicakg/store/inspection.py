"""The complete check of a snapshot, as a polite process of its own.

    python -m cicakg.store.inspection DIR FINGERPRINT

writes what is wrong with the snapshot in DIR as a JSON array of sentences. A snapshot with another
fingerprint has taken the place of the one meant, and nothing is wrong.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from cicakg.errors import CicakgError
from cicakg.store.integrity import find_damage
from cicakg.store.manifest import read_manifest


def main(arguments: list[str]) -> int:
    """Check the snapshot that *arguments* name and write what is wrong to standard output."""
    os.nice(10)
    folder, fingerprint = Path(arguments[0]), arguments[1]
    try:
        manifest = read_manifest(folder)
        faults = [*find_damage(folder, manifest)] if manifest.fingerprint == fingerprint else []
    except CicakgError as error:
        faults = [error.detail.rstrip(".")]
    sys.stdout.write(json.dumps(faults))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
