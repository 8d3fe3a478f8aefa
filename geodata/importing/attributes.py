"""Attributes of an event: names, type, actors, sources, notes, its id and its search text."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.importing import actors, columns
from geodata.importing.columns import coded, decoded, folded, is_arabic, joined, mapped, trimmed
from geodata.importing.delimited import ROW
from geodata.importing.meaning import Cells, Meaning
from geodata.store import event_schema

Columns = dict[str, pa.Array]
_DESTROYED = "\ufffd|(^|[\\s,;:(])\\?{3,}($|[\\s,;:).?])"
"""A sign of loss, or a word that is nothing but question marks: "what???" is none."""
_SIGNS = ("\ufffd", "???")
NOT_SLUG = "[^a-z0-9]+"
PART = " · "


def described(cells: Cells) -> Columns:
    """Return the attributes of each event, except its notes."""
    profile = cells.meaning.profile
    name, arabic = cells.some("name"), cells.some("name_ar")
    named = mapped(name, lambda text: text if is_arabic(text) else None, pa.string())
    return {
        "name_en": mapped(name, lambda text: None if is_arabic(text) else text, pa.string()),
        "name_ar": coded(pc.coalesce(decoded(arabic), decoded(named))),
        "category": mapped(cells.some("category"), lambda text: profile.categories.get(text, text), pa.string()),
        "actors": _actors(cells),
        "reported_by": cells.some("source"),
        "country": cells.some("country"),
        "admin1": cells.some("admin1"),
    }


def notes(fields: Columns, meaning: Meaning) -> pa.Array:
    """Return the notes of events, joined from the columns of the file that hold them."""
    texts = [trimmed(fields[f"{event_schema.ORIGINAL}{name}"]) for name in meaning.roles.get("notes", ())]
    return joined(texts, PART) if texts else pa.nulls(len(fields["id"]), pa.string())


def _actors(cells: Cells) -> pa.Array:
    actor_columns = cells.all("actor")
    return (
        columns.lists(actor_columns, actors.tokens(cells.meaning.separators))
        if actor_columns
        else pa.array([[]] * len(cells), pa.list_(pa.string()))
    )


def search(fields: Columns) -> pa.Array:
    """Return the search text of events: all their attributes, folded."""
    few = [fields[name] for name in ("name_en", "name_ar", "category", "reported_by", "country", "admin1")]
    actors = pc.binary_join(fields["actors"], " ")
    # Folded once for each distinct text; notes are mostly distinct.
    short = [folded(coded(column)) for column in (*few, actors)]
    return joined([*short, folded(fields["notes"])], " ")


def searchable(table: pa.Table) -> pa.Table:
    """Return events with their search text."""
    fields = {name: table.column(name).combine_chunks() for name in table.schema.names}
    at = table.schema.get_field_index("search")
    return table.set_column(at, table.schema.field(at), search(fields))


def destroyed(fields: Columns, notes: Sequence[pa.Array]) -> NDArray[np.bool_]:
    """Tell which rows have text whose characters were lost before the import."""
    actors = fields["actors"]
    mask = np.zeros(len(actors), dtype=bool)
    for column in (*(fields[name] for name in ("name_en", "name_ar", "admin1")), *notes):
        mask |= _lost(column)
    mask[pc.list_parent_indices(actors).to_numpy()[_lost(actors.flatten())]] = True
    return mask


def _lost(column: pa.Array) -> NDArray[np.bool_]:
    if pa.types.is_dictionary(column.type):
        by_row: NDArray[np.bool_] = np.append(_lost(column.dictionary), False)[columns.places(column)]
        return by_row
    # The expression is slow and hardly any text matches: first scan the bytes of all texts at once.
    letters = np.frombuffer(column.buffers()[2] or b"", dtype=np.uint8)
    signs = [sign.encode() for sign in _SIGNS]
    if not any((letters == sign[0]).any() for sign in signs) or not any(sign in letters.tobytes() for sign in signs):
        return np.zeros(len(column), dtype=bool)
    matches: NDArray[np.bool_] = (
        pc.match_substring_regex(column, _DESTROYED).fill_null(False).to_numpy(zero_copy_only=False)
    )
    return matches


def ids(cells: Cells) -> pa.Array:
    """Return the id of each row: the layer's id, then the source's id as a slug, or the row number."""
    source_ids = cells.first("id")
    own = pa.nulls(len(cells), pa.string()) if source_ids is None else slugs(decoded(source_ids))
    if own.null_count:
        own = pc.coalesce(own, pc.binary_join_element_wise("row", cells.batch.column(ROW).cast(pa.string()), "-"))
    return pc.binary_join_element_wise(cells.meaning.layer, own, "-")


def slugs(column: pa.Array) -> pa.Array:
    """Return texts as slugs; null where nothing is left."""
    lower = pc.ascii_lower(column)
    if pc.all(pc.ascii_is_alnum(lower)).as_py():
        return lower
    hyphenated = pc.utf8_trim(pc.replace_substring_regex(lower, NOT_SLUG, "-"), "-")
    return pc.if_else(pc.equal(hyphenated, ""), pa.scalar(None, pa.string()), hyphenated)


def layer_id(name: str) -> str:
    """Return a layer id derived from the name of a file."""
    stem = re.sub(r"\.(gz|zip)\Z", "", name.lower())
    return re.sub(NOT_SLUG, "-", stem.rsplit(".", 1)[0]).strip("-")[:40].strip("-") or "layer"


def layer_title(name: str) -> str:
    """Return a layer title derived from the name of a file: without extensions, spaces for underscores."""
    stem = re.sub(r"\.(gz|zip)\Z", "", name, flags=re.IGNORECASE)
    return " ".join(re.sub(r"\.\w{1,10}\Z", "", stem).replace("_", " ").split()) or name


def kind(meaning: Meaning, dimensions: int) -> str:
    """Return the kind of features: events where they are dated, else places, lines or areas by their dimensions."""
    return "event" if meaning.dated else "area" if dimensions > 0 else "place"
