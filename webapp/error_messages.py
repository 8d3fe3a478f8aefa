"""What went wrong, as a page says it: the message of an error in the page's language."""

from __future__ import annotations

from markupsafe import Markup, escape

from geodata import registry
from geodata.errors import BadValue, MasafaError
from geodata.messages import Message
from webapp.i18n import language


def localized_message(error: MasafaError, lang: str | None = None) -> Markup:
    """Return the message of an error in a language, by default the page's."""
    if (lang or language()) == "en":
        return Markup('<bdi lang="en" dir="ltr">{}</bdi>').format(str(error))
    if isinstance(error, BadValue):
        values = {**error.message.parameters, "parameter": parameter(error.parameter)}
        return escape(Message(error.message.code, **values).text("ar"))
    return escape(error.message.text("ar"))


def parameter(name: str) -> str:
    """Return the label of a parameter: its Arabic title where an analysis has it, else its name."""
    for analysis in registry.analyses().values():
        for declared in analysis.parameters:
            if declared.name == name:
                return f"{declared.title['ar']} (\u2068{name}\u2069)"
    return name
