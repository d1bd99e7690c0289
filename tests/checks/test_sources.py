"""Which files are checked and which are reported on."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_repository import Toy

from cicakg.checks.sources import select
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder


def test_without_paths_everything_is_reported(toy: Toy) -> None:
    """The whole dataset is read and reported on; the count is that of its Turtle files."""
    report = toy.check()
    assert report.file_count == len(list(toy.root.glob("[do]*/**/*.ttl")))


def test_only_findings_in_the_files_given_are_reported(toy: Toy) -> None:
    """Everything is checked, but a fault in another file is not reported."""
    toy.replace("ms", "<#char=94,109>", "<#char=094,109>")
    assert toy.check([toy.path("ar")]).findings == ()
    assert len(toy.check([toy.path("ms")]).findings) == 1
    assert len(toy.check([toy.path("data/articles")]).findings) == 1


def test_what_a_change_breaks_elsewhere_is_found_by_the_whole_check(toy: Toy) -> None:
    """A deleted entity is a finding in the article that uses it."""
    toy.replace("data/entities/places.ttl", "id:new-town a", "id:newer-town a")
    found = toy.check([toy.path("ms")]).findings
    assert [one.code for one in found] == ["unknown-entity"]


def test_a_file_from_outside_takes_the_place_of_its_namesake(toy: Toy, tmp_path: Path) -> None:
    """A draft is checked in place of the article of the same name, and reported under its own path."""
    text = toy.path("ms").read_text(encoding="utf-8")
    draft = tmp_path / "2031-ms-river-council.ttl"
    draft.write_text(text.replace("cica:ordinal", "cica:ordnal"), encoding="utf-8")
    found = toy.check([draft]).findings
    assert [(one.code, one.file) for one in found] == [("unknown-term", draft)]


def test_a_new_file_from_outside_is_checked_as_an_article(toy: Toy, tmp_path: Path) -> None:
    """A draft without a namesake is an article of the dataset, with the graph its name says."""
    draft = tmp_path / "2032-ms-new.ttl"
    draft.write_text("@base <https://w3id.org/cicakg/article/2032-ms-new> .\n", encoding="utf-8")
    assert [one.code for one in toy.check([draft]).findings] == ["file-graph"]


def test_a_folder_from_outside_gives_all_its_files(toy: Toy, tmp_path: Path) -> None:
    """A folder of drafts is checked file by file; hidden files are left out."""
    drafts = tmp_path / "drafts"
    drafts.mkdir()
    (drafts / "2032-ms-a.ttl").touch()
    (drafts / "2032-ms-b.ttl").touch()
    (drafts / ".2032-ms-c.ttl").touch()
    selection = select(DatasetFolder(toy.root), [drafts])
    assert set(selection.reported or ()) == {drafts / "2032-ms-a.ttl", drafts / "2032-ms-b.ttl"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("none.ttl", "file-not-found"), ("notes.txt", "nothing-to-check"), ("empty", "nothing-to-check")],
)
def test_a_path_with_nothing_to_check_is_refused(toy: Toy, tmp_path: Path, name: str, code: str) -> None:
    """A path that does not exist, is not Turtle, or holds none, is a fault of the command."""
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(CicakgError) as caught:
        toy.check([tmp_path / name])
    assert caught.value.code == code


def test_a_folder_of_texts_that_is_none_is_refused(toy: Toy) -> None:
    """--texts needs a folder."""
    toy.path("texts").rename(toy.root / "other")
    with pytest.raises(CicakgError) as caught:
        toy.check(has_texts=True)
    assert caught.value.code == "texts-not-found"


def test_a_dataset_without_shapes_is_refused(toy: Toy) -> None:
    """Without its rules a dataset would pass every check; that is said instead of passed over."""
    toy.path("shapes").rename(toy.root / "other")
    with pytest.raises(CicakgError) as caught:
        toy.check()
    assert caught.value.code == "shapes-missing"
