"""The drawings beside a claim: where bars, marks, dots and hands stand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp import charts
from webapp.result_cache import ask

CLAIMS = {item["id"]: item for item in ask("claims", {}).to_dict()["items"]}


def test_reported_and_measured_share_one_axis() -> None:
    drawn = charts.of(CLAIMS["prison-10km"])
    assert drawn["measured_display"] == {"number": "49 ± 3", "unit": "km"}
    chart = drawn["chart"]
    ticks = [tick["text"] for tick in chart["ticks"]]
    assert ticks == ["0", "20", "40", "60"]
    # 10 is reported as 5 to 15; the axis of 260 units ends at 60 km.
    reported = chart["reported"]
    assert reported["x"] == pytest.approx(5 / 60 * 260, abs=0.1)
    assert reported["width"] == pytest.approx(10 / 60 * 260, abs=0.1)
    assert reported["mark"] == pytest.approx(10 / 60 * 260, abs=0.1)
    assert chart["measured"]["mark"] == pytest.approx(49.27 / 60 * 260, abs=0.2)


@pytest.mark.parametrize("id_", CLAIMS)
def test_nothing_stands_outside_its_drawing(id_: str) -> None:
    chart = charts.of(CLAIMS[id_])["chart"]
    if chart is None or chart["kind"] != "bar":
        return
    for bar in (chart["reported"], chart["measured"]):
        if bar:
            assert 0 <= bar["x"] <= bar.get("mark", bar["x"]) <= bar["x"] + bar["width"] + 0.2 <= charts.WIDTH + 2.2
    assert all(0 <= dot <= charts.WIDTH for dot in chart["dots"])
    assert 3 <= len(chart["ticks"]) <= 8


def test_a_direction_is_a_dial() -> None:
    drawn = charts.of(CLAIMS["ain-al-asad-west"])
    chart = drawn["chart"]
    assert drawn["measured_display"] == {"number": "304 ± 3", "unit": "°"}
    assert chart["azimuth_deg"] == pytest.approx(305, abs=1)
    assert chart["kind"] == "dial"
    x, y = (float(part) for part in chart["hand"].split("L")[1].split())
    assert math.degrees(math.atan2(x - 24, 24 - y)) % 360 == pytest.approx(chart["azimuth_deg"], abs=0.5)
    assert (chart["low"], chart["high"]) == (225, 315)


def test_a_relation_has_no_drawing() -> None:
    drawn = charts.of(CLAIMS["strikes-order"])
    assert (drawn["measured_display"], drawn["chart"]) == (None, None)
    assert [one["date"] for one in drawn["others"]] == ["2024-01-04", "2024-01-28", "2024-02-03"]


def test_what_others_stated_is_never_measured() -> None:
    for claim in CLAIMS.values():
        drawn = charts.of(claim)
        if claim["basis"] == "statements":
            assert drawn["measured_display"] is None, claim["id"]
            assert drawn["interval_display"] is None, claim["id"]
            assert not (drawn["chart"] or {}).get("measured"), claim["id"]
        else:
            assert drawn["stated_display"] is None, claim["id"]
        assert len(drawn["others"]) == len(claim["statements"])
        for one, record in zip(drawn["others"], claim["statements"], strict=True):
            assert one["source"] == record.get("source")
            assert bool(one["figure"]) == bool({"value", "low", "high"} & set(record)), record


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.none(), st.integers(0, 10**6)), st.one_of(st.none(), st.integers(0, 10**6)))
def test_a_stated_figure_keeps_its_open_end(low: int | None, high: int | None) -> None:
    shown = charts._figure({"low": low, "high": high})
    if low is None and high is None:
        assert shown is None
        return
    assert shown is not None
    numbers = [int(part.replace(",", "")) for part in shown.strip("≤≥ ").split("–")]
    assert numbers == list(dict.fromkeys(end for end in (low, high) if end is not None))
    assert shown.startswith("≤") == (low is None)
    assert shown.startswith("≥") == (high is None)


@pytest.mark.parametrize("most", [0.003, 0.9, 1, 7, 15, 99, 100, 160, 3500, 99_999])
def test_an_axis_ends_beyond_the_most_on_a_round_step(most: float) -> None:
    top, step = charts._axis(most)
    assert top >= most
    assert top / step == pytest.approx(round(top / step))
    assert 3 <= len(charts._ticks(top, step)) <= 8
