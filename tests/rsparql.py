"""Jena's ``rsparql``: where it is installed, and how it is started.

Debian's package (libapache-jena-java) has no command of that name, and its classes look for their messages
where they do not stand: the Xerces that Jena brings was moved to another package, its messages were not.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import Final

_DEBIAN: Final = Path("/usr/share/java")
_CORE: Final = "jena-core.jar"
_MESSAGES: Final = "org/apache/jena/ext/xerces/"
_LOOKED_FOR: Final = "xerces/"


def rsparql_command(folder: Path) -> list[str] | None:
    """Return how ``rsparql`` is started, ``None`` where it is not installed; *folder* may be written to.

    It is looked for in PATH, in ``$JENA_HOME/bin``, and among the libraries of Debian, or of
    ``$CICAKG_JENA_JARS`` (folders with jars, separated by colons).
    """
    home = os.environ.get("JENA_HOME")
    found = shutil.which("rsparql") or (shutil.which("rsparql", path=f"{home}/bin") if home else None)
    if found is not None:
        return [found]
    java = shutil.which("java")
    jars = [Path(one) for one in os.environ.get("CICAKG_JENA_JARS", str(_DEBIAN)).split(":")]
    core = next((one / _CORE for one in jars if (one / _CORE).is_file()), None)
    if java is None or core is None:
        return None
    _place_messages(core, folder)
    found_jars = [str(jar) for one in jars for jar in sorted(one.glob("*.jar")) if _is_wanted(jar.name)]
    return [java, "-cp", ":".join([str(folder), *found_jars]), "arq.rsparql"]


def _is_wanted(name: str) -> bool:
    """Say whether a jar belongs on the class path: of the ways to log, which exclude each other, one."""
    return name in {"slf4j-api.jar", "slf4j-nop.jar"} or not name.startswith(
        ("slf4j", "log4j", "jcl-", "jul-")
    )


def _place_messages(core: Path, folder: Path) -> None:
    with zipfile.ZipFile(core) as archive:
        for name in archive.namelist():
            if name.startswith(_MESSAGES) and name.endswith(".properties"):
                target = folder / _LOOKED_FOR / name.removeprefix(_MESSAGES)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
