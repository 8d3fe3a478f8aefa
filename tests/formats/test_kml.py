"""KML of other programs: tracks, times, and placemarks whose shapes cannot be read."""

from __future__ import annotations

import io

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import BadData
from geodata.formats import kml
from geodata.formats.dataset import Row

NAMESPACES = 'xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"'
GOOD = "<Placemark><name>good</name><Point><coordinates>44,33</coordinates></Point></Placemark>"
BAD = {
    "<Polygon/>": "no ring",
    "<Point/>": "no coordinates",
    "<Point><coordinates> </coordinates></Point>": "no coordinates",
    "<Point><coordinates>44</coordinates></Point>": "longitude 44.0",
    "<Point><coordinates>44,nan</coordinates></Point>": "nan",
    "<Point><coordinates>444,33</coordinates></Point>": "longitude 444.0",
    "<LineString><coordinates>44,33 44,93</coordinates></LineString>": "93.0",
    "<LineString><coordinates>44,33</coordinates></LineString>": "LineString",
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>44,33 45,33</coordinates></LinearRing></outerBoundaryIs>"
    "</Polygon>": "Polygon",
    "<gx:Track/>": "gx:coord",
    "<gx:Track><gx:coord>44 x 0</gx:coord></gx:Track>": "x",
    "<MultiGeometry><Point/></MultiGeometry>": "no coordinates",
}


def rows(inner: str) -> list[Row]:
    text = f"<kml {NAMESPACES}><Document>{inner}</Document></kml>"
    return [row for part in kml.parsed(io.BytesIO(text.encode()), "file") for row in part.rows]


@given(st.lists(st.sampled_from(["good", *BAD]), min_size=1, max_size=6))
def test_a_bad_placemark_is_named_and_the_others_are_read(which: list[str]) -> None:
    text = "".join(GOOD if inner == "good" else f"<Placemark>{inner}</Placemark>" for inner in which)
    if "good" not in which:
        with pytest.raises(BadData, match="placemark 1"):
            rows(text)
        return
    read = rows(text)
    assert len(read) == len(which)
    for number, (inner, row) in enumerate(zip(which, read, strict=True), start=1):
        if inner == "good":
            assert (row.geometry, kml.UNREADABLE in row.properties) == (shapely.Point(44, 33), False)
        else:
            reason = row.properties[kml.UNREADABLE]
            assert row.geometry is None
            assert reason.startswith(f"placemark {number}: ")
            assert BAD[inner] in reason
            assert "list index" not in reason


@given(
    st.lists(st.tuples(st.integers(-180, 180), st.integers(-90, 90)), min_size=1, max_size=9, unique=True),
    st.integers(2000, 2020),
)
def test_a_track_is_a_line_with_its_first_and_last_time(places: list[tuple[int, int]], year: int) -> None:
    times = "".join(f"<when>{year + at}-01-02T03:04:05Z</when>" for at in range(len(places)))
    coords = "".join(f"<gx:coord>{lon} {lat} 100</gx:coord>" for lon, lat in places)
    (row,) = rows(f"<Placemark><gx:Track>{times}{coords}</gx:Track></Placemark>")
    assert row.geometry is not None
    assert list(row.geometry.coords) == places
    assert row.geometry.geom_type == ("LineString" if len(places) > 1 else "Point")
    days = row.properties["date_start"], row.properties["date_end"]
    assert days == (f"{year}-01-02T03:04:05Z", f"{year + len(places) - 1}-01-02T03:04:05Z")


@pytest.mark.parametrize(
    ("inner", "start", "end"),
    [
        ("<TimeStamp><when>2024-02</when></TimeStamp>", "2024-02", "2024-02"),
        ("<TimeSpan><begin>2024</begin><end>2025</end></TimeSpan>", "2024", "2025"),
        ("<TimeSpan><begin>2024</begin></TimeSpan>", "2024", None),
        ("<TimeSpan><end>2024</end></TimeSpan>", None, "2024"),
        ("<TimeSpan/>", None, None),
        ("<gx:TimeStamp><when>2024</when></gx:TimeStamp>", "2024", "2024"),
        ("<LookAt><gx:TimeStamp><when>2020</when></gx:TimeStamp></LookAt>", None, None),
        (
            "<TimeSpan><begin>2024</begin></TimeSpan><ExtendedData><Data name='date_start'><value>2023</value></Data>"
            "</ExtendedData>",
            "2023",
            None,
        ),
    ],
)
def test_times_are_days_of_the_feature(inner: str, start: str | None, end: str | None) -> None:
    (row,) = rows(f"<Placemark>{inner}<Point><coordinates>44,33</coordinates></Point></Placemark>")
    assert (row.properties.get("date_start"), row.properties.get("date_end")) == (start, end)


def test_several_tracks_are_one_shape() -> None:
    track = "<gx:Track><gx:coord>44 33 0</gx:coord><gx:coord>45 33 0</gx:coord></gx:Track>"
    (row,) = rows(f"<Placemark><gx:MultiTrack>{track}{track.replace('33', '34')}</gx:MultiTrack></Placemark>")
    assert row.geometry == shapely.MultiLineString([[(44, 33), (45, 33)], [(44, 34), (45, 34)]])


def test_a_placemark_says_which_folders_it_lies_in() -> None:
    second = GOOD.replace("good", "second")
    read = rows(
        f"{GOOD}<Folder><name>Strikes</name><Style><name>no</name></Style>{second}<Folder><name>2024</name>{GOOD}</Folder>"
        f"<Folder><NetworkLink><name>no</name></NetworkLink>{GOOD}</Folder></Folder>{GOOD}"
    )
    folders = [row.properties.get("folder") for row in read]
    assert folders == [None, "Strikes", "Strikes / 2024", "Strikes", None]


def test_a_folder_of_ours_is_no_column() -> None:
    about = "<ExtendedData><Data name='masafa'><value>{}</value></Data></ExtendedData>"
    [row] = rows(f"<Folder><name>sites</name>{about}{GOOD}</Folder>")
    assert "folder" not in row.properties
