"""In which encoding a text is written."""

from __future__ import annotations

import codecs

import pytest

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
        (b"", "utf-8"),
    ],
)
def test_an_encoding_is_found_out(data: bytes, encoding: str) -> None:
    assert detect(data) == encoding
    assert encoding in ENCODINGS


def test_a_beginning_that_ends_within_a_letter_is_utf_8_all_the_same() -> None:
    data = ARABIC.encode()
    assert {detect(data[:length]) for length in range(1, len(data))} == {"utf-8"}
