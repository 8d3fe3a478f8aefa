"""Files of events made by the tests: small, with everything in them that a reader has to see."""

from __future__ import annotations

ACLED_HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,inter1,"
    "actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)


def acled(id_: str = "IRQ1", **given: str) -> str:
    """Return a row of an ACLED file."""
    row = dict.fromkeys(ACLED_HEADER.split(","), "")
    row |= {"event_id_cnty": id_, "event_date": "04 January 2024", "year": "2024", "time_precision": "1"}
    row |= {"event_type": "Explosions/Remote violence", "sub_event_type": "Shelling/artillery/missile attack"}
    row |= {"actor1": "Military Forces of the United States", "actor2": "Harakat al-Nujaba", "country": "Iraq"}
    row |= {"admin1": "Al Anbar", "location": "Ain al-Asad", "latitude": "33.7857", "longitude": "42.4412"}
    row |= {"geo_precision": "1", "source": "Reuters", "notes": "قصف على القاعدة", "fatalities": "2"}
    row |= {"timestamp": "1704700000"} | given
    return ",".join(f'"{value}"' if "," in value else value for value in row.values())


def acled_file(*rows: str) -> bytes:
    """Return an ACLED file."""
    return "\n".join([ACLED_HEADER, *rows, ""]).encode()
