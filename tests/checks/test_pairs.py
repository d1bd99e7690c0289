"""Names that are alike by their pairs of letters are found among many as they would be one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cicakg.checks.pairs import PairIndex

NAMES = st.lists(st.text("abc -ё", max_size=9), max_size=40)


def pairs(name: str) -> set[str]:
    """Return the pairs of letters of *name*, which stands between two spaces."""
    padded = f" {name} "
    return {padded[at : at + 2] for at in range(len(padded) - 1)}


@given(names=NAMES, name=st.text("abcd -ё", max_size=12), most=st.integers(1, 12))
def test_the_nearest_names_are_those_of_a_comparison_with_each(
    names: list[str], name: str, most: int
) -> None:
    """The bits that are added for all names at once give Dice's coefficient of each, in the same order."""
    scores = {one: 2 * len(pairs(one) & pairs(name)) / (len(pairs(one)) + len(pairs(name))) for one in names}
    ranked = sorted((one for one in scores if scores[one]), key=lambda one: (-scores[one], one))
    assert PairIndex(names).nearest(name, most) == ranked[:most]
