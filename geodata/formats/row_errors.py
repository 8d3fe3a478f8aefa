"""Why a row cannot be read, or may be meant otherwise, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.errors import BadData

Text = dict[str, str]

REASONS: Mapping[str, Text] = {
    "long": {"en": "longer than {most} characters", "ar": "أطول من {most} حرفًا"},
    "empty": {"en": "nothing is written", "ar": "لا شيء مكتوب"},
    "mgrs_digits": {
        "en": "MGRS needs as many digits for easting as for northing: {text}",
        "ar": "يحتاج MGRS إلى عدد واحد من الأرقام للشرق وللشمال: {text}",
    },
    "mgrs_square": {"en": "no such MGRS square: {text}", "ar": "لا مربع MGRS كهذا: {text}"},
    "utm_zone": {"en": "UTM zone {zone}: there are 1 to 60", "ar": "نطاق UTM {zone}: النطاقات من 1 إلى 60"},
    "utm_metres": {
        "en": "UTM: easting from 100000 to 999999 first, then northing from 0 to 10000000, in metres",
        "ar": "UTM: الشرق أولًا من 100000 إلى 999999، ثم الشمال من 0 إلى 10000000، بالأمتار",
    },
    "utm_band": {
        "en": "the letter S is read as the latitude band 32–40° north, not as the southern hemisphere",
        "ar": "قُرئ الحرف S نطاقَ العرض 32–40° شمالًا، لا نصفَ الكرة الجنوبي",
    },
    "latitudes": {"en": "both numbers are latitudes", "ar": "العددان كلاهما خط عرض"},
    "longitudes": {"en": "both numbers are longitudes", "ar": "العددان كلاهما خط طول"},
    "range": {
        "en": "latitude {lat}, longitude {lon}: latitude within ±90, longitude within ±180",
        "ar": "خط العرض {lat} وخط الطول {lon}: العرض ضمن ±90 والطول ضمن ±180",
    },
    "range_swapped": {
        "en": "latitude {lat}, longitude {lon}: latitude within ±90, longitude within ±180; they may be swapped",
        "ar": "خط العرض {lat} وخط الطول {lon}: العرض ضمن ±90 والطول ضمن ±180؛ ربما كانا مقلوبين",
    },
    "pair": {
        "en": "no two numbers, UTM or MGRS reference: {text}",
        "ar": "لا عددين فيه ولا مرجع UTM أو MGRS: {text}",
    },
    "angle": {"en": "no angle: {text}", "ar": "ليس زاوية: {text}"},
    "sixty": {"en": "minutes and seconds lie below 60: {text}", "ar": "الدقائق والثواني دون 60: {text}"},
    "fraction": {"en": "a fraction of degrees and minutes too: {text}", "ar": "كسر من الدرجات ودقائق معًا: {text}"},
    "letters": {"en": "two letters of direction: {text}", "ar": "حرفا اتجاه: {text}"},
    "swapped": {
        "en": "latitude and longitude may be swapped: it lies in the region the other way round, and not so written",
        "ar": "ربما قُلب خط العرض وخط الطول: يقع في المنطقة معكوسًا، ولا يقع فيها كما كُتب",
    },
    "half": {
        "en": "no position: latitude or longitude is empty",
        "ar": "لا موضع: خط العرض أو خط الطول فارغ",
    },
    "radius": {
        "en": "uncertainty {text}: metres, not negative, at most {most}",
        "ar": "عدم اليقين {text}: أمتار غير سالبة، {most} على الأكثر",
    },
    "no_position": {"en": "{id}: no position", "ar": "{id}: بلا موضع"},
}


class Unread(BadData):
    """A row that cannot be read; `text` says why in both languages."""

    def __init__(self, why: str, **values: Any) -> None:
        self.text = reason(why, **values)
        super().__init__("", self.text["en"])


def reason(why: str, **values: Any) -> Text:
    """Return a reason in both languages; among Arabic words a value reads left to right."""
    shown = {name: f"\u2066{value}\u2069" for name, value in values.items()}
    return {"en": REASONS[why]["en"].format(**values), "ar": REASONS[why]["ar"].format(**shown)}
