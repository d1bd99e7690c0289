"""Where the dataset is found, and what a file's name says."""

from __future__ import annotations

from pathlib import Path

import pytest

from cicakg.errors import CicakgError
from cicakg.paths import article_graph, article_iri, find_dataset, is_article_slug, slug_of


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """The smallest folder that is a dataset."""
    root = tmp_path / "set"
    (root / "ontology").mkdir(parents=True)
    (root / "ontology" / "cica.ttl").touch()
    (root / "data" / "articles" / "2020").mkdir(parents=True)
    return root


def test_an_explicit_folder_is_taken(dataset: Path, tmp_path: Path) -> None:
    """A folder that is named wins over the one one stands in."""
    assert find_dataset(dataset, tmp_path).root == dataset


def test_an_explicit_folder_that_is_no_dataset_is_refused(dataset: Path) -> None:
    """A folder that is named but is no dataset is an error, even inside a dataset."""
    with pytest.raises(CicakgError) as caught:
        find_dataset(dataset / "data", dataset)
    assert caught.value.code == "dataset-not-found"


def test_the_nearest_folder_above_is_taken(dataset: Path) -> None:
    """From anywhere inside a dataset, that dataset is meant."""
    found = find_dataset(start=dataset / "data" / "articles" / "2020")
    assert found.root == dataset.resolve()
    assert found.shapes == dataset.resolve() / "shapes"


def test_elsewhere_the_dataset_of_the_package_is_taken(tmp_path: Path) -> None:
    """Outside any dataset, the one that belongs to the installed package is found."""
    assert find_dataset(start=tmp_path).is_dataset()


@pytest.mark.parametrize(
    ("slug", "is_slug"),
    [
        ("2020-kk-chairmanship-handover", True),
        ("2020-kk-x1", True),
        ("2020-kk", False),
        ("20-kk-x", False),
        ("2020-KK-x", False),
        ("2020-kk-x-", False),
        ("2020-kk-құру", False),
        ("2020-kk-x_y", False),
    ],
)
def test_the_slug_of_an_article_has_year_language_and_words(slug: str, is_slug: bool) -> None:
    """A slug is a year, a language and words in ASCII, joined by single hyphens."""
    assert is_article_slug(slug) is is_slug


def test_a_file_name_gives_the_iris() -> None:
    """The name of an article's file is the end of its IRI and of its graph's."""
    slug = slug_of(Path("data/articles/2020/2020-kk-x.ttl"))
    assert article_iri(slug) == "https://w3id.org/cicakg/article/2020-kk-x"
    assert article_graph(slug).value == "https://w3id.org/cicakg/graph/2020-kk-x"
