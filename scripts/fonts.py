"""Build the page's fonts: IBM Plex Sans in two scripts, subset to the letters the product writes, as woff2.

Run by maintainers: python -m scripts.fonts. Reads the PyPI packages fontpkg-ibm-plex-sans and
fontpkg-ibm-plex-sans-arabic (OFL 1.1); their licence lies beside the fonts.
"""

from __future__ import annotations

import io
from importlib import metadata
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TO = Path(__file__).resolve().parents[1] / "webapp" / "static" / "fonts"
LATIN = (
    "U+0020-007E,U+00A0-017F,U+1E00-1EFF,U+02BB-02BF,U+2010-2027,U+2030-203A,U+2190-2193,U+2212,U+2248,U+2264,U+2265"
)
# Latin letters and digits come from the Latin font in both languages: those of the Arabic one are wider.
ARABIC = "U+0020,U+0600-06FF,U+0750-077F,U+200C-200F,U+FB50-FDFF,U+FE70-FEFF"
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}


def font_file(package: str, name: str) -> Path:
    """Return an installed file of a font package."""
    for file in metadata.files(package) or ():
        if file.name == name:
            return Path(str(file.locate()))
    raise FileNotFoundError(f"{package} holds no {name}")


def write(font: TTFont, letters: str, to: Path) -> None:
    """Write the part of a font that has `letters`, its shaping rules kept."""
    options = subset.Options(layout_features=["*"], flavor="woff2", hinting=False, notdef_outline=True)
    result = subset.Subsetter(options)
    result.populate(unicodes=subset.parse_unicodes(letters))
    result.subset(font)
    # "Plex" is a reserved font name: a changed font must not bear it.
    for record in font["name"].names:
        record.string = record.toUnicode().replace("IBM Plex", "Masafa").replace("IBMPlex", "Masafa")
    subset.save_font(font, str(to), options)


def build() -> None:
    """Write the Latin font, variable in weight, and an Arabic one for each weight."""
    TO.mkdir(parents=True, exist_ok=True)
    latin = TTFont(font_file("fontpkg-ibm-plex-sans", "IBMPlexSans[wdth,wght].ttf"))
    # Saved and read again: the subsetter cannot read the tables that the instancer leaves half built.
    limited = io.BytesIO()
    instancer.instantiateVariableFont(latin, {"wdth": 100, "wght": (400, 700)}).save(limited)
    write(TTFont(io.BytesIO(limited.getvalue())), LATIN, TO / "plex-sans.woff2")
    for style, weight in WEIGHTS.items():
        arabic = TTFont(font_file("fontpkg-ibm-plex-sans-arabic", f"IBMPlexSansArabic-{style}.ttf"))
        write(arabic, ARABIC, TO / f"plex-arabic-{weight}.woff2")
    licence = font_file("fontpkg-ibm-plex-sans", "LICENSE").read_text("utf-8")
    (TO / "LICENSE.txt").write_text(licence, "utf-8")


if __name__ == "__main__":
    build()
