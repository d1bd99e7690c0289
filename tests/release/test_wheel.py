"""The wheel carries the dataset: installed elsewhere, the tool works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from serving import start_server, stop_server


@dataclass(frozen=True)
class Installed:
    """A wheel installed into a folder of its own, and how to run its command there."""

    wheel: Path
    folder: Path
    elsewhere: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed command from a folder that is no checkout."""
        return subprocess.run(
            [sys.executable, "-P", "-m", "cicakg", *arguments],
            cwd=self.elsewhere,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def environment(self) -> dict[str, str]:
        """The environment in which the installed copy is found before the checkout's."""
        return {**os.environ, "PYTHONPATH": str(self.folder)}


@pytest.fixture(scope="module")
def installed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel, built by pip and installed without its dependencies (the environment has them)."""
    base = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(base), str(project)]
    subprocess.run(build, check=True, capture_output=True, timeout=300)
    wheel = next(base.glob("cicakg-*.whl"))
    folder, elsewhere = base / "site", base / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(folder), str(wheel)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return Installed(wheel, folder, elsewhere)


@pytest.mark.xdist_group("wheel")
class TestWheel:
    """What a user of the wheel gets."""

    def test_carries_the_dataset(self, installed: Installed, project: Path) -> None:
        """Every file of ontology, data, shapes and queries is in the wheel, byte for byte."""
        with zipfile.ZipFile(installed.wheel) as archive:
            for folder in ("ontology", "data", "shapes", "queries"):
                for path in (project / folder).rglob("*"):
                    if path.is_file():
                        inside = f"cicakg/dataset/{path.relative_to(project).as_posix()}"
                        assert archive.read(inside) == path.read_bytes()
            guideline = archive.read("cicakg/dataset/docs/annotating.md")
            assert guideline == (project / "docs" / "annotating.md").read_bytes()

    def test_is_the_installed_copy(self, installed: Installed) -> None:
        """The tests below run the installed package, not the checkout's."""
        code = "import cicakg, cicakg.paths as p; print(cicakg.__file__); print(p.find_dataset().root)"
        done = subprocess.run(
            [sys.executable, "-P", "-c", code],
            cwd=installed.elsewhere,
            env=installed.environment(),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert all(Path(line).is_relative_to(installed.folder) for line in done.stdout.splitlines())

    def test_checks(self, installed: Installed) -> None:
        """`cicakg check` finds nothing wrong with the dataset it carries."""
        done = installed.run("check")
        assert done.returncode == 0, done.stdout + done.stderr

    def test_serves(self, installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
        """`cicakg serve` answers a query over the dataset it carries."""
        monkeypatch.setenv("PYTHONPATH", str(installed.folder))
        monkeypatch.chdir(installed.elsewhere)
        server = start_server(command=(sys.executable, "-P", "-m", "cicakg"))
        try:
            query = urllib.parse.urlencode({"query": "ASK { id:cica a cica:Organization }", "format": "csv"})
            with urllib.request.urlopen(f"{server.endpoint}?{query}", timeout=30) as response:  # noqa: S310  # http on loopback
                assert response.read().strip() == b"true"
        finally:
            stop_server(server)
