"""What is called so is found, in any language and spelling, the best first."""

from __future__ import annotations

import pytest
from toy_repository import Toy

from cicakg.annotating.names import Names, Rank, find_names, read_names
from cicakg.errors import CicakgError
from cicakg.paths import DatasetFolder

LIBRARY = """@prefix cica: <https://w3id.org/cicakg/ontology#> .
@prefix id: <https://w3id.org/cicakg/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
id:qairat-omar a cica:Person ;
    skos:prefLabel "Qairat Omar"@en , "Қайрат Омар"@kk ; skos:altLabel "قَيْرات عمر"@ar .
id:omar-as-mayor a cica:Appointment ; skos:prefLabel "Omar as mayor of the old port"@en .
id:port a cica:Place ; skos:prefLabel "Old Port"@en , "المِيناء القديم"@ar .
"""


@pytest.fixture
def names(toy: Toy) -> Names:
    """The names of the toy repository, with a file more."""
    toy.write("data/entities/library.ttl", LIBRARY)
    return read_names(DatasetFolder(toy.root))


def found(names: Names, sought: str) -> list[tuple[str, Rank]]:
    """What is called so, with its rank."""
    return [(hit.entry.curie, hit.rank) for hit in find_names(names, sought)]


@pytest.mark.parametrize(
    "sought",
    ["Qairat Omar", "QAIRAT OMAR", "қайрат омар", "Kairat Omar", "Qayrat Omar", "قيرات عمر", "قيـرات  عمر"],
)
def test_every_spelling_finds_the_person_exactly(names: Names, sought: str) -> None:
    """Three scripts, harakat and tatweel, Cyrillic and Latin Kazakh: one person, first and exact."""
    assert found(names, sought)[0] == ("id:qairat-omar", Rank.EXACT)


def test_ranks_are_in_their_order(names: Names) -> None:
    """The whole name before its beginning or end, before a word inside, before part of a word, before what
    is only alike.
    """
    assert found(names, "Omar")[:2] == [("id:qairat-omar", Rank.EDGE), ("id:omar-as-mayor", Rank.EDGE)]
    assert found(names, "mayor")[0] == ("id:omar-as-mayor", Rank.WORD)
    assert found(names, "port old")[0] == ("id:port", Rank.WORD)
    assert found(names, "aira")[0] == ("id:qairat-omar", Rank.WITHIN)
    assert found(names, "Quirat Omer")[0] == ("id:qairat-omar", Rank.FUZZY)
    ranks = [rank for _, rank in found(names, "old")]
    assert ranks == sorted(ranks)


def test_a_name_that_nothing_has_finds_nothing(names: Names) -> None:
    """No entity is offered for a name unlike all others, nor for no name."""
    assert found(names, "Zzyzx") == []
    assert found(names, "—") == []


def test_a_hit_tells_the_label_it_was_found_by(names: Names) -> None:
    """The label as written, with its tag, and the preferred label in the reader's language."""
    (hit, *_) = find_names(names, "قيرات عمر")
    assert (hit.label.text, hit.label.tag) == ("قَيْرات عمر", "ar")
    assert hit.entry.preferred(["kk"]).text == "Қайрат Омар"
    assert hit.entry.preferred(["ar"]).text == "Qairat Omar"
    assert (hit.entry.kind, hit.entry.iri) == ("cica:Person", "https://w3id.org/cicakg/id/qairat-omar")


def test_concepts_and_terms_are_found_too(names: Names) -> None:
    """Roles, event types and the properties of the ontology have names as well, by label or local name."""
    assert found(names, "memberCount")[0][0] == "cica:memberCount"
    assert "role:member" in [curie for curie, _ in found(names, "member")]


def test_uses_count_claims(names: Names) -> None:
    """The toy articles use the session in 7 claims (5 in Malay and 2 in Arabic as subject, 1 as object)."""
    uses = {entry.curie: entry.uses for entry in names.entries}
    assert uses["id:river-council-first-session"] == 8
    assert uses["id:aminah-yusof"] == 2
    assert uses["id:qairat-omar"] == 0


def test_an_article_that_is_being_written_only_loses_its_counts(toy: Toy) -> None:
    """A broken article is named and left out; a broken entity file is an error that says where."""
    toy.replace("ms", "a cica:Article ;", "a cica:Article")
    names = read_names(DatasetFolder(toy.root))
    assert len(names.unread) == 1
    assert "2031-ms-river-council.ttl" in names.unread[0]
    assert found(names, "River Council")[0] == ("id:river-council", Rank.EXACT)
    toy.replace("data/entities/people.ttl", "id:aminah-yusof a", "id:aminah-yusof b")
    with pytest.raises(CicakgError, match=r"people\.ttl:\d+:\d+"):
        read_names(DatasetFolder(toy.root))
