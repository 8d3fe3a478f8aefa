"""A source without a title is shown by our description, marked as ours wherever it stands."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from geodata import catalog
from geodata.cli import main
from tests.browser.words import word

DOCUMENT = "hussein-2024"
SUPPLIED = {
    "en": "News analysis by Gamila Hussein, February 2024 (untitled copy)",
    "ar": "تحليل إخباري بقلم جميلة حسين، شباط/فبراير 2024 (نسخة بلا عنوان)",
}


def test_the_record_has_no_title_and_says_so() -> None:
    record = catalog.shipped().sources()[DOCUMENT]
    assert record["title"] is None
    assert record["supplied_title"] == SUPPLIED


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_pages_show_the_description_and_mark_it(client: FlaskClient, lang: str) -> None:
    rows = client.get(f"/sources?lang={lang}&q={DOCUMENT}").text.split("<tr ")
    (row,) = [row for row in rows if row.startswith(f'id="{DOCUMENT}"')]
    heading = row.split("</th>")[0]
    page = client.get(f"/sources/{DOCUMENT}?lang={lang}").text
    listed = client.get(f"/report/claims/prison-10km?lang={lang}").text.split('class="sources"')[1]
    for part in (heading, page.split("<h1>")[1].split("</h1>")[0], listed.split("</ol>")[0]):
        assert SUPPLIED[lang] in part
        assert word("our_description", lang) in part
    assert word("not_recorded", lang) not in heading
    marked = [row for row in rows if word("our_description", lang) in row]
    assert marked == [row]


def test_the_command_line_has_it_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sources"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(DOCUMENT)]
    assert line.endswith(f"[{SUPPLIED['en']}]")
