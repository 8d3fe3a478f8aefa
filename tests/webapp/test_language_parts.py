"""Which parts of a text are in the other language, and which are in none."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp import language_parts
from webapp.language_parts import attribute, marked

MARKED = [
    ("en", "A candidate: الحسكة names a city", 'A candidate: <span lang="ar">الحسكة</span> names a city'),
    ("en", "“\u2068آلاف\u2069” is read", '“\u2068<span lang="ar">آلاف</span>\u2069” is read'),
    ("ar", "© مساهمو OpenStreetMap (ODbL) عبر", '© مساهمو <span lang="en">OpenStreetMap (ODbL)</span> عبر'),
    ("ar", "Report Focus News", '<span lang="en">Report Focus News</span>'),
    ("ar", "المعرّف border-iq-sy ونصف القطر 8 km", "المعرّف border-iq-sy ونصف القطر 8 km"),
    ("ar", "a.example/b", "a.example/b"),
    ("en", "<b>سد</b> & all", '&lt;b&gt;<span lang="ar">سد</span>&lt;/b&gt; &amp; all'),
    ("en", "", ""),
]


@pytest.mark.parametrize(("lang", "text", "html"), MARKED)
def test_marked(lang: str, text: str, html: str) -> None:
    assert str(marked(text, lang)) == html


@given(st.text(alphabet="abcXYZابتثَ 019.,()«»<>&\u2066\u2069-:/"), st.sampled_from(["en", "ar"]))
def test_no_letter_is_lost(text: str, lang: str) -> None:
    html = str(marked(text, lang))
    assert re.sub("<[^>]*>", "", html) == str(language_parts.escape(text))


@pytest.mark.parametrize(
    ("lang", "text", "other"),
    [
        *(("en", "نورث برس", "ar"), ("en", "Rudaw", ""), ("ar", "Rudaw", "en"), ("ar", "رووداو", "")),
        *(("en", "جميلة حسين (Gamila)", "ar"), ("ar", "border-iq-sy", ""), ("ar", None, ""), ("en", "", "")),
    ],
)
def test_attribute(lang: str, text: str | None, other: str) -> None:
    assert str(attribute(text, lang)) == (f' lang="{other}"' if other else "")


def test_examples() -> None:
    assert doctest.testmod(language_parts) == doctest.TestResults(failed=0, attempted=2)
