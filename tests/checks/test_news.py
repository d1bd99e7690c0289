"""What is new since a revision."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from toy_history import commit_all, git
from toy_repository import AR, MS, Toy

from cicakg.checks.news import check_news
from cicakg.checks.report import Report
from cicakg.checks.revisions import find_revision
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

PLACES = "data/entities/places.ttl"


@pytest.fixture
def history(toy: Toy) -> Toy:
    """The toy repository, with a fault in the Malay article, as the first commit of a checkout."""
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    commit_all(toy.root)
    return toy


def news(toy: Toy, revision: str = "HEAD", *given: Path) -> Report:
    """Return the report of what is new."""
    return check_news(DatasetFolder(toy.root), revision, given)


def counts(report: Report) -> tuple[int, int, int]:
    """Return how many are new in changed files, new elsewhere, and old."""
    assert report.since is not None
    changed = report.since.changed_count
    return changed, len(report.findings) - changed, report.since.old_count


def test_without_a_change_nothing_is_new(history: Toy) -> None:
    """What was there is counted and not shown."""
    assert counts(news(history)) == (0, 0, 1)


def test_what_is_new_in_a_changed_file_is_shown(history: Toy) -> None:
    """A new fault is news; the old one of the same file is not, though its line has moved."""
    history.replace("ms", "<#c05> a", "\n# a comment\n  <#c05> a")
    report = news(history)
    assert [one.code for one in report.findings] == ["subject-column"]
    assert counts(report) == (1, 0, 1)


def test_what_a_change_breaks_elsewhere_is_shown_after_it(history: Toy) -> None:
    """Where an entity gets another name, what refers to it by the old one is news in unchanged files."""
    history.replace(PLACES, "id:old-town", "id:new-town")
    report = news(history)
    changed, elsewhere, _ = counts(report)
    files = [one.file.relative_to(history.root).as_posix() for one in report.findings]
    assert set(files[:changed]) <= {PLACES}
    assert elsewhere >= 2
    assert {MS, AR} <= set(files[changed:])
    assert {one.code for one in report.findings[changed:]} == {"unknown-entity"}


def test_a_deleted_file_is_a_change(history: Toy) -> None:
    """What the loss of a file breaks is news elsewhere."""
    history.path(PLACES).unlink()
    changed, elsewhere, _ = counts(news(history))
    assert changed == 0
    assert elsewhere >= 2


def test_a_file_git_does_not_know_is_a_change(history: Toy) -> None:
    """A new article is checked before it is added."""
    text = history.path("ms").read_text(encoding="utf-8")
    history.write("data/articles/2031/2031-ms-river-council-again.ttl", text)
    report = news(history)
    assert counts(report)[0] >= 1
    assert "file-base" in {one.code for one in report.findings}


def test_staged_and_committed_changes_count(history: Toy) -> None:
    """Since an earlier revision all is news that was committed, staged or written after it."""
    history.replace("ms", "<#c05> a", "  <#c05> a")
    git(history.root, "add", "--all")
    assert counts(news(history)) == (1, 0, 1)
    commit_all(history.root)
    assert counts(news(history)) == (0, 0, 2)
    assert counts(news(history, "HEAD~1")) == (1, 0, 1)


def test_a_new_rule_breaks_what_it_finds(history: Toy) -> None:
    """What a rule finds that came since the revision is news elsewhere: the change of the rule broke it."""
    rule = history.path("shapes/claim.ttl").read_text(encoding="utf-8")
    history.path("shapes/claim.ttl").unlink()
    history.replace("ms", "cica:ordnal", "cica:ordinal")
    history.replace("ms", "modality:plan", "modality:fact , modality:plan")
    commit_all(history.root)
    history.write("shapes/claim.ttl", rule)
    report = news(history)
    assert counts(report)[:2] == (0, len(report.findings))
    assert "claim-modality" in {one.code for one in report.findings}


def test_a_finding_no_longer_accepted_is_news(history: Toy) -> None:
    """The list of accepted findings is read as it was, too."""
    entry = f'[[accepted]]\ncode = "unknown-term"\nfile = "{MS}"\nreason = "known"\n'
    history.write("data/exceptions.toml", entry)
    commit_all(history.root)
    history.write("data/exceptions.toml", "")
    assert counts(news(history)) == (0, 1, 0)
    assert counts(news(history, "HEAD~1")) == (0, 0, 1)


def test_paths_narrow_what_is_reported(history: Toy) -> None:
    """With a path only findings in it are news; one from outside the dataset was never there before."""
    history.replace("ms", "<#c05> a", "  <#c05> a")
    assert counts(news(history, "HEAD", history.path("ar"))) == (0, 0, 0)
    outside = history.root.parent / "2031-ms-river-council.ttl"
    shutil.copy(history.path("ms"), outside)
    assert counts(news(history, "HEAD", outside))[0] == 2


def test_a_dataset_below_the_top_of_the_checkout(history: Toy, tmp_path: Path) -> None:
    """The dataset may lie in a folder of a larger repository."""
    top = tmp_path / "larger"
    shutil.copytree(history.root, top / "data set" / "toy", ignore=shutil.ignore_patterns(".git"))
    lower = Toy(top / "data set" / "toy")
    commit_all(top)
    lower.replace("ms", "<#c05> a", "  <#c05> a")
    assert counts(news(lower)) == (1, 0, 1)


def test_a_revision_without_a_dataset_knows_nothing(toy: Toy) -> None:
    """Before the dataset was there nothing was wrong with it."""
    toy.replace("ms", "cica:ordinal", "cica:ordnal")
    git(toy.root, "init", "--quiet", "--initial-branch=main")
    git(toy.root, "commit", "--quiet", "--allow-empty", "--message", "Nothing yet")
    assert counts(news(toy)) == (1, 0, 0)


def test_the_revision_is_written_byte_for_byte(history: Toy, tmp_path: Path) -> None:
    """The files of a revision are what git stores, names in any letters and bytes of any value included."""
    history.write("data/жол \u2028.txt", "\r\n\x00")
    (history.root / "data" / "raw.txt").write_bytes(b"\xff\n\n")
    commit_all(history.root)
    empty = tmp_path / "empty"
    empty.mkdir()
    written = find_revision(DatasetFolder(history.root), "HEAD").write(empty)
    for folder in ("data", "ontology", "shapes"):
        for path in (history.root / folder).rglob("*"):
            if path.is_file():
                assert (written.root / path.relative_to(history.root)).read_bytes() == path.read_bytes()


def test_the_checkout_is_left_alone(history: Toy) -> None:
    """Neither the index nor the working tree is touched."""
    history.replace("ms", "<#c05> a", "  <#c05> a")
    index = (history.root / ".git" / "index").read_bytes()
    before = git(history.root, "--no-optional-locks", "status", "--porcelain")
    news(history)
    assert (history.root / ".git" / "index").read_bytes() == index
    assert git(history.root, "status", "--porcelain") == before


@pytest.mark.parametrize("revision", ["nope", "", "--output=x", "HEAD~7", "HEAD:data", "data/articles"])
def test_an_unknown_revision_is_a_sentence(history: Toy, revision: str) -> None:
    """What names no commit is refused, and a path taken for one is recognised."""
    with pytest.raises(CicakgError, match="There is no revision") as refused:
        news(history, revision)
    assert refused.value.code == "revision-unknown"
    assert ("--changed=HEAD" in refused.value.fix) is (revision == "data/articles")
    assert not (history.root / "x").exists()


def test_without_a_checkout_there_are_no_news(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is in no git repository is refused."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(toy.root.parent))
    with pytest.raises(CicakgError, match="no git checkout") as refused:
        news(toy)
    assert refused.value.code == "not-a-checkout"


def test_without_git_there_are_no_news(history: Toy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where git is not installed, it is asked for."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CicakgError) as refused:
        news(history)
    assert refused.value.code == "git-missing"
