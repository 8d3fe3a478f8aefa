"""Sources, actors, claims and events say what they must, resolve, and give the expected verdicts."""

from __future__ import annotations

import json
import re

import pytest

from geodata import catalog, registry, settings
from tests.claims.expected import EXPECTED

# What the document names, and the feature that stands for it.
NAMED = {
    "¶ 4–11": ["country-iq", "country-us", "baghdad", "al-qaim", "akashat", "tower-22", "al-mashtal", "gov-iq-an"],
    "¶ 11–19": ["baghdad-12th-brigade-hq", "baghdad-belt", "mosul", "gaza", "ain-al-asad", "erbil"],
    "¶ 23–34": ["kurdistan-region", "western-governorates", "north-east-syria", "west-africa", "central-asia"],
    "¶ 30–33": ["al-hol", "roj", "hasakah-prison", "border-wall", "euphrates", "gov-iq-ki", "gov-iq-sd"],
    "countries": [f"country-{code}" for code in ("sy", "jo", "ir", "il", "fr", "es", "gb")],
}

RELATIONS = {
    ("event-strikes-2024-02-03", "in_reaction_to", "event-tower-22-attack"),
    ("event-strike-2024-01-04", "precedes", "event-strikes-2024-02-03"),
    ("event-protest-note-2024", "follows", "event-strikes-2024-02-03"),
    ("event-strike-2024-01-04", "blamed_by", "iraqi-government"),
}

PRIVATE = re.compile(r"pypi\.org|geodata-sources|source-facts|shared/|/work/|/tmp/", re.IGNORECASE)


def names_of(value, key):
    """Give every value that stands under `key` anywhere in a record."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield item
            yield from names_of(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from names_of(item, key)


@pytest.mark.parametrize("where", NAMED)
def test_everything_the_document_names_is_there(where, features):
    assert [id_ for id_ in NAMED[where] if id_ not in features] == []


def test_every_claim_is_there(claims):
    assert set(claims) == set(EXPECTED)


def test_claims_refer_to_what_exists(claims, features, sources):
    for id_, claim in claims.items():
        test = claim["test"]
        named = [*claim["features"], *test.get("candidates", []), *test.get("lines", []), *test.get("events", [])]
        named += [
            test[key] for key in ("of", "line", "within", "from_river", "feature", "country", "area") if key in test
        ]
        assert [name for name in named if name not in features] == [], id_
        assert claim["source"] in sources
        assert set(names_of(test, "source")) <= sources.keys(), id_
        assert set(test.get("contradicted_by", [])) <= sources.keys(), id_


def test_no_verdict_is_stored(claims):
    for claim in claims.values():
        assert list(names_of(claim, "verdict")) == []


def test_no_claim_but_the_refused_one_uses_the_wall(claims):
    for id_, claim in claims.items():
        test = json.dumps(claim["test"])
        assert ("border-wall" in test) == (id_ == "wall-160km")


@pytest.fixture(scope="module")
def tested():
    """The outcome of every claim by id."""
    answer = registry.run("claims", {}, catalog.shipped()).to_dict()
    return {item["id"]: item for item in answer["items"]}


@pytest.mark.parametrize("id_", EXPECTED)
def test_claims_give_the_expected_verdict(id_, tested):
    assert tested[id_]["verdict"] == EXPECTED[id_]


def test_the_prison_is_49_kilometres_away(tested):
    rows = tested["prison-10km"]["table"]
    assert len(rows) == 8
    assert all(40_000 < row["interval_m"][0] < row["interval_m"][1] < 60_000 for row in rows)
    assert tested["prison-10km"]["measured"] == pytest.approx(49.27, abs=0.3)


def test_anbar_has_87_kilometres_of_border_north_of_the_river(tested):
    assert tested["wall-al-qaim-area"]["measured"] == pytest.approx(87.3, abs=1)
    assert tested["wall-on-border"]["measured"] == pytest.approx(367, abs=2)


def test_every_source_row_is_a_record(sources):
    assert len(sources) == 157
    assert sources["hussein-2024"]["kind"] == "document"
    assert sources["hussein-2024"]["title"] is None
    for id_, record in sources.items():
        assert record["collected_at"] == "2026-11-23", id_
        assert record["found_in"], id_


def test_sources_support_what_exists(sources, features, actors, claims, layers):
    known = {*features, *actors, *claims, *layers}
    for id_, record in sources.items():
        assert set(record["supports"]) <= known, id_


def test_mirrors_are_not_cited_by_their_address(sources):
    for id_, record in sources.items():
        assert "mirror" not in (record["outlet"] or ""), id_
        if record["note"] and "Read in a copy" in record["note"]["en"]:
            assert record["url"] is None, id_


def test_nothing_names_our_workshop(sources, features):
    for value in (sources, [item["properties"] for item in features.values()]):
        found = PRIVATE.search(json.dumps(value, ensure_ascii=False))
        assert found is None, found


def test_actors_form_a_tree(actors, sources):
    for id_, actor in actors.items():
        seen, here = {id_}, actor["part_of"]
        while here is not None:
            assert here not in seen, id_
            seen.add(here)
            here = actors[here]["part_of"]
        assert set(actor["sources"]) <= sources.keys(), id_
    assert actors["pmf-12th-brigade"]["part_of"] == "pmf"
    assert actors["pmf"]["part_of"] == "iraqi-armed-forces"
    assert actors["kataib-hizballah"]["part_of"] == "islamic-resistance-in-iraq"


def test_events_refer_to_what_exists(layers, features, actors, sources):
    for event in layers["events"]:
        known = event["properties"]
        assert {*known["actors"], *known["alleged_actors"]} <= actors.keys(), event["id"]
        assert set(known["places"]) <= features.keys(), event["id"]
        assert "hussein-2024" in known["sources"]
        assert all(relation["to"] in {*features, *actors} for relation in known["relations"]), event["id"]
        if known["record_date"]:
            assert known["record_date"]["source"] in sources, event["id"]
        if known["date_start"] and known["date_end"]:
            assert known["date_start"] <= known["date_end"], event["id"]
        if event["geometry"] is None:
            assert known["area"], event["id"]


def test_the_relations_of_the_document_are_there(layers):
    found = {
        (event["id"], relation["type"], relation["to"])
        for event in layers["events"]
        for relation in event["properties"]["relations"]
    }
    assert found >= RELATIONS


def test_counts_contain_every_statement(layers):
    for event in layers["events"]:
        for what in ("killed", "wounded"):
            whole = event["properties"][what]
            for statement in event["properties"]["statements"]:
                count = statement[what]
                if whole and count and count["best"] is not None:
                    assert whole["low"] <= count["best"] <= whole["high"], (event["id"], statement["source"])


def test_words_are_of_the_vocabulary(layers, claims):
    vocabulary = json.loads((settings.SCHEMAS / "vocabulary.json").read_text("utf-8"))
    for words in vocabulary.values():
        assert all(set(label) == {"en", "ar"} for label in words.values())
    for event in layers["events"]:
        assert event["properties"]["event_type"] in vocabulary["event_type"]
    assert {claim["modality"] for claim in claims.values()} <= vocabulary["modality"].keys()
