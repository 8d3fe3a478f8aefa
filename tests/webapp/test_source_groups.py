"""Sources by what they support, 25 a page: none is missing, none stands twice, and each link between pages leads on."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from geodata.catalog import shipped
from tests.browser.words import word
from webapp.source_groups import GROUPS, SHOWN, source_page, supported_groups

ROW = re.compile(r'<tr id="([a-z0-9-]+)">')


def walked(client: FlaskClient, address: str) -> list[str]:
    """Return the ids of all pages, from link to link."""
    ids: list[str] = []
    while True:
        page = client.get(address).text
        rows = ROW.findall(page)
        assert len(rows) <= SHOWN
        ids += rows
        following = re.search(r'rel="next" href="([^"]+)"', page)
        if following is None:
            return ids
        address = following[1].replace("&amp;", "&")


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_the_pages_have_every_source_once(client: FlaskClient, lang: str) -> None:
    ids = walked(client, f"/sources?lang={lang}")
    assert len(ids) > 5 * SHOWN
    assert sorted(ids) == sorted(shipped().sources())


def test_a_group_has_all_that_support_it(client: FlaskClient) -> None:
    groups = supported_groups(shipped())
    for name in GROUPS:
        expected = {id_ for id_, of in groups.items() if name in of}
        assert set(walked(client, f"/sources?lang=en&of={name}")) == expected
    assert "claims" in groups["hussein-2024"]
    events = {source for event in shipped().layer("events").features for source in event.sources}
    assert all("events" in groups[id_] for id_ in events)


@given(st.sampled_from(sorted(shipped().sources())), st.sampled_from(["", *GROUPS]), st.integers(1, 12))
def test_a_page_counts_what_it_shows(id_: str, group: str, page: int) -> None:
    text = shipped().sources()[id_]["outlet"] or id_
    listed = source_page(shipped(), text, group, page)
    rows = [record["id"] for _, records in listed.groups for record in records]
    assert len(rows) == max(0, listed.last - listed.first + 1) if rows else listed.total == 0
    assert 1 <= listed.page <= listed.pages
    assert listed.total == (listed.counts[group] if group else listed.counts["all"])
    assert id_ in [
        one["id"] for p in range(1, 8) for _, records in source_page(shipped(), id_, "", p).groups for one in records
    ]


def test_a_text_finds_in_both_scripts_and_is_kept_from_page_to_page(client: FlaskClient) -> None:
    page = client.get("/sources?lang=en&q=wikipedia").text
    assert ROW.findall(page)
    assert all("q=wikipedia" in link for link in re.findall(r'href="(/sources\?lang=en&amp;[^"]*page=[^"]*)"', page))
    assert "hussein-2024" in ROW.findall(client.get("/sources?lang=en&q=جميلة").text)
    assert word("sources_all", "ar") in client.get("/sources?lang=ar&q=zzzz").text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=-1", "of=everything", "page=9999999999"])
def test_what_is_no_page_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/sources?{query}").status_code == 400


def test_a_page_past_the_end_is_the_last(client: FlaskClient) -> None:
    assert ROW.findall(client.get("/sources?page=99").text)
    assert ROW.findall(client.get("/sources?page=%D9%A2").text) == ROW.findall(client.get("/sources?page=2").text)
