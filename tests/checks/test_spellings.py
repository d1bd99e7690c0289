"""Names are folded word by word, which is sooner done and gives the same."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from cicakg.checks.remedies.names import Speller
from cicakg.folding import key, sound

LETTERS = "abhcskyiz'-_.  \u00a0\t\u200eТоқаевщъЩИЙ\u0640ءأىةگ0٣Ǆﬀ"


def folded_whole(name: str) -> tuple[str, ...]:
    """Return the spellings of *name*, folded as one text."""
    words = sorted(key(name).split())
    return key(name), "~" + sound(name), *(["=" + " ".join(words)] if len(words) > 1 else [])


@given(names=st.lists(st.text(LETTERS, max_size=14), max_size=5))
@example(names=["ъ ъ", "shch ch", "a  b", "Kazakhstan a"])
def test_a_name_folded_by_its_words_is_the_name_folded(names: list[str]) -> None:
    """What one word is folded to depends on no other word, however many names went before."""
    speller = Speller()
    assert [speller.spellings(one) for one in names] == [folded_whole(one) for one in names]
