"""What the document says and what it does not: participants, modality, paragraphs, names that are none."""

from __future__ import annotations

import re

import pytest

from scripts.layers import places

EVENTS = {
    "event-hmc-first-session-2024": {
        "actors": ["higher-military-commission", "iraqi-armed-forces", "iraqi-security-forces", "coalition"],
        "alleged_actors": [],
        "paragraphs": [6],
    },
    "event-al-mashtal-2024-02-07": {
        "actors": ["us-forces", "kataib-hizballah", "abu-baqir-al-saadi"],
        "alleged_actors": [],
        "paragraphs": [10],
    },
    "event-airfields-campaign": {
        "actors": ["coalition"],
        "alleged_actors": [],
        "places": ["ain-al-asad", "erbil"],
        "paragraphs": [19],
        "date_start": None,
        "date_end": None,
        "killed": None,
    },
    "event-hmc-resumes-2024-02-11": {"paragraphs": [7]},
    "event-strike-2024-01-04": {"paragraphs": [11], "alleged_actors": ["coalition", "us-forces"]},
}
WORDS = {
    "event-hmc-first-session-2024": (r"senior leaders of the Iraqi army", "كبار قادة الجيش"),
    "event-hmc-resumes-2024-02-11": ("three levels", "ثلاثة مستويات"),
    "event-strike-2024-01-04": ("deputy commander .* and his aide", "نائب قائد .* ومساعده"),
    "event-al-mashtal-2024-02-07": (
        "A US strike targets .* does not say that he was killed",
        "ضربة أمريكية تستهدف .* لا تقول",
    ),
}
NOISE = {
    "place-99072": "موصول",
    "place-163345": "ترطوس",
    "place-170654": "د مشق",
    "place-445694": "بيوك",
    "place-250441": "ئاممان",
    "place-250582": "شهر المفرق",
}


@pytest.mark.parametrize("id_", EVENTS)
def test_an_event_says_who_took_part_and_where_it_stands_in_the_text(id_, features, actors):
    properties = features[id_]["properties"]
    assert {key: properties[key] for key in EVENTS[id_]} == EVENTS[id_]
    assert {*properties["actors"], *properties["alleged_actors"]} <= actors.keys()


@pytest.mark.parametrize("id_", WORDS)
def test_an_event_is_summed_up_as_the_document_has_it(id_, features):
    summary = features[id_]["properties"]["summary"]
    for lang, pattern in zip(("en", "ar"), WORDS[id_], strict=True):
        assert re.search(pattern, summary[lang]), (lang, summary[lang])


def test_nobody_of_the_united_states_sat_in_the_first_session(features):
    text = str(features["event-hmc-first-session-2024"]["properties"]["summary"])
    assert "united-states" not in EVENTS["event-hmc-first-session-2024"]["actors"]
    assert "United States" not in text


def test_iran_is_an_actor_and_a_role_is_ascribed(actors):
    assert actors["iran"]["kind"] == "state"
    assert "ascribed" in actors["abu-baqir-al-saadi"]["office"]["en"]
    assert "تنسبها إليه الوثيقة" in actors["abu-baqir-al-saadi"]["office"]["ar"]


@pytest.mark.parametrize(("id_", "paragraph"), [("hundreds-3500", 4), ("sleeper-cells-4000", 15)])
def test_a_claim_stands_in_its_paragraph(id_, paragraph, claims):
    assert claims[id_]["paragraph"] == paragraph


@pytest.mark.parametrize("id_", ["kirkuk-north", "salah-al-din-north"])
def test_the_northern_governorates_are_desert_in_the_text(id_, claims):
    assert "desert" in claims[id_]["reported"]["text"]["en"]
    assert "الصحراوية" in claims[id_]["reported"]["text"]["ar"]
    assert "desert" in claims[id_]["assumption"]["en"]


def test_another_place_is_no_alias(features):
    assert not {"Rukban", "الركبان"} & set(features["tower-22"]["properties"]["aliases"])
    for id_, alias in NOISE.items():
        assert alias not in features[id_]["properties"]["aliases"]
        assert not places.is_alias(alias, features[id_]["properties"]["name_ar"], int(id_.removeprefix("place-")))


def test_every_alias_in_arabic_passes_the_rule(layers):
    count = 0
    for item in layers["places"]:
        properties = item["properties"]
        for alias in properties["aliases"]:
            if not alias.isascii() and re.search("[\u0621-\u064a]", alias):
                count += 1
                assert places.is_alias(alias, properties["name_ar"], int(item["id"].removeprefix("place-"))), alias
    assert count > 200


@pytest.mark.parametrize(
    ("alias", "name", "expected"),
    [
        ("قامشلو", "القامشلي", True),
        ("الثورة", "الطبقة", True),
        ("عين سفني", "الشيخان", True),
        ("القامشلي", "القامشلي", False),
        ("ناحية سفوان", "سفوان", False),
        ("ناحية سفوان الجديدة", "ناحية سفوان", True),
        ("مدينة حمص", "حمص", False),
        ("كةربالا", "كربلاء", False),
        ("حي ا", "حي", False),
        ("كربلا", "كربلاء", True),
        ("کربلا", "كربلاء", False),
    ],
)
def test_what_may_be_an_alias(alias, name, expected):
    assert places.is_alias(alias, name, 1) is expected
