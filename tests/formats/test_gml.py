"""GML: features of other programs, and that nothing but the file itself is opened."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
import shapely

from geodata import sandbox
from geodata.errors import BadData
from geodata.formats import gml
from geodata.formats.dataset import Row
from geodata.formats.registry import READABLE

SPACES = (
    'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="urn:app" xmlns:wfs="http://www.opengis.net/wfs/2.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
POINT = '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326" gml:id="p"><gml:pos>33.25 44.5</gml:pos></gml:Point>'
XSD = """<?xml version="1.0"?><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:app"
 xmlns:app="urn:app" xmlns:gml="http://www.opengis.net/gml/3.2"><xs:element name="town" type="app:townType"
 substitutionGroup="gml:AbstractFeature"/><xs:complexType name="townType"><xs:complexContent>
 <xs:extension base="gml:AbstractFeatureType"><xs:sequence><xs:element name="code" type="xs:integer"/></xs:sequence>
 </xs:extension></xs:complexContent></xs:complexType></xs:schema>"""


def written(path: Path, inner: str, attributes: str = "", before: str = "") -> Path:
    path.write_text(
        f"{before}<wfs:FeatureCollection {SPACES} {attributes}>{inner}</wfs:FeatureCollection>", encoding="utf-8"
    )
    return path


def member(cells: str, shape: str = POINT, id_: str = "t1") -> str:
    return (
        f'<wfs:member><app:town gml:id="{id_}"><gml:boundedBy><gml:Envelope><gml:lowerCorner>33 44</gml:lowerCorner>'
        f"<gml:upperCorner>33 44</gml:upperCorner></gml:Envelope></gml:boundedBy>{cells}<app:place>{shape}</app:place>"
        "</app:town></wfs:member>"
    )


def rows(path: Path) -> list[Row]:
    [part] = gml.load(path)
    return list(part.rows)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "towns.gml"


@pytest.fixture
def port() -> Iterator[socket.socket]:
    """Yield a socket that listens, and check that nobody called."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_features_are_read_with_their_texts(path: Path) -> None:
    written(path, member("<app:code>007</app:code><app:name>القائم</app:name><app:day>2024-05-01</app:day>"))
    [row] = rows(path)
    # Of this system the axes are latitude and longitude.
    assert row.geometry == shapely.Point(44.5, 33.25)
    assert row.properties == {"gml_id": "t1", "code": "007", "name": "القائم", "day": "2024-05-01"}
    assert gml.load(path)[0].types == {}


def test_what_gdal_writes_is_read(path: Path) -> None:
    field = pa.field("geom", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    shape = shapely.Point(500_000, 3_700_000)
    table = pa.Table.from_pydict(
        {"name": ["a"], "geom": [shape.wkb]}, schema=pa.schema([pa.field("name", pa.string()), field])
    )
    pyogrio.write_arrow(
        table, path, layer="towns", driver="GML", geometry_type="Point", geometry_name="geom", crs="EPSG:32638"
    )
    [row] = rows(path)
    assert shapely.equals_exact(row.geometry, shapely.Point(45, 33.44), 0.01)
    assert row.properties["name"] == "a"


@pytest.mark.parametrize("kind", ["/vsicurl/http", "http", "/vsicurl_streaming/http"])
@pytest.mark.parametrize("attribute", ["xsi:schemaLocation", "xsi:noNamespaceSchemaLocation"])
def test_no_address_of_a_schema_is_called(kind: str, attribute: str, path: Path, port: socket.socket) -> None:
    address = f"{kind}://127.0.0.1:{port.getsockname()[1]}/a.xsd"
    written(path, member("<app:code>007</app:code>"), f'{attribute} = "urn:app {address}"')
    assert rows(path)[0].properties["code"] == "007"


def test_no_reference_is_followed(path: Path, port: socket.socket) -> None:
    address = f"http://127.0.0.1:{port.getsockname()[1]}/a.gml#x"
    for target in (address, f"/vsicurl/{address}", "file:///etc/passwd", "/etc/passwd#x"):
        cells = f'<app:code>007</app:code><app:near xlink:href="{target}"/>'
        written(path, member(cells) + member(cells, f'<gml:pointProperty xlink:href="{target}"/>', "t2"))
        assert "root:" not in str(rows(path))


@pytest.mark.parametrize("where", ["named", "beside"])
def test_no_schema_on_the_disk_is_read(where: str, path: Path) -> None:
    schema = path.with_suffix(".xsd") if where == "beside" else path.parent / "other.xsd"
    schema.write_text(XSD)
    location = f'xsi:schemaLocation="urn:app {schema}"' if where == "named" else ""
    written(path, member("<app:code>007</app:code>"), location)
    # Of an integer 7 would be left.
    assert rows(path)[0].properties["code"] == "007"
    assert sorted(one.name for one in path.parent.iterdir()) == sorted([path.name, schema.name])


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
ENTITY = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
EXTERNAL = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{LAUGHS}<x xmlns:gml='http://www.opengis.net/gml'>&b;</x>", "can be read"),
        (f"{ENTITY}<x xmlns:gml='http://www.opengis.net/gml'>&b;</x>", "can be read"),
        (f"{EXTERNAL}<x xmlns:gml='http://www.opengis.net/gml'/>", "can be read"),
        ("<a>" * 70, "nested deeper"),
        ("<kml/>", "no element of the namespace"),
        ("", "can be read"),
        (f"<x {SPACES}><gml:featureMember/></x>", "."),
    ],
)
def test_what_is_no_gml_is_refused(text: str, said: str, path: Path) -> None:
    path.write_text(text)
    with pytest.raises(BadData, match=said) as refused:
        gml.load(path)
    assert "root:" not in str(refused.value)
    assert str(path.parent) not in str(refused.value)


def test_a_text_of_two_bytes_a_letter_is_refused(path: Path) -> None:
    # Its attributes could not be told from others.
    text = f'<?xml version="1.0" encoding="UTF-16"?><x {SPACES}>{member("")}</x>'
    path.write_bytes(text.encode("utf-16"))
    with pytest.raises(BadData, match="UTF-16"):
        gml.load(path)


def test_a_file_too_large_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gml, "MAX_BYTES", 10)
    with pytest.raises(BadData, match="at most 10"):
        gml.load(written(path, member("")))


def test_a_process_apart_reads_the_same(path: Path) -> None:
    written(path, member("<app:code>007</app:code>"))
    [part] = sandbox.read(READABLE["gml"], path)
    assert [(row.geometry, row.properties) for row in part.rows] == [
        (shapely.Point(44.5, 33.25), {"gml_id": "t1", "code": "007"})
    ]
