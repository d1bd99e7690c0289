"""Names in several scripts, for IRIs that a client has to send as they are."""

from __future__ import annotations

import unicodedata
from typing import Final

# Arabic and Kazakh; Cyrillic short i and Latin e with acute, each composed (NFC) and decomposed (NFD): four
# IRIs that nobody may take for two.
NAMES: Final = ("قازاقستان", "Қазақстан", *(unicodedata.normalize(form, "Йé") for form in ("NFC", "NFD")))
