"""What went wrong, as a page says it: in English as the error has it, in Arabic put together from its parts.

A value and a list of ids are the same in either language; of what is allowed, the common phrases are translated, and
what is not stays English, marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

from geodata import registry
from geodata.errors import BadData, BadValue, Conflict, MasafaError, NotFound, Refused, Unwritable
from webapp.i18n import language, word

_PHRASES: tuple[tuple[str, str], ...] = (
    (r"not empty", "ألّا يكون فارغًا"),
    (r"true or false", "true أو false"),
    (r"a number from (\S+) to ([^\s,]+)(, not 0)?", "عدد من {0} إلى {1}"),
    (r"at most (\d+) characters, none of them NUL", "{0} حرفًا على الأكثر"),
    (r"lower-case letters, digits and single hyphens.*", "أحرف لاتينية صغيرة وأرقام وشرطات مفردة"),
    (r"an id that nothing has yet", "معرّف لم يُستعمل بعد"),
    (r"the id of a source that is held", "معرّف مصدر محفوظ"),
    (r"a text in Arabic script", "نص بالحروف العربية"),
    (r"(\d+) to (\d+) hexadecimal digits", "من {0} إلى {1} خانة ست عشرية"),
    (r"a whole number from 1", "عدد صحيح من 1"),
    (r"metres from 0 to (\S+), or nothing where it is not known", "أمتار من 0 إلى {0}، أو لا شيء حيث لا يُعرف"),
    (r"another country than the left one", "بلد غير البلد الأيسر"),
    (r"at least two positions, one below the other, or a file", "موضعان على الأقل، واحد تحت الآخر، أو ملف"),
    (r"longitude,latitude in degrees: .*", "خط الطول (ضمن ±180) ثم خط العرض (ضمن ±90) بالدرجات"),
    (r"west,south,east,north in degrees.*", "غرب،جنوب،شرق،شمال بالدرجات، الغرب دون الشرق والجنوب دون الشمال"),
    (r"(?:ids of features|the id of a feature).*", "معرّف معلم أو طبقة، أو خط الطول،خط العرض"),
    (r"the id of one line: .*", "معرّف خط واحد: حدود أو جدار أو نهر أو خط من عندك"),
    (r"one of: text, file, layer", "واحد من: \u2066text, file, layer\u2069"),
)
_THINGS: Mapping[str, str] = {
    "layer": "طبقة",
    "feature": "معلم",
    "claim": "ادعاء",
    "source": "مصدر",
    "analysis": "تحليل",
    "report": "تقرير",
    "recorded result": "نتيجة مسجَّلة",
    "collection": "مجموعة",
    "line of your own": "خط من عندك",
}


def localized_message(error: MasafaError, lang: str | None = None) -> Markup:
    """Return the message of an error in a language, by default the page's."""
    if (lang or language()) == "en":
        return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(str(error))
    if isinstance(error, BadValue):
        named = word("bad_value", "ar", value=_isolate(error.value), parameter=parameter(error.parameter))
        return Markup("{} {}").format(named, _allowed(error.allowed))
    if isinstance(error, NotFound):
        called = word("not_found", "ar", name=_isolate(error.name))
        return Markup("{} ({})").format(called, _THINGS.get(error.what) or _english(error.what))
    if isinstance(error, Conflict):
        return escape(word("edit_conflict", "ar", name=_isolate(error.id)))
    frame = {BadData: "bad_data", Refused: "too_heavy", Unwritable: "not_writable"}.get(type(error), "bad_data")
    return Markup("{} {}").format(word(frame, "ar"), _english(str(error)))


def parameter(name: str) -> str:
    """Return the label of a parameter: its Arabic title where an analysis has it, else its name."""
    for analysis in registry.analyses().values():
        for declared in analysis.parameters:
            if declared.name == name:
                return f"{declared.title['ar']} ({_isolate(name)})"
    return _isolate(name)


def _allowed(text: str) -> Markup:
    for pattern, arabic in _PHRASES:
        match = re.fullmatch(pattern, text)
        if match:
            return escape(arabic.format(*(_isolate(part or "") for part in match.groups())))
    return _english(text)


def _english(text: str) -> Markup:
    return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(text)


def _isolate(text: str) -> str:
    return f"\u2068{text}\u2069"
