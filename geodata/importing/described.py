"""What an event is called and said to be: names, type, actors, sources, notes, its id, and the text it is found by."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from geodata.importing import columns
from geodata.importing.columns import folded, is_arabic, joined, mapped
from geodata.importing.meaning import Cells, Meaning
from geodata.importing.texts import ROW

Columns = dict[str, pa.Array]
_DESTROYED = "\ufffd|(^|[\\s,;:(])\\?{3,}($|[\\s,;:).?])"
"""A sign of loss, or a word that is nothing but question marks: "what???" is none."""
NOT_SLUG = "[^a-z0-9]+"
PART = " · "


def described(cells: Cells) -> Columns:
    """Return what is said of each event, and `search`: all of it folded."""
    profile = cells.meaning.profile
    name, arabic = cells.some("name"), cells.some("name_ar")
    in_arabic = mapped(name, is_arabic, pa.bool_())
    nothing = pa.scalar(None, pa.string())
    made: Columns = {
        "name_en": pc.if_else(in_arabic, nothing, name),
        "name_ar": pc.coalesce(arabic, pc.if_else(in_arabic, name, nothing)),
        "category": mapped(cells.some("category"), lambda text: profile.categories.get(text, text), pa.string()),
        "actors": _actors(cells),
        "reported_by": cells.some("source"),
        "country": cells.some("country"),
        "admin1": cells.some("admin1"),
        "notes": joined(cells.all("notes"), PART) if cells.all("notes") else pa.nulls(len(cells), pa.string()),
    }
    return made | {"search": _search(made)}


def _actors(cells: Cells) -> pa.Array:
    held = cells.all("actor")
    return columns.lists(held) if held else pa.array([[]] * len(cells), pa.list_(pa.string()))


def _search(made: Columns) -> pa.Array:
    few = [made[name] for name in ("name_en", "name_ar", "category", "reported_by", "country", "admin1")]
    actors = pc.binary_join(made["actors"], " ")
    # Folded once for each distinct text; notes are mostly distinct.
    short = [columns.folded_distinct(column) for column in (*few, actors)]
    return joined([*short, folded(made["notes"])], " ")


def searchable(table: pa.Table) -> pa.Table:
    """Return events with the text that they are found by."""
    made = {name: table.column(name).combine_chunks() for name in table.schema.names}
    at = table.schema.get_field_index("search")
    return table.set_column(at, table.schema.field(at), _search(made))


def destroyed(made: Columns) -> pa.Array:
    """Tell which rows hold text whose letters were lost before it came here."""
    named = [made[name] for name in ("name_en", "name_ar", "admin1", "notes")]
    texts = joined([*named, pc.binary_join(made["actors"], PART)], " ")
    return pc.fill_null(pc.match_substring_regex(texts, _DESTROYED), False)


def ids(cells: Cells) -> pa.Array:
    """Return the id of each row: the layer's, then the source's own made a slug, or the number of the row."""
    numbers = pc.binary_join_element_wise("row", cells.batch.column(ROW).cast(pa.string()), "-")
    held = cells.one("id")
    own = numbers if held is None else pc.coalesce(slugs(held), numbers)
    return pc.binary_join_element_wise(cells.meaning.layer, own, "-")


def slugs(column: pa.Array) -> pa.Array:
    """Return texts as slugs; null where nothing is left."""
    made = pc.utf8_trim(pc.replace_substring_regex(pc.ascii_lower(column), NOT_SLUG, "-"), "-")
    return pc.if_else(pc.equal(made, ""), pa.scalar(None, pa.string()), made)


def layer_id(name: str) -> str:
    """Return a layer's id made of the name of a file."""
    stem = re.sub(r"\.(gz|zip)\Z", "", name.lower())
    return re.sub(NOT_SLUG, "-", stem.rsplit(".", 1)[0]).strip("-")[:40].strip("-") or "layer"


def kind(meaning: Meaning, dimensions: int) -> str:
    """Return the kind of features: events where they are dated, else places, lines or areas by their dimensions."""
    return "event" if meaning.dated else "area" if dimensions > 0 else "place"
