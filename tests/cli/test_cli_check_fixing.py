"""``cicakg check --fix`` and ``--diff``: what is written, what is told, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toy_history import commit_all
from toy_repository import Toy, copy_toy

from cicakg.cli import main
from cicakg.errors import CicakgError


@pytest.fixture
def toy(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """A toy repository, which is the current folder."""
    made = copy_toy(project, tmp_path / "toy")
    monkeypatch.chdir(made.root)
    return made


def run(*arguments: str) -> Result:
    """Run ``cicakg check`` here."""
    return CliRunner().invoke(main, ["check", *arguments])


def zeros(toy: Toy, *names: str) -> dict[str, bytes]:
    """Plant leading zeros in the articles *names* and return what they held."""
    before = {name: toy.path(name).read_bytes() for name in names}
    for name in names:
        toy.replace(name, "<#char=38,", "<#char=038,")
    return before


class TestFix:
    """--fix"""

    def test_it_mends_and_tells(self, toy: Toy) -> None:
        """Each change is told with its place, the report is of what is left, and a clean one ends with 0."""
        before = zeros(toy, "ms")
        line, _ = toy.place("ms", "<#char=038,")
        done = run("--fix")
        assert done.stdout.splitlines() == [
            f"data/articles/2031/2031-ms-river-council.ttl:{line}: mended span-form: Write <#char=38,80>",
            "1 finding mended in 1 file",
            "8 files checked: no findings.",
        ]
        assert done.exit_code == 0
        assert toy.path("ms").read_bytes() == before["ms"]

    def test_it_tells_in_the_language_asked_for(self, toy: Toy) -> None:
        """What was done and how much of it is said in the language; places and codes stay as they are."""
        zeros(toy, "ms", "ar")
        told = [one for one in run("--fix", "--lang", "kk").stdout.splitlines() if "span-form" in one]
        assert [one.partition(": ")[2] for one in told] == [
            "түзетілді span-form: <#char=38,86> деп жазу",
            "түзетілді span-form: <#char=38,80> деп жазу",
        ]
        zeros(toy, "ms")
        shown = run("--fix", "--lang", "kk").stdout.splitlines()
        assert shown[1] == "1 файлда 1 мәселе түзетілді"
        assert run("--fix", "--lang", "ru").stdout.startswith("нет ничего, что можно исправить безопасно\n")

    def test_an_arabic_sentence_keeps_together(self, toy: Toy) -> None:
        """In a line that begins with a path, each Arabic part is isolated, and the code in it."""
        zeros(toy, "ms")
        line = run("--fix", "--lang", "ar").stdout.splitlines()[0]
        assert line.partition(": ")[2] == (
            "\u2068تم الإصلاح\u2069 span-form: \u2068اكتب \u2068<#char=38,80>\u2069\u2069"
        )

    def test_what_is_left_decides_the_exit_code(self, toy: Toy) -> None:
        """What only a person can decide is left and reported, and fails the check."""
        zeros(toy, "ms")
        toy.replace("ar", "rdf:object id:old-town", "rdf:object id:old-tow")
        done = run("--fix")
        assert done.exit_code == 1
        assert "mend: Write id:new-town" not in done.stdout
        assert "unknown-entity" in done.stdout
        assert "1 finding mended in 1 file" in done.stdout

    def test_with_a_path_other_files_stay(self, toy: Toy) -> None:
        """A file that is not named is not written, whatever is wrong with it."""
        before = zeros(toy, "ms", "ar")
        planted = toy.path("ar").read_bytes()
        assert run("--fix", str(toy.path("ms"))).exit_code == 0
        assert toy.path("ms").read_bytes() == before["ms"]
        assert toy.path("ar").read_bytes() == planted

    def test_with_changed_only_what_is_new(self, toy: Toy) -> None:
        """A fault that was there at the revision is left alone."""
        toy.replace("ar", "<#char=38,86>", "<#char=038,86>")
        commit_all(toy.root)
        old = toy.path("ar").read_bytes()
        before = zeros(toy, "ms")
        done = run("--fix", "--changed")
        assert done.exit_code == 0
        assert toy.path("ms").read_bytes() == before["ms"]
        assert toy.path("ar").read_bytes() == old

    def test_a_machine_format_stays_whole(self, toy: Toy) -> None:
        """What was mended goes to standard error, so that standard output is one JSON object."""
        zeros(toy, "ms")
        done = run("--fix", "-f", "json")
        assert json.loads(done.stdout)["findings"] == []
        assert "mended span-form" in done.stderr

    def test_a_link_out_of_the_dataset_is_left(self, toy: Toy, tmp_path: Path) -> None:
        """What lies elsewhere is mended only where it is named."""
        zeros(toy, "ms")
        path, target = toy.path("ms"), tmp_path / "elsewhere.ttl"
        path.rename(target)
        path.symlink_to(target)
        planted = target.read_bytes()
        assert run("--fix").exit_code == 1
        assert target.read_bytes() == planted
        assert run("--fix", str(path)).exit_code == 0
        assert target.read_bytes() != planted

    @pytest.mark.usefixtures("toy")
    def test_nothing_to_mend(self) -> None:
        """A clean dataset is told to be so."""
        assert run("--fix").stdout.splitlines()[0] == "nothing could be mended safely"

    @pytest.mark.usefixtures("toy")
    def test_not_with_watch(self) -> None:
        """Files do not change under the editor that has them open."""
        done = run("--fix", "--watch")
        assert isinstance(done.exception, CicakgError)
        assert done.exception.code == "watch-changes-nothing"


class TestDiff:
    """--diff"""

    def test_it_shows_and_writes_nothing(self, toy: Toy) -> None:
        """The diff stands alone on standard output, the files stay, and there being one ends with 1."""
        zeros(toy, "ms")
        planted = toy.path("ms").read_bytes()
        done = run("--diff")
        name = "data/articles/2031/2031-ms-river-council.ttl"
        assert done.stdout.startswith(f"--- a/{name}\n+++ b/{name}\n@@ ")
        changed = [one for one in done.stdout.splitlines()[3:] if one[0] in "+-"]
        assert changed == ["-    cica:evidence <#char=038,80> .", "+    cica:evidence <#char=38,80> ."]
        assert "no findings" in done.stderr
        assert done.exit_code == 1
        assert toy.path("ms").read_bytes() == planted

    @pytest.mark.usefixtures("toy")
    def test_nothing_to_show(self) -> None:
        """Where nothing would be changed and nothing is found, there is no diff and the exit code is 0."""
        done = run("--diff")
        assert (done.stdout, done.exit_code) == ("", 0)


class TestRemedies:
    """The remedies in reports."""

    def test_json_has_the_edits(self, toy: Toy) -> None:
        """An edit is from its first to behind its last character, in lines and code points from 1."""
        zeros(toy, "ms")
        line, column = toy.place("ms", "<#char=038,80>")
        (finding,) = json.loads(run("-f", "json").stdout)["findings"]
        edit = {"line": line, "column": column, "endLine": line, "endColumn": column + 14}
        (fix,) = finding["fixes"]
        assert fix == {
            "title": "Write <#char=38,80>",
            "safe": True,
            "edits": [{**edit, "text": "<#char=38,80>"}],
        }

    def test_text_names_what_the_fix_does_not(self, toy: Toy) -> None:
        """A remedy is shown below the fix unless the fix names it already."""
        zeros(toy, "ms")
        toy.replace("ar", 'dcterms:language "ar"', 'dcterms:language "AR"')
        shown = run().stdout
        assert "    mend: Write <#char=38,80> (--fix)" in shown.splitlines()
        assert shown.count("mend:") == 1
