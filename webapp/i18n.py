"""Which language a page speaks, and its words: `lang` in the address, else Accept-Language, else Arabic."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from geodata.analysis.number_format import kilometres, radius
from geodata.messages import parse, rendered
from webapp.bidi import isolated
from webapp.language_parts import attribute, marked

LANGUAGES = ("ar", "en")
LOCALES = Path(__file__).parent / "locales"
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d{2}))?")
_ISOLATES = "\u2066\u2067\u2068\u2069"
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), 0x200B, 0x2060, 0xFEFF])


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return the words of a language by key."""
    words: Mapping[str, str] = json.loads((LOCALES / f"{lang}.json").read_text("utf-8"))
    return words


def language() -> str:
    """Return the language of this request."""
    requested = request.args.get("lang")
    if requested in LANGUAGES:
        return requested
    g.negotiated = True
    return request.accept_languages.best_match(LANGUAGES) or "ar"


class Isolated(str):
    """A text that keeps its own direction wherever it is put."""

    __slots__ = ()


def word(key: str, lang: str | None = None, **values: Any) -> str:
    """Return the words of a key in the language of the request, values put in."""
    lang = lang or language()
    text = catalogue(lang)[key]
    if not values:
        return text
    return rendered(
        parse(text), values, lang, lambda value, lang: str(_value(value, lang)), lambda value: _count(value, lang)
    )


def _count(value: Any, lang: str) -> str:
    return f"{value:,}" if isinstance(value, int) else str(_value(value, lang))


def _value(value: Any, lang: str) -> Any:
    """Return a date as a page of a language shows it, and in Arabic what reads left to right isolated."""
    if not isinstance(value, str) or isinstance(value, Markup | Isolated):
        return value
    if _DATE.fullmatch(value.strip(_ISOLATES)):
        return date_text(value.strip(_ISOLATES), lang)
    return f"\u2066{value}\u2069" if _DATE.match(value) else runs(value, lang)


def date_text(iso: str, lang: str) -> str:
    """Return a day or a month as it is shown: in Arabic by both names of the month, else as ISO."""
    parts = _DATE.fullmatch(iso)
    if lang != "ar" or parts is None:
        return f"\u2066{iso}\u2069"
    year, month, day = parts.groups()
    written = f"{catalogue('ar')[f'month_{int(month)}']} {year}"
    return f"{int(day)} {written}" if day else written


def date_shown(iso: str | None, lang: str) -> Markup:
    """Return a date of the data as an element that keeps its own direction; nothing where there is none."""
    if not iso:
        return Markup("")
    is_named = lang == "ar" and _DATE.fullmatch(iso)
    text, direction = (date_text(iso, lang), "rtl") if is_named else (iso, "ltr")
    return Markup('<bdi dir="{}">{}</bdi>').format(direction, text)


def runs(text: str, lang: str) -> str:
    """Return a text of the data as a page of a language shows it: in Arabic, coordinates and intervals isolated."""
    return isolated(text) if lang == "ar" else text


def other_language(lang: str) -> str:
    """Return this address in the other language: the same view, switched in place."""
    query = {**request.args.to_dict(), "lang": "en" if lang == "ar" else "ar"}
    # One slash to begin with: a browser takes //name for another host.
    return f"/{quote(request.path.lstrip('/'))}?{urlencode(query)}"


def quantity(display: Mapping[str, str] | None, lang: str) -> Markup:
    """Return number and unit: the number reads left to right, the unit follows as the sentence runs."""
    if not display:
        return Markup('<span class="qty none">{}</span>').format(word("no_position", lang))
    key = f"unit_{display['unit']}"
    unit = word(key, lang, count=display["number"]) if key in catalogue(lang) else display["unit"]
    number = Markup('<bdi dir="ltr">{}</bdi>').format(display["number"])
    if display["unit"] == "°":
        return Markup('<span class="qty"><bdi dir="ltr">{}°</bdi></span>').format(display["number"])
    return Markup('<span class="qty">{}&nbsp;{}</span>').format(number, escape(unit))


def upright(value: Any) -> Any:
    """Return a text without the marks that turn the direction of what follows, or hide in it; else the value itself."""
    return value.translate(_TURNING) if isinstance(value, str) else value


@pass_context
def _parts(context: Context, text: Any) -> Markup:
    """Return a text as an element shows it: what is in the other language of it marked as such."""
    lang = context["lang"]
    if isinstance(text, Markup):
        return text
    if text is None:
        return Markup("")
    return marked(upright(str(text)), lang)


@pass_context
def _lang_attr(context: Context, text: str | None) -> Markup:
    """Return the `lang` of an element that holds only this text, where it is in the other language."""
    return attribute(text, context["lang"])


def wire(app: Flask) -> None:
    """Give the templates their words, and tell caches that a page depends on the language."""
    app.jinja_env.finalize = upright
    app.jinja_env.filters["runs"] = lambda text: runs(text, language())
    app.jinja_env.filters["parts"] = _parts
    app.jinja_env.filters["lang_attr"] = _lang_attr

    @app.context_processor
    def _words() -> dict[str, Any]:
        lang = language()
        return {
            "lang": lang,
            "dir": "rtl" if lang == "ar" else "ltr",
            "t": lambda key, **values: word(key, lang, **values),
            "day": lambda iso: date_shown(iso, lang),
            "qty": lambda display: quantity(display, lang),
            "radius_of": radius,
            "km_of": lambda metres: kilometres(metres, metres, metres),
            "other_language": other_language(lang),
        }

    @app.after_request
    def _vary(response: Response) -> Response:
        if g.get("negotiated"):
            response.vary.add("Accept-Language")
        return response
