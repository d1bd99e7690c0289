"""What a file that is not Turtle is told."""

from __future__ import annotations

import pytest

from cicakg.model import Position
from cicakg.turtle import TurtleFault, read_turtle

PREFIX = b"@prefix : <http://example.org/> .\n"


def fault_of(data: bytes) -> TurtleFault:
    """Return the fault that reading *data* raises."""
    with pytest.raises(TurtleFault) as caught:
        read_turtle(data)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "word"),
    [
        (b':a :b "x"\n:c :d "y" .', 2, 10, "not closed"),
        (b':a :b "x" :c "y" .', 2, 11, "not closed"),
        (b":a b:c 1 .", 2, 4, "prefix b:"),
        (b':a :b "x .', 2, 7, "never closed"),
        (b':a :b "x" , """y"" .\n:c :d "z" .', 2, 13, "never closed"),
        (b':a :b "it\'s" , "y ;\n    :c "z" .', 2, 16, "over the end of its line"),
        (b":a # \"\n :b 'x ;\n  :c 1 .", 3, 5, "never closed"),
        (b':a :b <http://e/"> , "x\n.', 2, 7, "may not stand in an IRI"),
        (b":a :b <http://e/x", 2, 7, "ends inside a literal or an IRI"),
        (b":a :b 1", 2, 8, "ends inside a statement"),
        (b':a :b "x\ny" .', 2, 7, "over the end of its line"),
        (b":a :b <x> .", 2, 7, "no @base"),
        (b":a :b <http://e/ x> .", 2, 7, "may not stand in an IRI"),
        (b':a "x" 1 .', 2, 4, "cannot be a predicate"),
        (b":a :b tru .", 2, 7, "cannot be an object"),
        (b'"x" :b 1 .', 2, 1, "cannot begin with"),
        (b':a :b "\\q" .', 2, 8, "escape sequence"),
        (b':a :b "x"^^no .', 2, 12, "datatype"),
        (b"@prefix b <http://e/> .", 2, 9, "prefix declaration"),
        (b"@base b .", 2, 7, "base declaration"),
        (b":a :b +x .", 2, 7, "not complete"),
        (b"<http://e/%zz> :b 1 .", 2, 1, "percent sign"),
        (b"% :b 1 .", 2, 1, "cannot begin with"),
        (b':a :b "x"@1 .', 2, 11, "language tag"),
        (b':a :b "x"@abcdefghijk .', 2, 11, "language tag"),
    ],
)
def test_each_fault_has_its_place_and_a_plain_sentence(
    text: bytes, line: int, column: int, word: str
) -> None:
    """A fault says where it is and what is wrong, and has a remedy; both are one sentence on one line."""
    fault = fault_of(PREFIX + text)
    assert fault.position == Position(line, column)
    assert word in fault.message
    assert fault.fix.endswith((".", "XXXX."))
    assert "\n" not in fault.message + fault.fix


def test_a_byte_that_is_not_utf8_is_named_with_its_column() -> None:
    """Columns count code points up to the bad byte, not bytes."""
    fault = fault_of(PREFIX + ':a :b "қ'.encode() + b"\xff")
    assert fault.position == Position(2, 9)
    assert "0xFF" in fault.message


@pytest.mark.parametrize(
    "text", [b":a :b <<( :c :d :e )>> .", b":a :b :c {| :d :e |} .", b'VERSION "1.2"\n:a :b 1 .']
)
def test_rdf_1_2_is_refused_with_a_sentence(text: bytes) -> None:
    """What pyoxigraph reads of RDF 1.2 is refused, because rdflib and the shapes cannot read it."""
    assert "RDF 1.2" in fault_of(PREFIX + text).message


@pytest.mark.parametrize(("opening", "closing"), [("[ :p ", " ]"), ("( ", " )")])
def test_deep_nesting_is_a_fault_and_no_crash(opening: str, closing: str) -> None:
    """Ten thousand brackets are refused with a sentence; sixty are read."""
    deep = f":a :b {opening * 10_000}1{closing * 10_000} ."
    assert "deep" in fault_of(PREFIX + deep.encode()).message
    fine = f":a :b {opening * 60}1{closing * 60} ."
    assert len(read_turtle(PREFIX + fine.encode()).triples) > 60
