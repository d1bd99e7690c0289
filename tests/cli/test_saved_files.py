"""Saves are seen, however an editor saves; the real watcher in its real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest
from toy_repository import Toy, copy_toy

from cicakg.cli.saved_files import Watched, saved_files

PATIENCE = 120.0
# Tests that are run in the background of a shell are started deaf to Ctrl-C, and hand that on.
HEARING_CTRL_C = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from cicakg.cli import run
run()
"""


def write(path: Path) -> None:
    """Save as simple editors do: over the old file."""
    path.write_text("new", encoding="utf-8")


def write_and_rename(path: Path) -> None:
    """Save as vim and others do: beside the old file, then in its place."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text("new", encoding="utf-8")
    beside.rename(path)


def move_away_and_write(path: Path) -> None:
    """Save as editors that keep a backup do: the old file is renamed, a new one written."""
    path.rename(path.with_name(path.name + "~"))
    path.write_text("new", encoding="utf-8")


def delete(path: Path) -> None:
    """Take the file away."""
    path.unlink()


@pytest.fixture(params=["system", "polling"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the watcher learns of changes: from the system, or by looking again and again."""
    if request.param == "polling":
        monkeypatch.setenv("WATCHFILES_FORCE_POLLING", "1")
    return str(request.param)


@pytest.mark.parametrize("save", [write, write_and_rename, move_away_and_write, delete])
@pytest.mark.parametrize("is_given", [False, True], ids=["in a folder", "given"])
def test_a_save_is_seen(tmp_path: Path, way: str, save: Callable[[Path], None], is_given: bool) -> None:
    """Each way of saving is told with the file's path, below a folder or given by name."""
    path = tmp_path / "deep" / "a.ttl"
    path.parent.mkdir()
    path.write_text("old", encoding="utf-8")
    os.utime(path, (0, 0))  # polling tells times apart by their seconds
    watched = Watched((), (path,)) if is_given else Watched((tmp_path,))
    with limit(), saved_files(watched) as saves:
        save(path)
        assert path in next(saves)


def test_saves_while_nobody_waits_are_told_together(tmp_path: Path) -> None:
    """However many files are saved during a check, it is one more check."""
    names = [tmp_path / f"{number}.ttl" for number in range(20)]
    with limit(), saved_files(Watched((tmp_path,))) as saves:
        seen: set[Path] = set()
        for path in names:
            write(path)
        rounds = 0
        while seen < set(names):
            seen |= next(saves)
            rounds += 1
    assert seen == set(names)
    assert rounds < len(names)


def test_a_folder_that_comes_back_is_watched_again(tmp_path: Path) -> None:
    """Switching branches takes a folder away: that is told, and so is what is saved in the new one."""
    folder = tmp_path / "shapes"
    folder.mkdir()
    write(folder / "a.ttl")
    with limit(), saved_files(Watched((folder,))) as saves:
        folder.rename(tmp_path / "old")
        assert next(saves)
        folder.mkdir()
        while folder not in next(saves):
            pass
        write(folder / "b.ttl")
        while folder / "b.ttl" not in next(saves):
            pass


def test_the_watcher_ends_with_the_block(tmp_path: Path) -> None:
    """No process is left behind."""
    before = children()
    with saved_files(Watched((tmp_path,))):
        assert children() > before
    assert children() == before


def children() -> set[str]:
    """Return the process numbers of our children; other tests in this process may have some."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


class Output:
    """What a process prints, line by line, without waiting for ever."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.lines: Queue[str] = Queue()
        self.seen: list[str] = []
        threading.Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            self.lines.put(line.rstrip("\n"))

    def until(self, part: str) -> str:
        """Return the next line that holds *part*."""
        while True:
            try:
                line = self.lines.get(timeout=PATIENCE)
            except Empty:
                raise AssertionError(f"{part!r} was not printed: {self.seen}") from None
            self.seen.append(line)
            if part in line:
                return line


@pytest.fixture
def repository(tmp_path: Path, project: Path) -> Toy:
    """A fresh copy of the toy repository."""
    return copy_toy(project, tmp_path / "toy")


@pytest.fixture
def watching(repository: Toy) -> Iterator[subprocess.Popen[str]]:
    """``cicakg check --watch`` in the toy repository."""
    command = [sys.executable, "-c", HEARING_CTRL_C, "check", "--watch"]
    with subprocess.Popen(
        command,
        cwd=repository.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_the_command_checks_again_after_a_save(repository: Toy, watching: subprocess.Popen[str]) -> None:
    """A fault saved is shown as new, its mending as mended; a half-written file and Ctrl-C are no crash."""
    output = Output(watching)
    output.until("checked. Watching")
    repository.replace("ms", "cica:ordinal", "cica:ordnal")
    assert " new violation unknown-term cica:ordnal " in output.until("unknown-term")
    assert "2031-ms-river-council.ttl saved: 1 new." in output.until("saved:")
    whole = repository.path("ms").read_bytes()
    repository.path("ms").write_bytes(whole[: len(whole) // 2])
    output.until("turtle-syntax")
    assert "1 new, 1 not looked at for now." in output.until("saved:")
    repository.path("ms").unlink()
    output.until("saved:")
    repository.path("ms").write_bytes(whole.replace(b"cica:ordnal", b"cica:ordinal"))
    while "no findings" not in output.until("checked: "):
        pass
    os.killpg(watching.pid, signal.SIGINT)
    assert watching.wait(timeout=PATIENCE) == 0
    assert not any("Traceback" in line or "fault of the program" in line for line in output.seen)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--format", "json"), "--format json"),
        (("-o", "report.txt"), "report.txt"),
        (("--changed=no-such-revision",), "--changed"),
        (("no/such.ttl",), "no/such.ttl"),
    ],
)
def test_what_does_not_go_with_watching_is_refused(
    repository: Toy, options: tuple[str, ...], says: str
) -> None:
    """Another format, a file to write, what does not exist: a sentence and exit code 2."""
    command = [sys.executable, "-m", "cicakg", "check", "--watch", *options]
    done = subprocess.run(command, cwd=repository.root, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr


class limit:  # noqa: N801 - reads like a verb where it is used
    """Fail, instead of waiting for ever, where a watcher tells nothing."""

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self._fail)
        signal.setitimer(signal.ITIMER_REAL, PATIENCE)

    def __exit__(self, *args: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    @staticmethod
    def _fail(*_: object) -> None:
        raise AssertionError("nothing was told in time")
