"""In which encoding a text is written."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.formats.encodings import ENCODINGS, detect

ARABIC = "المدينة,خط العرض,خط الطول\nالقائم,34.37,41.03\n"
FRENCH = "lieu,libellé\nRaqqa,tué à côté\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (ARABIC.encode(), "utf-8"),
        (codecs.BOM_UTF8 + ARABIC.encode(), "utf-8"),
        (ARABIC.encode("utf-16"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + ARABIC.encode("utf-16-be"), "utf-16-be"),
        (b"a,b\n1,2\n".decode().encode("utf-16-le"), "utf-16-le"),
        (b"a,b\n1,2\n".decode().encode("utf-16-be"), "utf-16-be"),
        (ARABIC.encode("cp1256"), "cp1256"),
        (FRENCH.encode("cp1252"), "cp1252"),
        (b"plain,ascii\n", "utf-8"),
        ("a,libell\u00e9".encode("cp1252"), "cp1252"),
        (b"", "utf-8"),
    ],
)
def test_an_encoding_is_found_out(data: bytes, encoding: str) -> None:
    assert detect(data) == encoding
    assert encoding in ENCODINGS


SENTENCES = {
    "cp1251": [
        "Обстрел села под Луганском: погибли двое мирных жителей",
        "МОСКВА",
        "широта",
        "Взрыв у моста через реку, есть раненые",
        "Обстріл села під Харковом: загинули двоє людей",
        "Київ",
        "Вибух біля мосту, є поранені",
        "місце події",
    ],
    "cp1256": [
        "قصف جوي على أطراف المدينة وسقوط قتلى وجرحى",
        "القائم",
        "خط العرض",
        "انفجار عبوة ناسفة قرب الجسر",
        "حمله هوايي به پاسگاه مرزي و چند کشته",
        "گزارش انفجار در ژرفاي شهر",
    ],
    "cp1252": [
        "Deux civils tués à côté du marché",
        "libellé",
        "Côte d'Ivoire",
        "Où était le véhicule ? Près de la forêt, après l'été",
        "Länge",
        "Überfall auf einen Konvoi, größere Schäden gemeldet",
        "Straße gesperrt",
        "Müller",
        "ubicación del año",
    ],
    "cp1254": [
        "Şehir merkezinde patlama, iki kişi öldü",
        "Diyarbakır",
        "İstanbul",
        "Köprü yakınında çatışma çıktı",
        "Şırnak",
        "yaralı sayısı",
    ],
    "cp1250": [
        "Ostrzał wsi, zginęło dwóch żołnierzy",
        "Łódź",
        "Útok ve městě, příčina neznámá",
        "Robbanás a híd közelében, többen megsérültek tőle",
    ],
}


@given(st.data())
def test_the_letters_tell_the_code_page(data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(sorted(SENTENCES)))
    chosen = data.draw(st.lists(st.sampled_from(SENTENCES[encoding]), min_size=1, max_size=6))
    plain = data.draw(st.lists(st.sampled_from(["lat;lon;notes", "34,5;41,25;", "2024-05-01", "Al-Qaim", "25 \u00b0"])))
    text = "\n".join(data.draw(st.permutations([*chosen, *plain]))) + "\n"
    assert text.encode(encoding).decode(detect(text.encode(encoding))) == text


@pytest.mark.parametrize(
    "text", ["25 \u00b0C\n", "\u201cquoted\u201d \u2013 \u00a7 3\n", "S\u00e3o Paulo, Malm\u00f6, Besan\u00e7on\n"]
)
def test_what_no_language_decides_is_western(text: str) -> None:
    assert detect(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(name: str) -> None:
    assert detect("lat,lon,город\n34,41,Київ\n".encode(name)) == name


def test_a_beginning_that_ends_within_a_letter_is_utf_8_all_the_same() -> None:
    data = ARABIC.encode()
    assert {detect(data[:length]) for length in range(1, len(data))} == {"utf-8"}
