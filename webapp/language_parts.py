"""Parts of a text that are in the other of our two scripts: a screen reader reads each with the voice of its language.

Arabic script in an English text is Arabic, Latin script in an Arabic text is English, as far as the data says nothing
else of it (`language` of a source). Its twin is webapp/static/js/core/language-parts.js.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_ARABIC = "\u0620-\u064a\u0671-\u06d3"
_LATIN = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_FOREIGN = {
    "en": ("ar", re.compile(rf"[{_ARABIC}](?:[^{_LATIN}]*[{_ARABIC}])?[\u064b-\u065f\u0670]*")),
    "ar": ("en", re.compile(rf"(?<![{_LATIN}0-9])[{_LATIN}](?:[^{_ARABIC}]*[{_LATIN}0-9)\]])?")),
}
_LETTERS = {"ar": re.compile(f"[{_ARABIC}]"), "en": re.compile(f"[{_LATIN}]")}
# Ids, units and addresses are of no language.
_WORD = re.compile(rf"(?:[{_LATIN}]{{3}}|[{_ARABIC}])")
_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)+|[0-9a-f]{12,}|\S*[:/]\S*")


def _is_said(run: str) -> bool:
    return _WORD.search(run) is not None and _CODE.fullmatch(run) is None


def marked(text: str, lang: str) -> Markup:
    """Return a text of a page's language whose parts in the other language are marked as such.

    >>> marked("The document writes الروج.", "en")
    Markup('The document writes <span lang="ar">الروج</span>.')
    """
    other, pattern = _FOREIGN[lang]
    pieces, at = [], 0
    for run in pattern.finditer(text):
        if not _is_said(run[0]):
            continue
        pieces += [escape(text[at : run.start()]), Markup('<span lang="{}">{}</span>').format(other, run[0])]
        at = run.end()
    return Markup("").join([*pieces, escape(text[at:])])


def attribute(text: str | None, lang: str) -> Markup:
    """Return the attribute of an element that holds only a text, where most of it is in the other language.

    >>> attribute("نورث برس", "en")
    Markup(' lang="ar"')
    """
    other, pattern = _FOREIGN[lang]
    text = text or ""
    foreign = "".join(run[0] for run in pattern.finditer(text) if _is_said(run[0]))
    if len(_LETTERS[other].findall(foreign)) <= len(_LETTERS[lang].findall(text)):
        return Markup("")
    return Markup(' lang="{}"').format(other)
