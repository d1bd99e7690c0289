"""The dataset as an earlier revision of its git repository has it, and what was changed since.

git is only asked for names and contents; it writes nothing, not even its index.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

_FOLDERS: Final = ("data", "ontology", "shapes")
_DIFF: Final = ("diff", "--name-only", "--no-renames", "--no-ext-diff", "--relative", "-z")
_SECONDS: Final = 120
_REGULAR: Final = ("100644", "100755")


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit of the repository that the dataset in *folder* lies in, as *name* names it."""

    folder: DatasetFolder
    name: str
    commit: str

    def changed_files(self) -> frozenset[Path]:
        """Return the files of the dataset that are not what they were: changed, new or gone by now."""
        names = _git(self.folder.root, *_DIFF, self.commit)
        new = _git(self.folder.root, "ls-files", "--others", "--exclude-standard", "-z")
        return frozenset(self.folder.root.resolve() / name for name in _listed(names) + _listed(new))

    def listing(self) -> bytes:
        """Return git's list of the dataset's files as they were: their names, their contents' digests."""
        return _git(self.folder.root, "ls-tree", "-r", "-z", self.commit, "--", *_FOLDERS)

    def write(self, root: Path) -> DatasetFolder:
        """Write the dataset as it was into the folder *root*, which is there and empty."""
        listing = self.listing()
        blobs = [_entry(line) for line in _listed(listing) if line.startswith(_REGULAR)]
        contents = _contents(self.folder.root, [blob for blob, _ in blobs])
        for (_, name), content in zip(blobs, contents, strict=True):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return DatasetFolder(root)


def find_revision(folder: DatasetFolder, name: str) -> Revision:
    """Return the revision called *name* of the repository that *folder* lies in.

    Raises :class:`CicakgError` where there is no git (``git-missing``), no repository (``not-a-checkout``) or
    no such commit (``revision-unknown``).
    """
    try:
        inside = _run(folder.root, "rev-parse", "--is-inside-work-tree")
    except FileNotFoundError:
        raise CicakgError(
            "git-missing", "What has changed is asked of git, and there is no git here.", "Install git."
        ) from None
    if inside.returncode != 0 or inside.stdout.strip() != b"true":
        raise CicakgError(
            "not-a-checkout",
            f"{folder.root.resolve()} is in no git checkout that can be read ({_reason(inside)}), "
            "so what has changed is not known.",
            "Leave out --changed, or name the dataset of a checkout with --root.",
        )
    found = _run(folder.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode != 0:
        raise _unknown(folder, name)
    return Revision(folder, name, found.stdout.decode().strip())


def _unknown(folder: DatasetFolder, name: str) -> CicakgError:
    is_path = bool(name) and (Path(name).exists() or (folder.root / name).exists())
    return CicakgError(
        "revision-unknown",
        f"There is no revision {name!r} in the repository of {folder.root.resolve()}.",
        f"If it is a path, write --changed=HEAD {name}."
        if is_path
        else "Name a commit, branch or tag that was fetched, such as HEAD or origin/main.",
    )


def _entry(line: str) -> tuple[str, PurePosixPath]:
    """Return object and path of a line of git ls-tree: mode, type, object, a tab, the path."""
    about, _, name = line.partition("\t")
    return about.split()[2], PurePosixPath(name)


def _contents(root: Path, blobs: list[str]) -> list[bytes]:
    """Return what the *blobs* hold, by one ``git cat-file --batch``: a head line, the bytes, a line feed."""
    output = _git(root, "cat-file", "--batch", given="".join(f"{one}\n" for one in blobs).encode())
    contents, start = [], 0
    for _ in blobs:
        head = output.index(b"\n", start)
        size = int(output[start:head].split()[2])
        contents.append(output[head + 1 : head + 1 + size])
        start = head + size + 2
    return contents


def _listed(output: bytes) -> list[str]:
    return [one.decode(errors="surrogateescape") for one in output.split(b"\0") if one]


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    done = _run(root, *arguments, given=given)
    if done.returncode != 0:
        raise CicakgError(
            "git-failed",
            f"git {arguments[0]} failed in {root.resolve()}: {_reason(done)}.",
            "Mend the repository, or leave out --changed.",
        )
    return done.stdout


def _run(root: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "--no-optional-locks", "-C", str(root), "-c", "core.fsmonitor=false", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise CicakgError(
            "git-failed",
            f"git {arguments[0]} did not answer within {_SECONDS} seconds.",
            "Try again, or leave out --changed.",
        ) from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0] if lines else f"exit code {done.returncode}"
