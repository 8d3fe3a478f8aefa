"""What went wrong, as a page says it: a sentence in the page's language that names the field as the page labels it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from geodata import registry
from geodata.errors import BadData, BadValue, MasafaError
from geodata.messages import Message
from webapp.i18n import Isolated, catalogue, language, runs, upright, word

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "accessed_on": "record_accessed_on",
        "aliases": "record_aliases",
        "bands": "bands_km",
        "bbox": "export_bbox",
        "candidates": "test_candidates",
        "chainage": "field_chainage",
        "coordinateUncertaintyInMeters": "edit_radius",
        "crs": "export_crs",
        "dates": "dates_order",
        "deaths_max": "events_most",
        "deaths_min": "events_least",
        "default_uncertainty_m": "line_radius",
        "delimiter": "import_delimiter",
        "direction": "test_word",
        "encoding": "import_encoding",
        "fields": "export_columns",
        "filter": "export_where",
        "file": "import_file",
        "format": "export_format",
        "from": "events_from",
        "gap": "gap_km",
        "geometry": "export_geometry",
        "hxl": "export_hxl",
        "km": "within_km",
        "layer": "field_place",
        "left": "line_left",
        "line": "line_choice",
        "lines": "test_lines",
        "modality": "modality",
        "name_ar": "record_name_ar",
        "name_en": "record_name_en",
        "order": "order",
        "page": "field_page",
        "paragraph": "claim_paragraph",
        "path": "line_path",
        "pillars": "pillars",
        "place": "events_f_place",
        "polygon": "events_f_polygon",
        "properties": "edit",
        "quote_ar": "quote",
        "quote_start": "claim_quote_start",
        "radius": "edit_radius",
        "reported": "test_km",
        "reverse": "reverse",
        "right": "line_right",
        "second": "record_second_reader",
        "separators": "actors_apart",
        "sort": "events_sort",
        "source": "col_source",
        "source_author": "source_author",
        "source_date": "source_date",
        "source_outlet": "col_outlet",
        "source_title": "col_title",
        "source_url": "col_address",
        "sources": "sources",
        "target": "field_target",
        "test": "claim_test",
        "text": "paste",
        "time_zone": "import_time_zone",
        "title": "record_title",
        "to": "events_to",
        "where": "export_where",
        "within": "near_within",
        "zero": "zero_km",
    }
)
"""The text of the label of a field, by the name of its parameter."""
REQUIRED = "allowed.required_by"
NAMES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "default_uncertainty_m": frozenset({"uncertainty_m"}),
        "reported": frozenset({"km"}),
        "filter": frozenset({"where"}),
        "title": frozenset({"title", "source_title"}),
        "path": frozenset({"path", "file"}),
    }
)
"""The fields of a parameter, where a form names them otherwise or has several."""


def localized_message(error: MasafaError, lang: str | None = None) -> Markup:
    """Return what went wrong as a sentence in a language, by default the page's."""
    lang = lang or language()
    if isinstance(error, BadValue):
        text = _of_field(error, lang)
    elif isinstance(error, BadData) and error.pointer in ("", "/"):
        text = error.reason.text(lang)
    else:
        text = _named(error.message, lang).text(lang)
    return escape(runs(_sentence(text, lang), lang))


@pass_context
def field_state(context: Context, name: str, hint: str = "") -> Markup:
    """Return the attributes of a field that tie to it its hint and, where its value was refused, the message.

    The message of a form has the id `problem`.
    """
    problem = context.get("problem")
    parameter = problem.parameter if isinstance(problem, BadValue) else ""
    is_wrong = bool(parameter) and name in NAMES.get(parameter, {parameter})
    ids = " ".join(id_ for id_ in (hint, "problem" if is_wrong else "") if id_)
    described = Markup(' aria-describedby="{}"').format(ids) if ids else Markup("")
    return described + (Markup(' aria-invalid="true"') if is_wrong else Markup(""))


def label(name: str, lang: str) -> str:
    """Return the label of a parameter's field, the title that an analysis gives it, or its name where it has none."""
    key = next((key for key in (FIELDS.get(name, ""), f"record_{name}") if key in catalogue(lang)), None)
    if key is not None:
        return word(key, lang).split(" (")[0]
    declared = (each for analysis in registry.analyses().values() for each in analysis.parameters)
    return next((each.title[lang] for each in declared if each.name == name), f"\u2068{name}\u2069")


def _of_field(error: BadValue, lang: str) -> str:
    field = label(error.parameter, lang)
    if error.code == REQUIRED:
        return word("field_required", lang, field=field)
    values: dict[str, Any] = {"field": field, "allowed": Isolated(runs(_named(error.allowed, lang).text(lang), lang))}
    if not error.value.strip():
        return word("field_empty", lang, **values)
    return word("field_wrong", lang, value=Isolated(f"\u2068{upright(error.value)}\u2069"), **values)


def _named(message: Message, lang: str) -> Message:
    """Return a message whose parameter is named by its label."""
    name = message.parameters.get("parameter")
    return Message(message.code, **{**message.parameters, "parameter": label(name, lang)}) if name else message


def _sentence(text: str, lang: str) -> str:
    """Return a text with a capital letter and a full stop."""
    first, rest = (text[:1].upper(), text[1:]) if lang == "en" else (text[:1], text[1:])
    return first + rest + ("" if rest.endswith((".", "؟", "!", "…", ".\u2069")) else ".")
