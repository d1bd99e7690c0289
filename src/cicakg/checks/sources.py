"""Which files a check reads, and about which of them it reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cicakg.corpus import source_paths
from cicakg.errors import CicakgError
from cicakg.model import FileKind
from cicakg.paths import DatasetFolder, is_article_slug, slug_of


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, and the place in the dataset it is read as standing at."""

    path: Path
    kind: FileKind
    place: Path


@dataclass(frozen=True, slots=True)
class Selection:
    """The files of a check: all that are read, the shapes, and those reported on (``None`` is all)."""

    sources: tuple[Source, ...]
    shapes: tuple[Path, ...]
    reported: frozenset[Path] | None

    def reports_on(self, path: Path) -> bool:
        """Whether findings in the file at *path* are to be reported."""
        return self.reported is None or path.resolve() in self.reported


def select(folder: DatasetFolder, given: Sequence[Path], unsaved: Collection[Path] = ()) -> Selection:
    """Select the files of a check of *folder*, reporting on the files and folders *given* (all, if none).

    A Turtle file from outside the dataset is read as if it stood in data/articles, instead of the article
    of the same name. What is *unsaved* in an editor, by resolved path, need not exist yet. Raises
    :class:`CicakgError` where a file given does not exist, or holds nothing to check.
    """
    sources = [Source(path, kind, path) for path, kind in source_paths(folder)]
    sources.extend(_new_sources(folder, unsaved))
    sources.sort(key=lambda one: one.path)
    shapes = tuple(sorted(one for one in folder.shapes.glob("*.ttl") if _is_shown(one)))
    if not shapes:
        raise CicakgError(
            "shapes-missing",
            f"There are no shapes in {folder.shapes}, so hardly anything could be checked.",
            "Restore the folder shapes/ of the dataset.",
        )
    if not given:
        return Selection(tuple(sources), shapes, None)
    known = {one.resolve(): one for one in [source.path for source in sources] + list(shapes)}
    known[exceptions_path(folder).resolve()] = exceptions_path(folder)
    reported: set[Path] = set()
    for path in given:
        inside = _known_files(path, known)
        outside = [] if inside else list(_turtle_files(path, unsaved))
        reported.update(inside, (one.resolve() for one in outside))
        sources = _with(sources, (_outside(folder, one, sources) for one in outside))
        if not inside and not outside:
            raise _nothing(path)
    return Selection(tuple(sorted(sources, key=lambda one: one.place)), shapes, frozenset(reported))


def is_whole(path: Path) -> bool:
    """Whether the shapes in the file at *path* need more than one article: level 3."""
    return path.name.startswith("corpus")


def exceptions_path(folder: DatasetFolder) -> Path:
    """Return the path of the list of accepted findings."""
    return folder.data / "exceptions.toml"


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".")


def _known_files(path: Path, known: Iterable[Path]) -> list[Path]:
    resolved = path.resolve()
    return [one for one in known if one == resolved or resolved in one.parents]


def _new_sources(folder: DatasetFolder, unsaved: Collection[Path]) -> Iterator[Source]:
    """Yield the files of the dataset that an editor holds and that were never saved."""
    for path in sorted(unsaved):
        if path.suffix == ".ttl" and not path.name.startswith(".") and not path.exists():
            if folder.articles.resolve() in path.parents:
                yield Source(path, FileKind.ARTICLE, path)
            elif path.parent in (folder.entities.resolve(), folder.ontology.resolve()):
                is_entities = path.parent == folder.entities.resolve()
                yield Source(path, FileKind.ENTITIES if is_entities else FileKind.ONTOLOGY, path)


def _turtle_files(path: Path, unsaved: Collection[Path]) -> Iterator[Path]:
    if path.suffix == ".ttl" and path.resolve() in unsaved:
        yield path
        return
    if not path.exists():
        raise CicakgError(
            "file-not-found", f"{path} does not exist.", "See whether its name is spelt rightly."
        )
    if path.is_dir():
        yield from sorted(one for one in path.rglob("*.ttl") if not one.name.startswith("."))
    elif path.suffix == ".ttl":
        yield path


def _outside(folder: DatasetFolder, path: Path, sources: Sequence[Source]) -> Source:
    for one in sources:
        if one.kind is FileKind.ARTICLE and one.place.name == path.name:
            return Source(path, FileKind.ARTICLE, one.place)
    slug = slug_of(path)
    year = slug[:4] if is_article_slug(slug) else ""
    return Source(path, FileKind.ARTICLE, folder.articles / year / path.name)


def _with(sources: Sequence[Source], added: Iterable[Source]) -> list[Source]:
    by_place = {one.place: one for one in sources}
    by_place.update({one.place: one for one in added})
    return list(by_place.values())


def _nothing(path: Path) -> CicakgError:
    if path.is_dir():
        return CicakgError(
            "nothing-to-check",
            f"{path} holds no Turtle file (*.ttl).",
            "Name a folder of the dataset, or annotated articles.",
        )
    return CicakgError(
        "nothing-to-check", f"{path} is not a Turtle file (*.ttl).", "Name a file that ends in .ttl."
    )
