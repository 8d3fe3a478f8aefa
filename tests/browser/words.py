"""The page's words, as its tests look for them."""

from __future__ import annotations

from webapp import i18n


def word(key: str, lang: str, **values: object) -> str:
    """Return the words of a key, as the page in that language shows them."""
    return i18n.word(key, lang, **values)


def plain(text: str | None) -> str:
    """Return text without direction marks and hard spaces, so that what is read is what is compared."""
    marks = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069\u200e\u200f"))
    return " ".join((text or "").translate(marks).replace("\u00a0", " ").split())
