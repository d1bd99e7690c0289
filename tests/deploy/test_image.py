"""The Dockerfile, built and run step by step without Docker, and what a container of it may do."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from deploy.asking import wait_for
from deploy.dockerfile import Stage, is_in_context, read_dockerfile
from deploy.rehearsal import Container, Rehearsal, why_not
from deploy.replicas import free_port

pytestmark = pytest.mark.xdist_group("deploy")

ROOM = 4 << 30
WIDE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"


@pytest.fixture(scope="module")
def final(project: Path) -> Stage:
    """The stage that becomes the image."""
    return read_dockerfile(project / "Dockerfile")[1][-1]


def test_runs_as_nobody(final: Stage) -> None:
    """The image's user is a number that is not root, so that a platform sees that without looking inside."""
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", final.last("USER"))


def test_stops_by_the_signal_the_server_knows(final: Stage) -> None:
    """The signal to stop is the one on which answers at work are finished."""
    assert final.last("STOPSIGNAL") == "SIGTERM"


def test_every_dependency_is_locked(project: Path) -> None:
    """Every installation but that of our wheel goes by the hashes of requirements/runtime.txt."""
    steps = [step for stage in read_dockerfile(project / "Dockerfile")[1] for step in stage.steps]
    commands = [one for name, value in steps if name == "RUN" for one in value.split("&&")]
    installs = [one for one in commands if "pip install" in one or "pip wheel" in one]
    assert len(installs) == 4
    for one in installs:
        is_locked = "--require-hashes" in one and one.strip().endswith("requirements/runtime.txt")
        is_own = "--no-deps" in one and ("cicakg-" in one or one.strip().endswith("."))
        assert is_locked or is_own, one


@pytest.mark.parametrize("name", [".git", ".venv", "tests", "deploy", "Dockerfile", ".env", "data.nq"])
def test_nothing_else_is_sent(project: Path, name: str) -> None:
    """The builder is sent what the Dockerfile copies, and nothing else of a working copy."""
    assert not is_in_context(project / ".dockerignore", name)


@pytest.fixture(scope="module")
def image(project: Path) -> Iterator[Rehearsal]:
    """The image, built."""
    if reason := why_not():
        pytest.skip(f"the image cannot be rehearsed here: {reason}")
    # In memory where there is room: thousands of small files come and go.
    memory = Path("/dev/shm")  # noqa: S108  # a folder of its own is made there
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="cicakg-image-", dir=memory if has_room else None))
    folder.chmod(0o755)
    made = Rehearsal(project / "Dockerfile", folder)
    made.build()
    yield made
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def port() -> int:
    """Where the container answers."""
    return free_port()


@pytest.fixture(scope="module")
def container(image: Rehearsal, port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """A container of it, read-only, without any right, with its own CMD but for the port."""
    arguments = [*image.final.command("CMD"), "--port", str(port)]
    running = image.start(arguments, tmp_path_factory.mktemp("container") / "log")
    running.wait_for(" statements at ")
    yield running
    running.end()


@pytest.fixture(scope="module")
def http(container: Container, port: int) -> Iterator[httpx.Client]:
    """A client of it."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/", timeout=60) as client:
        yield client


@pytest.mark.parametrize("hold", ["memory", "disk"])
def test_serves_a_snapshot_it_cannot_write_to(image: Rehearsal, tmp_path: Path, hold: str) -> None:
    """A container serves what `cicakg build` made, on a file system that is read-only, held either way."""
    with tempfile.TemporaryDirectory(prefix="cicakg-snapshot-") as base:
        Path(base).chmod(0o755)
        folder = Path(base) / "snapshot"
        command = [sys.executable, "-m", "cicakg", "build", "--out", str(folder)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        port = free_port()
        options = ["--snapshot", str(folder), "--hold", hold, "--workers", "1", "--port", str(port)]
        running = image.start(["serve", *options], tmp_path / "log")
        try:
            running.wait_for(" statements at ")
            query = {"query": "ASK { id:cica a cica:Organization }", "format": "json"}
            answer = httpx.get(f"http://127.0.0.1:{port}/sparql", params=query, timeout=60)
            assert answer.json()["boolean"] is True
        finally:
            running.end()


class TestContainer:
    """What a container of the image does."""

    def test_answers(self, http: httpx.Client) -> None:
        """Queries, pages and a large answer come from a container that can write nothing, not even /tmp."""
        assert http.get("ready").json()["status"] == "ready"
        query = "ASK { id:cica a cica:Organization }"
        assert http.get("sparql", params={"query": query, "format": "json"}).json()["boolean"] is True
        large = http.get("sparql", params={"query": WIDE, "format": "csv"}).text
        assert large.count("\r\n") == 100_001
        assert http.get("/id/cica", headers={"Accept": "text/html"}).status_code == 200

    def test_has_no_rights(self, container: Container, http: httpx.Client) -> None:
        """Every process in it is nobody's, holds no capability and can never get one."""
        assert http.get("ready").status_code == 200
        processes = container.processes()
        assert len(processes) >= 4, "a front, a zygote and at least two workers"
        for pid in processes:
            status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
            found = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            assert found["Uid"].split() == ["65534"] * 4
            assert found["Groups"].split() in ([], ["65534"])
            assert {found[f"Cap{name}"].strip("0") for name in ("Inh", "Prm", "Eff", "Bnd", "Amb")} == {""}
            assert found["NoNewPrivs"] == "1"

    def test_holds_no_file_to_write(self, container: Container) -> None:
        """What its processes have open for writing is nameless: sockets, pipes, memory, the log."""
        for pid in container.processes():
            for link in Path(f"/proc/{pid}/fd").iterdir():
                target = str(link.readlink())
                info = Path(f"/proc/{pid}/fdinfo/{link.name}").read_text(encoding="ascii")
                flags = int(
                    next(line.split()[1] for line in info.splitlines() if line.startswith("flags")), 8
                )
                if flags & os.O_ACCMODE != os.O_RDONLY and target.startswith("/"):
                    allowed = target.startswith(("/memfd:", "/dev/null")) or target == str(container.log)
                    assert allowed or link.name in "012", f"{pid} writes {target}"

    def test_reads_its_data_again(self, container: Container, http: httpx.Client) -> None:
        """SIGHUP works in it too."""
        container.signal(signal.SIGHUP)
        wait_for(lambda: 'cicakg_reloads_total{result="ok"} 1' in http.get("metrics").text)

    def test_replaces_a_worker(self, http: httpx.Client) -> None:
        """A query that ends its worker is told so, and the next one is answered: limits of processes can be
        set in it, and processes started.
        """
        heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }"
        assert http.get("sparql", params={"query": heavy, "timeout": "2"}).status_code in {504, 507}
        assert http.get("ready").status_code == 200

    def test_health(self, image: Rehearsal, container: Container, port: int, http: httpx.Client) -> None:
        """The image's HEALTHCHECK says yes where the server answers, and no where it does not."""
        assert http.get("ready").status_code == 200
        command = image.without_rights(image.final.command("HEALTHCHECK"))
        assert any(":8000/ready" in word for word in command)
        for asked, code in ((port, 0), (free_port(), 1)):
            assert container.exec([word.replace(":8000/", f":{asked}/") for word in command]) == code

    def test_stops(self, container: Container, http: httpx.Client) -> None:
        """SIGTERM to the first process of the container ends it with 0, in order."""
        assert http.get("health").status_code == 200
        container.signal(signal.SIGTERM)
        assert container.wait() == 0
