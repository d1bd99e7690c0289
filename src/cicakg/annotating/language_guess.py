"""Which of ar, kk, ms, ru and en a text is in: by its script, its letters, and, in Latin, its small words.

There is no model behind this. Where the evidence does not decide, the guess is none and says why.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

from cicakg.folding import key

MAIN_SCRIPT: Final = 0.6
"""The share of a text's letters from which a script is the text's."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SCRIPTS: Final = ("ARABIC", "CYRILLIC", "LATIN")
# Letters of Persian, Urdu, Pashto, Kurdish, Uyghur and Sindhi that Arabic does not write.
_NOT_ARABIC: Final = frozenset("پچژگکیٹڈڑںےہھۀۇۆۈېەڭۋټډړښڼٸڤڪ")
_KAZAKH: Final = frozenset("әғқңөұүһі")
_KAZAKH_ALONE: Final = frozenset("ғқұәі")
# Letters of other languages in Cyrillic: Ukrainian, Belarusian, Serbian, Macedonian, Tatar, Tajik, Kyrgyz …
_NOT_KAZAKH: Final = frozenset("їєґўјљњћђџѓќѕҗҳҷӣӯӱҥҫҙҡӑӗ")
_RUSSIAN: Final = frozenset("ыэъё")
_ENGLISH: Final = _set("the of and to in is for that with was by as has have from will")
_MALAY: Final = _set("dan yang di untuk dengan pada ini itu dalam oleh dari kepada adalah akan telah")
# What the one writes and the other does not.
_MALAY_ALONE: Final = _set(
    "bahawa kerana ialah ogos mac julai disember mesyuarat kerajaan cadangan kerjasama keselamatan "
    "perkongsian daripada manakala sahaja boleh pejabat"
)
_INDONESIAN_ALONE: Final = _set(
    "bahwa karena agustus maret juli desember pertemuan pemerintah usulan keamanan hanya bisa kantor "
    "kemitraan sedangkan resmi"
)
_SMALL_WORDS: Final = 0.06
"""The share of a text's words that are the small words of its language, at the least."""

_FEWEST: Final = 3


@dataclass(frozen=True, slots=True)
class Guess:
    """A language's tag, or ``None``, and in one sentence what it rests on."""

    tag: str | None
    reason: str


def guess_language(text: str) -> Guess:
    """Guess the language of *text*."""
    letters = [one for one in text.lower() if one.isalpha() and not unicodedata.combining(one)]
    if not letters:
        return Guess(None, "there are no letters in it")
    scripts = Counter(_script(one) for one in letters)
    script, count = scripts.most_common(1)[0]
    share = count / len(letters)
    if share < MAIN_SCRIPT:
        return Guess(None, f"its letters are of several scripts, at most {share:.0%} of one")
    own = [one for one in letters if _script(one) == script]
    if script == "ARABIC":
        return _arabic(own, share)
    if script == "CYRILLIC":
        return _cyrillic(own, share)
    if script == "LATIN":
        return _latin(key(text).split(), share)
    return Guess(None, f"{share:.0%} of its letters are neither Arabic nor Cyrillic nor Latin")


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((one for one in _SCRIPTS if name.startswith(one)), "OTHER")


def _arabic(letters: list[str], share: float) -> Guess:
    script = f"{share:.0%} of its letters are Arabic"
    foreign = sorted({one for one in letters if one in _NOT_ARABIC})
    count = sum(one in _NOT_ARABIC for one in letters)
    if count > 0.01 * len(letters):
        named = ", ".join(f"U+{ord(one):04X}" for one in foreign)
        return Guess(None, f"{script}, but {count} ({named}) are not of the Arabic language")
    if not {"ة", "ى"} & set(letters):
        return Guess(None, f"{script}, but neither ta marbuta nor alef maqsura is among them")
    return Guess("ar", f"{script}, ta marbuta or alef maqsura among them, letters of Persian or Urdu are not")


def _cyrillic(letters: list[str], share: float) -> Guess:
    script = f"{share:.0%} of its letters are Cyrillic"
    found = set(letters)
    if foreign := found & _NOT_KAZAKH:
        return Guess(None, f"{script}, but {_listed(foreign)} are neither Kazakh nor Russian")
    kazakh = sum(one in _KAZAKH for one in letters) / len(letters)
    if kazakh >= 0.03 and len(found & _KAZAKH_ALONE) >= 3:
        return Guess("kk", f"{script}, {kazakh:.0%} of them Kazakh alone ({_listed(found & _KAZAKH)})")
    if kazakh < 0.01 and len(found & _RUSSIAN) >= 2 and "ы" in found:
        return Guess("ru", f"{script}, {_listed(found & _RUSSIAN)} among them, Kazakh letters hardly")
    return Guess(None, f"{script}, but letters that only Kazakh or only Russian has are too few")


def _latin(words: list[str], share: float) -> Guess:
    script = f"{share:.0%} of its letters are Latin"
    counts = Counter(words)
    english, malay = (_share(counts, known) for known in (_ENGLISH, _MALAY))
    if english >= _SMALL_WORDS and english > 2 * malay:
        return Guess("en", f"{script} and {english:.0%} of its words are small words of English")
    if malay >= _SMALL_WORDS and malay > 2 * english:
        return _malay(
            counts, f"{script} and {malay:.0%} of its words are small words of Malay and Indonesian"
        )
    return Guess(None, f"{script}, but the small words of English, or of Malay, are too few")


def _share(counts: Counter[str], known: frozenset[str]) -> float:
    """Return the share of words that are *known*, 0 where hardly any of them occur: "in" is German too."""
    if len(known & counts.keys()) < _FEWEST:
        return 0
    return sum(counts[one] for one in known) / counts.total()


def _malay(counts: Counter[str], reason: str) -> Guess:
    malay, indonesian = (sorted(known & counts.keys()) for known in (_MALAY_ALONE, _INDONESIAN_ALONE))
    if len(malay) >= 2 and len(malay) > 2 * len(indonesian):
        return Guess("ms", f"{reason}; of the two only Malay writes {', '.join(malay[:4])}")
    return Guess(
        None,
        f"{reason}, but words that tell the two apart are too few "
        f"(Malay: {', '.join(malay) or 'none'}; Indonesian: {', '.join(indonesian) or 'none'})",
    )


def _listed(letters: set[str]) -> str:
    return " ".join(sorted(letters))
