"""Literals that are taken at a glance for valid and canonical are both."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from cicakg.checks.literals import as_stored, is_plain, is_valid
from cicakg.vocab import PREFIXES, term

NAMES = ("string", "integer", "boolean", "date", "gYearMonth", "gYear", "decimal", "dateTime")
DATATYPES = [*(term(f"xsd:{one}") for one in NAMES), NamedNode(PREFIXES["rdf"] + "langString")]
FORMS = st.one_of(
    st.from_regex(r"[-+]?0?[0-9]{1,19}\n?", fullmatch=True),
    st.from_regex(r"-?[0-9]{3,5}-[0-9]{2}(-[0-9]{2})?(Z|\n)?", fullmatch=True),
    st.dates().map(date.isoformat),
    st.dates().map(lambda one: one.isoformat()[:7]),
    st.sampled_from(["true", "false", "TRUE", "true\n", "", " 1", "१", "1.0", "0000", "0001", "2020-02-29"]),
    st.text(max_size=4),
)


@settings(max_examples=1000, deadline=None)
@given(form=FORMS, datatype=st.sampled_from(DATATYPES))
def test_what_is_plain_is_valid_and_stored_as_it_is(form: str, datatype: NamedNode) -> None:
    """Nothing is passed over that the store would change or refuse (pyoxigraph is asked)."""
    literal = Literal(form, datatype=datatype)
    if is_plain(literal):
        assert is_valid(literal)
        assert as_stored(literal) == literal


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=5), tag=st.sampled_from(["kk", "kk-Latn", "AR", "ms-arab", "en-GB-x-toy"]))
def test_tagged_texts_are_stored_as_they_are(text: str, tag: str) -> None:
    """A text with a tag is never rewritten, whatever its characters."""
    literal = Literal(text, language=tag)
    assert is_plain(literal)
    assert as_stored(literal) == literal


def test_usual_literals_are_plain() -> None:
    """What stands in every article is not put into a store one by one: a date, a year, a number."""
    usual = {"date": "2021-10-12", "gYear": "2021", "gYearMonth": "2021-10", "integer": "27"}
    assert all(is_plain(Literal(form, datatype=term(f"xsd:{name}"))) for name, form in usual.items())
    strange = {"date": "2021-02-29", "gYear": "0000", "gYearMonth": "2021-13", "integer": "007"}
    assert not any(is_plain(Literal(form, datatype=term(f"xsd:{name}"))) for name, form in strange.items())
