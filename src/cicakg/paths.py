"""Where the dataset lies, and what the name of a file says.

``<year>-<lang>-<slug>`` names an article and its graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from cicakg.errors import CicakgError
from cicakg.vocab import ARTICLE, GRAPH

SLUG: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<language>[a-z]{2,3})-[a-z0-9]+(?:-[a-z0-9]+)*")
"""The slug of an article: year of publication, language, and words in ASCII, joined by hyphens."""


@dataclass(frozen=True, slots=True)
class DatasetFolder:
    """A folder that holds ``ontology/``, ``data/``, ``shapes/`` and ``queries/``."""

    root: Path

    @property
    def ontology(self) -> Path:
        """The classes, properties and concepts."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The articles, the entities and the list of accepted findings."""
        return self.root / "data"

    @property
    def articles(self) -> Path:
        """The annotated articles, in one folder per year."""
        return self.data / "articles"

    @property
    def entities(self) -> Path:
        """The entities, in one file per kind."""
        return self.data / "entities"

    @property
    def shapes(self) -> Path:
        """The SHACL shapes."""
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        """The example queries."""
        return self.root / "queries"

    @property
    def readings(self) -> Path:
        """The independent readings of articles before they were reconciled; a dataset can be without."""
        return self.data / "readings"

    @property
    def guideline(self) -> Path:
        """How articles are annotated, in Markdown; a dataset can be without."""
        return self.root / "docs" / "annotating.md"

    def is_dataset(self) -> bool:
        """Whether the folder has what a dataset cannot do without."""
        return (self.ontology / "cica.ttl").is_file() and self.data.is_dir()


def find_dataset(explicit: Path | None = None, start: Path | None = None) -> DatasetFolder:
    """Find the dataset to work on.

    *explicit* where given; else the nearest folder that is a dataset, from *start* (the current folder
    where it is not given) upwards; else the dataset inside the installed package; else the checkout that an
    editable install runs from. Raises :class:`CicakgError` (``dataset-not-found``) where *explicit* is no
    dataset, or none is found.
    """
    if explicit is not None:
        return _explicit(explicit)
    for folder in _candidates(start or Path.cwd()):
        if folder.is_dataset():
            return folder
    raise CicakgError(
        "dataset-not-found",
        "No dataset was found: neither here, nor in a folder above, nor in the installed package.",
        "Change into a checkout of the project, or name its folder with --root.",
    )


def _explicit(root: Path) -> DatasetFolder:
    folder = DatasetFolder(root)
    if folder.is_dataset():
        return folder
    raise CicakgError(
        "dataset-not-found",
        f"{root} is not a dataset: it lacks ontology/cica.ttl or data/.",
        "Name the folder that holds ontology/, data/, shapes/ and queries/.",
    )


def _candidates(start: Path) -> Iterator[DatasetFolder]:
    here = start.resolve()
    for root in (here, *here.parents):
        yield DatasetFolder(root)
    package = Path(str(files("cicakg")))
    yield DatasetFolder(package / "dataset")
    yield DatasetFolder(package.parent.parent)


def slug_of(path: Path) -> str:
    """Return the slug an article's file is named by: its name without ``.ttl``."""
    return path.name.removesuffix(".ttl")


def is_article_slug(slug: str) -> bool:
    """Whether *slug* has the form ``<year>-<lang>-<slug>``."""
    return SLUG.fullmatch(slug) is not None


def article_iri(slug: str) -> str:
    """Return the IRI of the article called *slug*; it is the ``@base`` of its file."""
    return ARTICLE + slug


def article_graph(slug: str) -> NamedNode:
    """Return the named graph that holds the annotation of the article called *slug*."""
    return NamedNode(GRAPH + slug)
