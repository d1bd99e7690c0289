"""Article text is not written where it would be published."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cicakg.annotating.checkout import require_unpublished
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder


@pytest.fixture
def folder(tmp_path: Path) -> DatasetFolder:
    """A dataset in a folder of a git checkout that ignores private/."""
    if shutil.which("git") is None:
        pytest.skip("git is missing here")
    root = tmp_path / "checkout"
    (root / "dataset").mkdir(parents=True)
    (root / ".gitignore").write_text("private/\n")
    subprocess.run(["git", "init", "--quiet", str(root)], check=True, timeout=60)
    return DatasetFolder(root / "dataset")


@pytest.mark.parametrize(
    "place", ["dataset/page.html", "page.html", "dataset/data/../page.html", "other/../page.html"]
)
def test_the_checkout_is_refused(folder: DatasetFolder, place: str) -> None:
    """In the dataset's folder and in the checkout around it, by whatever way it is named."""
    with pytest.raises(CicakgError) as fault:
        require_unpublished(folder, folder.root.parent / place)
    assert fault.value.code == "output-published"


def test_a_link_into_the_checkout_is_refused(folder: DatasetFolder, tmp_path: Path) -> None:
    """A folder outside that is a link to one inside is inside."""
    (tmp_path / "link").symlink_to(folder.root)
    with pytest.raises(CicakgError):
        require_unpublished(folder, tmp_path / "link" / "page.html")


@pytest.mark.parametrize(
    "place", ["checkout/private/page.html", "checkout/dataset/private/page.html", "page.html"]
)
def test_ignored_and_outside_places_are_allowed(folder: DatasetFolder, tmp_path: Path, place: str) -> None:
    """Where git ignores it, or outside the checkout, the page may lie."""
    require_unpublished(folder, tmp_path / place)


def test_without_a_checkout_the_dataset_folder_is_refused_all_the_same(tmp_path: Path) -> None:
    """A downloaded dataset is published with everything in it too."""
    with pytest.raises(CicakgError):
        require_unpublished(DatasetFolder(tmp_path), tmp_path / "page.html")
