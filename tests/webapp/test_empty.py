"""An empty page says what it is for, and leads to a first step that works."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.browser.words import word

EMPTY = {
    "/import": ("import_none", "sample_title"),
    "/lines": ("lines_none", "lines_sample"),
    "/actors/alike": ("alike_none", "actors_title"),
    "/ruler?km=10&line=LINESTRING+(35+25,36+25)": ("along_empty", "along_wider"),
}
"""Pages as they are before anything was added: what each says, and its first step."""


def words(key: str, lang: str) -> str:
    return word(key, lang, km="10") if key == "along_empty" else word(key, lang)


@pytest.mark.parametrize("lang", ["ar", "en"])
@pytest.mark.parametrize("path", EMPTY)
def test_it_says_what_it_is_for_and_offers_a_step(client: FlaskClient, path: str, lang: str) -> None:
    page = unescape(client.get(f"{path}{'&' if '?' in path else '?'}lang={lang}").text).partition("<main")[2]
    said, step = EMPTY[path]
    assert words(said, lang) in page
    after = page.partition(words(said, lang))[2]
    link = re.search(r'<a [^>]*href="([^"]+)"[^>]*>([^<]*)</a>', after)
    assert link is not None
    assert link[2] == words(step, lang)
    if link[1].startswith("#"):
        assert f'id="{link[1][1:]}"' in page
    else:
        assert client.get(link[1]).status_code == 200


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_a_source_that_supports_nothing_leads_to_attaching(client: FlaskClient, lang: str) -> None:
    page = client.get(f"/sources/hussein-2024?lang={lang}").text.partition("<main")[2]
    after = page.partition(word("record_nothing", lang))[2].partition("</section>")[0]
    assert word("record_do_attach", lang) in after
