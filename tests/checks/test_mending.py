"""What is mended safely: byte for byte what stood there, only where it may be, and all or nothing."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest
from planting import Planted, copy_dataset, path_of
from toy_repository import MS, Toy

from cicakg.checks.mending import Mended, diff_lines, mended, save
from cicakg.checks.remedies import Contexts
from cicakg.checks.report import Report, check
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

SAFE = (
    ("ms", "<#char=189,326>", "<#char=0189,326>"),
    ("ms", "\n<#c09> a", "\n \t<#c09> a"),
    ("kk", '"2020-09-24"^^xsd:date ;\n    cica:modality', '"2020-09-24" ;\n    cica:modality'),
    ("kk", "rdf:object 27 ;", 'rdf:object "27" ;'),
    ("kk", "    cica:conflictsWith <#c79> ;\n", ""),
    ("talks", "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n", ""),
    ("azerbaijan", "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>", "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schemas#>"),
    ("azerbaijan", "cica:textLength", "cica:TextLength"),
    ("region", 'dcterms:language "ar"', 'dcterms:language "AR"'),
    ("places", "<http://www.wikidata.org/entity/Q232>", "<https://www.wikidata.org/wiki/Q232>"),
    ("places", '"Kazakhstan"@en', '"\u200eKazakhstan "@EN'),
)  # fmt: skip
"""Faults of all levels in the shipped data, some of which hide others."""


def mend(root: Path, given: tuple[Path, ...] = ()) -> Mended:
    """Mend the dataset in *root* in memory, in the files *given*."""
    folder = DatasetFolder(root)

    def run(unsaved: Mapping[Path, bytes]) -> Report:
        return check(folder, unsaved=unsaved)

    def may_change(path: Path) -> bool:
        return not given or path in given

    return mended(run, partial(Contexts, folder, (), None), may_change)


def plant(planted: Planted, line_break: str = "\n", mark: str = "") -> dict[Path, bytes]:
    """Plant the safe faults with these line ends, and return what the files held before."""
    before: dict[Path, bytes] = {}
    for file, right, wrong in SAFE:
        text = planted.text(file)
        path = path_of(planted.root, file)
        before.setdefault(path, (mark + text.replace("\n", line_break)).encode())
        assert right in text, right
        planted.texts[path] = text.replace(right, wrong, 1)
    planted.write(line_break, mark)
    return before


class TestShippedData:
    """Faults in a copy of the shipped data."""

    @pytest.mark.parametrize(("line_break", "mark"), [("\n", ""), ("\r\n", "\ufeff")], ids=["lf", "crlf-bom"])
    def test_all_comes_back_byte_for_byte(
        self, project: Path, tmp_path: Path, line_break: str, mark: str
    ) -> None:
        """Planted faults, checked and mended, leave a clean check and every file as it was."""
        planted = copy_dataset(project, tmp_path / "dataset")
        before = plant(planted, line_break, mark)
        done = mend(planted.root)
        assert done.report.findings == ()
        assert {one.path: one.before for one in done.files} == {one: one.read_bytes() for one in before}
        save(done.files)
        assert {path: path.read_bytes() for path in before} == before
        assert len(done.changes) >= len(SAFE)

    def test_clean_data_stay_untouched(self, project: Path) -> None:
        """Where nothing is found, nothing is changed."""
        done = mend(project)
        assert done.changes == ()
        assert done.files == ()


class TestChoice:
    """Which remedies are applied."""

    def test_one_that_is_not_safe_is_left(self, toy: Toy) -> None:
        """A misspelt entity has a nearest one, which may not be the one that was meant."""
        toy.replace("ms", "rdf:object id:old-town", "rdf:object id:old-tow")
        done = mend(toy.root)
        assert done.files == ()
        assert [one.code for one in done.report.findings] == ["unknown-entity"]

    def test_other_files_stay(self, toy: Toy) -> None:
        """Only files that may be changed are."""
        for name in ("ms", "ar"):
            toy.replace(name, "cica:evidence <#char=38,", "cica:evidence <#char=038,")
        done = mend(toy.root, (toy.path("ar"),))
        assert [one.path for one in done.files] == [toy.path("ar")]
        assert [one.file for one in done.report.findings] == [toy.path("ms")]

    def test_what_makes_it_worse_is_rolled_back(self, toy: Toy) -> None:
        """What stands instead of something deprecated is not written where the claim is made
        already, or where it would have no label in the article's language."""
        deprecated = (
            "a cica:Place ; <http://www.w3.org/2002/07/owl#deprecated> true ;\n"
            "    <http://purl.org/dc/terms/isReplacedBy> id:new-town ;"
        )
        claim = (
            "<#c08> a cica:Claim ; rdf:subject id:river-council-first-session ; rdf:predicate cica:place ;\n"
            "    rdf:object id:new-town ; cica:modality modality:fact ; cica:evidence <#char=14,36> ."
        )
        toy.replace("data/entities/places.ttl", "a cica:Place ;", deprecated)
        toy.replace("ms", "<#char=216,252> .", f"<#char=216,252> .\n\n{claim}")
        toy.replace("ar", "<#char=38,86>", "<#char=038,86>")
        done = mend(toy.root)
        assert [(one.code, one.file) for one in done.changes] == [("span-form", toy.path("ar"))]
        left = {(one.code, one.file) for one in done.report.findings}
        assert left == {("deprecated-used", toy.path("ms")), ("deprecated-used", toy.path("ar"))}

    def test_what_was_hidden_is_mended_too(self, toy: Toy) -> None:
        """A file that is no Turtle hides its other faults; they are mended in further rounds."""
        before = toy.path("ms").read_bytes()
        toy.replace("ms", "@prefix modality: <https://w3id.org/cicakg/concept/modality/> .\n", "")
        toy.replace("ms", 'dcterms:language "ms"', 'dcterms:language "MS"')
        toy.replace("ms", "<#char=38,93>", "<#char=038,93>")
        done = mend(toy.root)
        assert [one.code for one in done.changes] == ["turtle-syntax", "label-tag", "span-form"]
        assert [one.after for one in done.files] == [before]

    def test_a_misspelt_name_goes_everywhere(self, toy: Toy) -> None:
        """A name that is reported where it stands first is mended wherever it stands."""
        before = toy.path("ms").read_bytes()
        toy.write("ms", before.decode().replace("modality:fact", "modality:Fact"))
        done = mend(toy.root)
        assert [one.after for one in done.files] == [before]

    def test_an_exception_that_is_spent_goes(self, toy: Toy) -> None:
        """An entry that accepts nothing any more is deleted, the others and the comments stay."""
        head = "# What is known.\r\n\r\n"
        entry = f'[[accepted]]\r\ncode = "span-length"\r\nfile = "{MS}"\r\nreason = "It was long."\r\n'
        tail = "\r\n# The end.\r\n"
        path = toy.write("data/exceptions.toml", head + entry + tail)
        done = mend(toy.root)
        assert [one.after for one in done.files] == [(head + tail.removeprefix("\r\n")).encode()]
        assert [one.file for one in done.changes] == [path]

    def test_an_exception_whose_claim_is_gone_stays(self, toy: Toy) -> None:
        """Where the claim an entry names is gone, its number may have changed: a person looks."""
        focus = "https://w3id.org/cicakg/article/2031-ms-river-council#c99"
        entry = f'[[accepted]]\ncode = "span-length"\nfile = "{MS}"\nfocus = "{focus}"\nreason = "Long."\n'
        toy.write("data/exceptions.toml", entry)
        done = mend(toy.root)
        assert done.changes == ()
        assert [one.code for one in done.report.findings] == ["exception-unused"]


class TestSaving:
    """Writing what was mended."""

    def test_a_file_that_changed_meanwhile_is_left(self, toy: Toy) -> None:
        """What somebody saved while the check ran is not overwritten, and no other file is written either."""
        for name in ("ms", "ar"):
            toy.replace(name, "cica:evidence <#char=38,", "cica:evidence <#char=038,")
        done = mend(toy.root)
        toy.replace("ms", "rdf:object 12", "rdf:object 13")
        now = {name: toy.path(name).read_bytes() for name in ("ms", "ar")}
        with pytest.raises(
            CicakgError, match=r"river-council\.ttl changed while it was being mended\."
        ) as fault:
            save(done.files)
        assert fault.value.code == "file-changed"
        assert {name: toy.path(name).read_bytes() for name in ("ms", "ar")} == now

    def test_permissions_and_links_stay(self, toy: Toy) -> None:
        """A link stays a link, its target is written, and keeps its permissions."""
        path = toy.path("ms")
        target = toy.root / "kept.ttl"
        before = path.read_bytes()
        toy.replace("ms", "<#char=38,93>", "<#char=038,93>")
        path.rename(target)
        target.chmod(0o640)
        path.symlink_to(target)
        save(mend(toy.root).files)
        assert path.is_symlink()
        assert target.read_bytes() == before
        assert target.stat().st_mode & 0o777 == 0o640

    def test_a_protected_file_is_refused(self, toy: Toy) -> None:
        """A file that nobody may write is not replaced by one that looks the same."""
        toy.replace("ms", "<#char=38,93>", "<#char=038,93>")
        toy.path("ms").chmod(0o444)
        done = mend(toy.root)
        with pytest.raises(CicakgError, match="is write-protected"):
            save(done.files)


class TestDiff:
    """The diff of what would be mended."""

    @pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
    def test_git_applies_it(self, toy: Toy, line_break: str) -> None:
        """The diff, applied by git, gives the files as they are mended; the last line needs no line break."""
        git = shutil.which("git")
        if git is None:
            pytest.skip("git is not here")
        text = toy.path("ms").read_text(encoding="utf-8").rstrip("\n").replace("\n", line_break)
        toy.write("ms", text.replace("<#char=216,252>", "<#char=0216,252>"))
        done = mend(toy.root)
        diff = "".join(diff_lines(done.files, toy.root.resolve())).encode()
        command = [git, "apply", "-p1", "--whitespace=nowarn", "-"]
        subprocess.run(command, cwd=toy.root, input=diff, check=True, timeout=30)
        assert toy.path("ms").read_bytes() == text.encode()
