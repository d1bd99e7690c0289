"""`cicakg query`, `cicakg export` and the command itself, as a person at a terminal or a script uses them."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

LABELS = """SELECT ?name WHERE {
  id:kazakhstan skos:prefLabel ?name FILTER(LANG(?name) IN ('kk', 'ar'))
} ORDER BY LANG(?name)"""


def cicakg(
    *arguments: str, cwd: Path | None = None, text_in: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the command with its output piped."""
    command = [sys.executable, "-m", "cicakg", *arguments]
    return subprocess.run(command, cwd=cwd, input=text_in, capture_output=True, timeout=120)


def on_a_terminal(*arguments: str) -> str:
    """What the command shows when its output is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "cicakg", *arguments], stdout=theirs, stderr=subprocess.PIPE, env=environment
    ):
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # EIO: the other end is closed
                break
            if not piece:
                break
            seen += piece
    os.close(ours)
    return seen.decode()


class TestQuery:
    """Results as a table on a terminal, as data when piped."""

    def test_piped_is_csv(self) -> None:
        """Piped, the result is CSV with the texts untouched."""
        done = cicakg("query", "-e", LABELS)
        assert done.returncode == 0, done.stderr.decode()
        assert list(csv.reader(io.StringIO(done.stdout.decode()))) == [["name"], ["كازاخستان"], ["Қазақстан"]]

    def test_terminal_is_a_table_with_isolated_text(self) -> None:
        """On a terminal the result is a table; each literal stands between directional isolates and has
        its tag.
        """
        shown = on_a_terminal("query", "-e", LABELS)
        assert "\u2068Қазақстан\u2069@kk" in shown
        assert "\u2068كازاخستان\u2069@ar" in shown
        assert "name" in shown

    def test_terminal_is_safe(self) -> None:
        """A literal cannot act on the terminal or turn the text around it: control characters are written
        out.
        """
        shown = on_a_terminal("query", "-e", r'SELECT ("\u001B[31mred\u202Eback" AS ?x) {}')
        assert "\x1b[31m" not in shown
        assert "\u202e" not in shown
        assert r"\u001B[31mred\u202Eback" in shown

    def test_json(self) -> None:
        """--format json is the W3C's JSON, also when piped."""
        done = cicakg("query", "-e", LABELS, "--format", "json")
        names = [row["name"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]]
        assert names == ["كازاخستان", "Қазақстан"]

    def test_file_and_standard_input_say_the_same(self, tmp_path: Path) -> None:
        """A query in a file, on standard input and in -e is the same query."""
        file = tmp_path / "q.rq"
        file.write_text(LABELS, encoding="utf-8")
        from_file, from_input = cicakg("query", str(file)), cicakg("query", "-", text_in=LABELS.encode())
        assert from_file.stdout == from_input.stdout == cicakg("query", "-e", LABELS).stdout
        assert from_file.stdout != b""

    def test_output_file(self, tmp_path: Path) -> None:
        """-o writes the file whole and nothing to standard output."""
        target = tmp_path / "out.csv"
        done = cicakg("query", "-e", LABELS, "-o", str(target))
        assert done.stdout == b""
        assert target.read_text(encoding="utf-8").splitlines()[0] == "name"

    def test_relative_place_of_a_syntax_error(self) -> None:
        """A broken query is a sentence with line and column, exit code 2, and no traceback."""
        done = cicakg("query", "-e", "SELECT *\nWHERE { ?s ?p }")
        assert done.returncode == 2
        assert "line 2" in done.stderr.decode()
        assert "Traceback" not in done.stderr.decode()

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["query"], "Give one query"),
            (["query", "nowhere.rq"], "nowhere.rq cannot be read"),
            (["query", "--example", "nothing"], "no example query nothing"),
            (["query", "-e", "ASK {}", "--format", "turtle"], "true or false"),
            (
                ["query", "-e", "ASK {}", "-o", "no/such/folder/x.csv"],
                "no/such/folder/x.csv cannot be written",
            ),
            (["query", "-e", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"], "SERVICE"),
            (["query", "-e", "DROP ALL"], "read"),
            (["--root", "nowhere", "query", "-e", "ASK {}"], "nowhere is not a dataset"),
            (["export", "--format", "turtle", "--graph", "nothing"], "no graph"),
            (["export"], "--format"),
            (["frobnicate"], "frobnicate"),
        ],
    )
    def test_wrong_use(self, tmp_path: Path, arguments: list[str], says: str) -> None:
        """Every wrong use is exit code 2 with a sentence on standard error, nothing on standard output,
        no traceback.
        """
        done = cicakg(*arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert says in done.stderr.decode()
        assert "Traceback" not in done.stderr.decode()
        assert done.stdout == b""
        assert list(tmp_path.iterdir()) == []

    def test_looping_query_is_stopped(self) -> None:
        """A query that would run for ever ends at its time limit with a sentence."""
        endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        done = cicakg("query", "-e", endless, "--timeout", "1")
        assert done.returncode == 2
        assert "1 s" in done.stderr.decode()

    def test_crashing_query_is_a_sentence(self) -> None:
        """A query that ends its engine's process (deep nesting) leaves the command alive to say so."""
        done = cicakg("query", "-e", "ASK " + "{" * 20000 + "}" * 20000)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr.decode()
        assert done.stderr.decode().startswith("cicakg: ")

    def test_reader_that_stops_early(self) -> None:
        """`cicakg query … | head -1` is no error."""
        command = f"{sys.executable} -m cicakg query -e 'SELECT * WHERE {{ ?s ?p ?o }}' | head -n 1"
        done = subprocess.run(["/bin/bash", "-o", "pipefail", "-c", command], capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_examples_are_listed_and_run(self) -> None:
        """`--list` names the examples, and an example runs by its number."""
        listed = cicakg("query", "--list").stdout.decode()
        number = listed.split()[0]
        assert cicakg("query", "--example", number).returncode == 0


class TestExport:
    """The dataset as a file."""

    @pytest.mark.parametrize("name", ["jsonld", "turtle"])
    def test_byte_identical(self, tmp_path: Path, name: str) -> None:
        """Two runs in processes of their own (own hash seeds) give the same bytes."""
        first, second = tmp_path / "a", tmp_path / "b"
        for target in (first, second):
            done = cicakg("export", "--format", name, "-o", str(target))
            assert done.returncode == 0, done.stderr.decode()
        assert first.read_bytes() == second.read_bytes()
        assert len(first.read_bytes()) > 10_000

    def test_standard_output(self) -> None:
        """Without -o the export goes to standard output."""
        done = cicakg("export", "--format", "nquads", "--graph", "facts")
        lines = done.stdout.decode().splitlines()
        assert lines
        assert all(line.endswith("<https://w3id.org/cicakg/graph/facts> .") for line in lines)
        assert lines == sorted(lines)
