"""The digits that an Arabic page is written in: 0–9, or ٠–٩ where the reader has chosen them.

What is read is written so; what a machine reads keeps 0–9: ids, addresses, coordinates, dates as ISO, what a field
holds, code, and every download. So does a quotation: it is shown as its source wrote it. The twin for what scripts
write is webapp/static/js/ui/digits.js.
"""

from __future__ import annotations

import re

from flask import Blueprint, Flask, Response, redirect, request

from webapp.auth import local_address
from webapp.i18n import language

COOKIE = "masafa-digits"
ARABIC, LATIN = "arab", "latn"
"""The numbering systems of CLDR that may be chosen."""
DAYS = 365
blueprint = Blueprint("digits", __name__)

_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_FINE = r"[-−+]?\d+[.٫]\d+"
_KEPT = re.compile(
    r"&#?\w+;"
    r"|[\w./:@#-]*[A-Za-z][\w./:@#-]*"
    r"|\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2})?)?"
    rf"|{_FINE}°?\s*[,،;؛]\s*{_FINE}°?",
    re.ASCII,
)
"""Character references, ids and addresses, dates as ISO, coordinates."""
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?", re.ASCII)
_LATIN_LETTER, _ARABIC_LETTER = re.compile("[A-Za-z]"), re.compile("[\u0621-\u064a]")
_ISOLATED = re.compile("\u2066([^0-9A-Za-z\u2066-\u2069]*)\u2069")
"""٠–٩ read from right to left among Arabic words; Chromium draws the first of them apart behind an isolate."""
_REFERENCE = re.compile(r"&#?\w+;")
_KEPT_ELEMENTS = "script|style|textarea|code|pre|kbd|q"
_PARTS = re.compile(rf"(<!--.*?-->|<({_KEPT_ELEMENTS})\b.*?</\2>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_READ = re.compile(r'(\s(?:aria-label|aria-valuetext|title|placeholder|data-label)=")([^"]*)(")')


def arabic_digits(text: str) -> str:
    """Return a text with ٠–٩ for 0–9, and the signs that go with them; a text in Latin letters alone is left.

    >>> arabic_digits("من 1,234.5 كم في 2024-02-03 عند al-hol-2")
    'من ١٬٢٣٤٫٥ كم في 2024-02-03 عند al-hol-2'
    """
    if _LATIN_LETTER.search(_REFERENCE.sub("", text)) and not _ARABIC_LETTER.search(text):
        return text
    parts, end = [], 0
    for kept in _KEPT.finditer(text):
        parts += [_NUMBER.sub(_written, text[end : kept.start()]), kept[0]]
        end = kept.end()
    return _ISOLATED.sub(r"\1", "".join([*parts, _NUMBER.sub(_written, text[end:])]))


def _written(number: re.Match[str]) -> str:
    return number[0].replace(",", "٬").replace(".", "٫").translate(_DIGITS)


def page_in_arabic_digits(page: str) -> str:
    """Return a page of HTML with the digits of what is read written so, its markup as it is."""
    parts, end = [], 0
    for markup in _PARTS.finditer(page):
        opening = _READ.sub(lambda read: read[1] + arabic_digits(read[2]) + read[3], markup[0])
        parts += [arabic_digits(page[end : markup.start()]), markup[0] if markup[2] else opening]
        end = markup.end()
    return "".join([*parts, arabic_digits(page[end:])])


def choice() -> str:
    """Return the digits that the reader of this request has chosen."""
    return ARABIC if request.cookies.get(COOKIE) == ARABIC and language() == "ar" else LATIN


@blueprint.get("/digits")
def choose() -> Response:
    """Remember the digits of `to`, and go back to `next`."""
    wanted = request.args.get("to", "")
    answer = redirect(local_address(request.args.get("next", ""), "/"), 303)
    answer.set_cookie(COOKIE, ARABIC if wanted == ARABIC else LATIN, max_age=DAYS * 86_400, samesite="Strict")
    return answer  # type: ignore[return-value]


def wire(app: Flask) -> None:
    """Tell the templates which digits are chosen, and write the pages in them."""
    app.context_processor(lambda: {"digits": choice()})

    @app.after_request
    def _write(response: Response) -> Response:
        is_page = response.mimetype == "text/html" and not response.is_streamed
        if is_page and language() == "ar" and "Content-Disposition" not in response.headers:
            response.vary.add("Cookie")
            if choice() == ARABIC:
                response.set_data(page_in_arabic_digits(response.get_data(as_text=True)))
        return response
