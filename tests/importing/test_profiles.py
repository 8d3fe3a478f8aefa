"""The sources whose files are known: what their codes mean, and that nothing of theirs is lost."""

from __future__ import annotations

import pytest

from geodata.catalog import shipped
from geodata.importing import profiles
from geodata.importing.profiles import GDELT, PROFILES
from geodata.model import Feature
from tests.importing.conftest import Bring
from tests.importing.made import acled, acled_file

UCDP = "id,type_of_violence,side_a,side_b,where_prec,where_coordinates,adm_1,latitude,longitude,country,date_prec"
UCDP += ",date_start,date_end,best,high,low,source_office,source_headline"


def ucdp(**given: str) -> str:
    row = dict.fromkeys(UCDP.split(","), "") | {"id": "7", "type_of_violence": "1", "side_a": "A", "side_b": "B"}
    row |= {"where_prec": "1", "where_coordinates": "Hajin", "adm_1": "Dayr az Zawr", "country": "Syria"}
    row |= {"latitude": "34.69", "longitude": "40.83", "date_prec": "1", "date_start": "2018-11-01"}
    row |= {"date_end": "2018-11-01", "best": "3", "low": "1", "high": "5"} | given
    return ",".join(row.values())


def gdelt(**given: str) -> bytes:
    row = dict.fromkeys(GDELT, "") | {"GLOBALEVENTID": "1", "SQLDATE": "20240203", "EventRootCode": "19"}
    row |= {"Actor1Name": "IRAQ", "ActionGeo_Type": "4", "ActionGeo_FullName": "Al Qa'im, Al Anbar, Iraq"}
    row |= {"ActionGeo_Lat": "34.37", "ActionGeo_Long": "41.03", "SOURCEURL": "https://example.org/a"} | given
    return ("\t".join(row.values()) + "\n").encode()


def one(bring: Bring, data: bytes | str, name: str = "a.csv") -> Feature:
    _, layer = bring(data, name)
    return layer.features[0]


def test_an_event_of_acled(bring: Bring) -> None:
    event = one(bring, acled_file(acled()))
    message = event.properties
    assert event.id == "a-irq1"
    assert (message["date_start"], message["date_precision"], message["killed"]["best"]) == ("2024-01-04", "day", 2)
    assert message["actors"] == ["Military Forces of the United States", "Harakat al-Nujaba"]
    assert (message["country_id"], message["governorate"]) == ("country-iq", "gov-iq-an")
    assert message["category"] in shipped().vocabulary()["category"]
    assert len(message["original"]) == 31
    assert message["flags"] == []


@pytest.mark.parametrize("scheme", ["acled", "ucdp", "gdelt", "airwars", "viina"])
def test_every_code_of_precision_becomes_a_radius_or_an_area(scheme: str) -> None:
    codes = profiles.place_precisions(scheme)
    assert codes
    for code, meant in codes.items():
        assert meant.word in shipped().vocabulary()["precision"], code
        assert meant.radius is not None or meant.area in ("country", "governorate"), code


def test_a_code_of_acled_widens_the_place(bring: Bring) -> None:
    radii = []
    for code in "123":
        _, layer = bring(acled_file(acled(geo_precision=code)), layer=f"code-{code}")
        radii.append(layer.features[0].properties["coordinateUncertaintyInMeters"] or layer.features[0].area)
    assert radii[0] < radii[1]
    assert radii[2] == "governorates/gov-iq-an"


@pytest.mark.parametrize(
    ("code", "area"),
    [("1", None), ("2", None), ("4", "governorates/gov-sy-dy"), ("6", "countries/country-sy")],
)
def test_a_code_of_ucdp_becomes_the_area_it_means(bring: Bring, code: str, area: str | None) -> None:
    event = one(bring, f"{UCDP}\n{ucdp(where_prec=code)}\n")
    assert event.area == area
    assert (event.geometry is None) == (area is not None)
    assert event.properties["category"] == "state-based violence"
    assert event.properties["killed"] == {"best": 3, "low": 1, "high": 5}


@pytest.mark.parametrize(("best", "low", "high"), [("3", "4", "5"), ("6", "1", "5"), ("3", "9", "1")])
def test_figures_that_cannot_be_are_flagged_and_kept(bring: Bring, best: str, low: str, high: str) -> None:
    event = one(bring, f"{UCDP}\n{ucdp(best=best, low=low, high=high)}\n")
    assert event.properties["flags"] == ["deaths_inconsistent"]
    assert event.properties["killed"] == {"best": int(best), "low": int(low), "high": int(high)}


def test_a_figure_that_cannot_be_read_is_flagged(bring: Bring) -> None:
    _, layer = bring('lat,lon,killed\n34,41,١٢\n34,41.1,many\n34,41.2,"1,234"\n34,41.3,-2\n34,41.4,\n')
    assert [one.properties["killed"] and one.properties["killed"]["best"] for one in layer.features] == [
        *(12, None, 1234, None, None)
    ]
    assert [one.properties["flags"] for one in layer.features] == [
        [],
        ["unreadable_number"],
        [],
        ["unreadable_number"],
        [],
    ]


def test_an_event_of_gdelt_has_no_header_and_is_a_mention(bring: Bring) -> None:
    event = one(bring, gdelt(), "20240203.export.CSV")
    assert event.properties["category"] == "CAMEO 19"
    assert event.properties["date_start"] == "2024-02-03"
    assert event.properties["reported_by"] == "https://example.org/a"
    assert len(event.properties["original"]) == len(GDELT) == 61
    country = one(bring, gdelt(ActionGeo_Type="1", ActionGeo_FullName="Iraq"), "b.export.csv")
    assert country.area == "countries/country-iq"


def test_what_a_source_is_under_stands_in_the_layer(bring: Bring) -> None:
    _, layer = bring(acled_file(acled()), layer="acled")
    assert layer.licence == PROFILES["acled"].licence
    assert layer.attribution == PROFILES["acled"].attribution
    assert layer.entry["sources"][0].startswith("acled-")


def test_text_that_was_destroyed_before_is_said(bring: Bring) -> None:
    text = "lat,lon,name,notes\n34,41,????? ???,\n34,42,القائم,what???\n34,43,a,b \ufffd c\n34,44,fine,all well?\n"
    _, layer = bring(text)
    assert [one.properties["flags"] for one in layer.features] == [["destroyed_text"], [], ["destroyed_text"], []]
    assert layer.features[0].properties["original"]["name"] == "????? ???"


AIRWARS = (
    "post_id,unique_reference_code,permalink,country,date,grading,latitude,longitude,geolocation_accuracy,strike_status,"
    "civilian_harm_reported,civilians_killed_min,civilians_killed_max\n"
    "1,CI0001,https://example.org/a,iraq,2017-03-17 00:00:00,confirmed,36.34,43.13,Neighbourhood/area,x,1,105,141\n"
    "2,CI0002,https://example.org/b,iraq,2017-03-18 00:00:00,fair,36.35,43.14,something else,x,1,,\n"
)


def test_an_event_of_airwars(bring: Bring) -> None:
    report, layer = bring(AIRWARS, "civcas.csv")
    first, second = (feature.properties for feature in layer.features)
    assert report.profile == "airwars"
    assert layer.features[0].id == "civcas-ci0001"
    assert (first["date_start"], first["killed"]) == ("2017-03-17", {"best": None, "low": 105, "high": 141})
    assert (first["precision"], first["coordinateUncertaintyInMeters"]) == ("locality", 2000)
    assert first["country_id"] == "country-iq"
    # A word that nobody has explained makes no place exact.
    assert second.get("coordinateUncertaintyInMeters") is None
    assert second.get("precision") != "exact"


def test_an_incident_of_atlos(bring: Bring) -> None:
    text = "slug,inserted_at,updated_at,latitude,longitude,sensitive,description,event,more_info,status,date,source_1\n"
    text += 'ABC123,2024-05-03T10:00:00,2024-05-04T10:00:00,34.37,41.03,Graphic Violence,"A fire, filmed",Fire,near,'
    text += "Completed,2024-05-01,https://example.org/a\n"
    report, layer = bring(text, "atlos-export.csv")
    [event] = layer.features
    assert report.profile == "atlos"
    assert (event.id, event.properties["date_start"]) == ("atlos-export-abc123", "2024-05-01")
    assert (event.geometry.x, event.geometry.y) == (41.03, 34.37)
    assert event.properties["original"]["description"] == "A fire, filmed"


def test_an_event_of_viina(bring: Bring) -> None:
    text = "event_id,report_id,location,tempid,source,date,time,url,text,lang,address,longitude,latitude,"
    text += "GEO_PRECISION,GEO_API\n1,2,1,3,liga,20220301,10:15,https://example.org/a,обстріл,ua,Kharkiv,36.23,49.99,STREET,Yandex\n"
    report, layer = bring(text, "events.csv", layer="viina")
    [event] = layer.features
    assert report.profile == "viina"
    assert (event.id, event.properties["date_start"]) == ("viina-1", "2022-03-01")
    assert (event.properties["coordinateUncertaintyInMeters"], event.properties["reported_by"]) == (500, "liga")
