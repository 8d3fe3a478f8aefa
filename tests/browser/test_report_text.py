"""The text of reports as PDF: read as it was written, by poppler and by pdfium, and drawn as it was printed."""

from __future__ import annotations

import io
import random
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import numpy as np
import pikepdf
import pypdfium2
import pytest
from _pytest.mark import ParameterSet
from flask.testing import FlaskClient

from tests.programs import program
from webapp import create_app
from webapp.config import Config
from webapp.report import pdf, pdf_text

pytestmark = pytest.mark.skipif(pdf.chromium() is None, reason="no Chromium here")
REPORTS = {
    "claim": "/report/claims/prison-10km?lang=ar",
    "claim of a line": "/report/claims/wall-160km?lang=ar",
    "both languages": "/report/claims/prison-10km?lang=both",
    "proximity": "/report/proximity?layer=sites&target=border-iq-sy&lang=ar",
    "buffer": "/report/buffer?layer=al-qaim&km=10,25&lang=ar",
}
ARABIC = re.compile("[\u0621-\u065f]+")
FIGURE = re.compile(r"\d[\d.]* ± \d[\d.]*|\d[\d.]*–\d[\d.]*|[0-9a-f]{12,16}")
Reader = Callable[[bytes], str]


def poppler(data: bytes) -> str:
    """Return the text that pdftotext reads, but for its signs of direction."""
    command = [program("pdftotext", "poppler-utils"), "-", "-"]
    text = subprocess.run(command, input=data, capture_output=True, check=True).stdout.decode("utf-8")
    return unicodedata.normalize("NFC", re.sub("[\u202a-\u202e\u2066-\u2069]", "", text))


def pdfium(data: bytes) -> str:
    """Return the text that pdfium reads."""
    with pypdfium2.PdfDocument(data) as file:
        text = "\n".join(page.get_textpage().get_text_range() for page in file)
    return unicodedata.normalize("NFC", text)


@cache
def client() -> FlaskClient:
    return create_app(Config()).test_client()


@cache
def printed(name: str) -> tuple[bytes, bytes]:
    """Return a report as Chromium prints it, and as it is sent."""
    kept = []

    def keep(data: bytes, rtl: bool) -> bytes:
        kept.append(data)
        return pdf_text.mended(data, rtl)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "mended", keep)
        answer = client().get(REPORTS[name].replace("?", ".pdf?"))
    assert answer.status_code == 200
    return kept[0], answer.data


@cache
def written(name: str) -> str:
    """Return the text of a report's page, without what is not printed and what only ears get."""
    html = client().get(REPORTS[name]).get_data(as_text=True)
    body = re.sub(r"(?s)<(style|script|nav|title|desc|form)\b.*?</\1>", " ", html.partition("<body")[2])
    body = re.sub(r'(?s)<(\w+)[^>]*class="[^"]*\b(?:visually-hidden|screen-only)\b[^"]*".*?</\1>', " ", body)
    return unicodedata.normalize("NFC", re.sub(r"<[^>]+>", " ", body))


def read_by(names: Iterable[str]) -> Iterator[ParameterSet]:
    """Yield reports with readers. In a file of two languages pdfium guesses the direction of each line by itself."""
    for name in names:
        for reader in (poppler, pdfium):
            if reader is poppler or name != "both languages":
                yield pytest.param(name, reader, id=f"{name}-{reader.__name__}")


@pytest.mark.parametrize(("name", "reader"), [*read_by(REPORTS)])
def test_every_arabic_word_is_read_as_it_was_written(name: str, reader: Reader) -> None:
    expected, found = (set(ARABIC.findall(text)) for text in (written(name), reader(printed(name)[1])))
    assert len(expected) > 150
    assert found - expected == set()
    assert len(expected - found) < 0.05 * len(expected), expected - found
    assert {"لا", "للملاحة", "الأهداف"} <= found


@pytest.mark.parametrize(("name", "reader"), [*read_by(REPORTS)])
def test_no_figure_and_no_id_is_turned_round(name: str, reader: Reader) -> None:
    expected, found = (Counter(FIGURE.findall(text)) for text in (written(name), reader(printed(name)[1])))
    assert len(expected) > 4
    assert set(found) - set(expected) == set()
    assert set(expected) - set(found) == set()


@pytest.mark.parametrize("reader", [poppler, pdfium])
def test_a_label_of_a_map_is_read_once(reader: Reader) -> None:
    before, after = (reader(data) for data in printed("claim"))
    for label in ("نينوى", "سوريا", "مخيم الهول"):
        assert after.count(label) == written("claim").count(label) > 0
    # As Chromium prints it, it is there twice, or, letter by letter, not at all.
    assert before.count("نينوى") != after.count("نينوى")


def test_as_chromium_prints_it_the_text_is_not_what_was_written() -> None:
    """What is mended is there to mend; where Chromium or a reader no longer needs it, it can go."""
    for reader in (poppler, pdfium):
        assert "لا تصلح للملاحة" not in reader(printed("claim")[0])
        assert "لا تصلح للملاحة" in reader(printed("claim")[1])


@pytest.mark.parametrize("name", REPORTS)
def test_pages_look_as_they_were_printed(name: str) -> None:
    before, after = (pypdfium2.PdfDocument(data) for data in printed(name))
    assert len(before) == len(after) >= 2
    for one, other in zip(before, after, strict=True):
        shades = [np.asarray(page.render(scale=1.5).to_pil().convert("L"), dtype=int) for page in (one, other)]
        assert np.abs(shades[0] - shades[1]).max() < 60
        assert (shades[0] < 128).any()


def test_languages_and_direction_are_marked() -> None:
    for name, direction, languages in (("claim", "/R2L", {"ar"}), ("both languages", "", {"ar", "en"})):
        with pikepdf.open(io.BytesIO(printed(name)[1])) as file:
            preferences = file.Root.get("/ViewerPreferences", pikepdf.Dictionary())
            assert str(preferences.get("/Direction", "")) == direction
            assert file.Root.MarkInfo.Marked
            marked = {str(one.Lang) for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/Lang" in one}
            assert marked == languages


WORDS = ("لا", "الأهداف", "للملاحة", "سوريا", "في", "إلى", "قِيس", "حدودًا", "أيٍّ", "الخريطة", "مسجَّل", "ظُهر", "سمتي")
RUNS = ("49 ± 3", "0–1.1", "e88a797a5b67623d", "Natural Earth 1:10", "2024-02-03", "WGS84", "12.9", "al-hol-2")


def lines(seed: int, number: int) -> list[str]:
    """Return lines that a machine chose: Arabic words, and between some of them a run from left to right."""
    chosen = random.Random(seed)
    texts = []
    for _ in range(number):
        parts = [chosen.choice(WORDS) for _ in range(chosen.randint(2, 6))]
        for at in range(len(parts) - 1, 0, -1):
            if chosen.random() < 0.4:
                parts.insert(at, chosen.choice(RUNS))
        texts.append(" ".join(parts))
    return texts


@pytest.mark.parametrize("reader", [poppler, pdfium])
def test_lines_that_a_machine_chose_are_read_as_they_were_written(reader: Reader) -> None:
    expected = lines(15, 120)
    shown = "".join(
        f"<p>{' '.join(f'<bdi dir=ltr>{part}</bdi>' if part in RUNS else part for part in split(line))}</p>"
        for line in expected
    )
    page = f"<!DOCTYPE html><html lang=ar dir=rtl><style>{pdf.styles()}</style><body>{shown}"
    # poppler writes the blank behind a run before it, within its own signs of direction.
    blank = "" if reader is poppler else " "
    read = {blank.join(line.split()) for line in reader(pdf.make(page, rtl=True)).splitlines()}
    assert [line for line in expected if unicodedata.normalize("NFC", blank.join(line.split())) not in read] == []


def split(line: str) -> list[str]:
    """Return the words of a line, each run as one."""
    return re.findall("|".join([*map(re.escape, RUNS), r"\S+"]), line)


def test_what_cannot_be_mended_is_sent_as_it_was_printed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> bytes:
        raise KeyError("/Font")

    monkeypatch.setattr(pdf, "mended", fail)
    assert pdf.make("<!DOCTYPE html>text").startswith(b"%PDF-")
    assert "was left as Chromium prints it" in caplog.text
