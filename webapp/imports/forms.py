"""Read the import options that a form sends: settings, the meaning of columns, answers to questions."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from geodata.errors import BadValue
from geodata.formats.coordinates import Order
from geodata.importing.options import ImportOptions
from geodata.importing.questions import Question
from geodata.importing.source_file import ReadOptions
from geodata.text.plain_digits import plain_digits

COLUMN = "as."
"""Before the name of a column, in the fields that say what it means."""
GUESSED = "was."
"""Before the name of a column, in the fields that say what it was guessed to mean."""
ANSWER, QUESTION = "answer.", "question."
"""Before the topic of a question: its answer, and the question itself, so that it can be shown again."""
OPEN = ""
"""The answer that leaves a question open."""
KM = "radius_km"
"""The field of a radius of the user's own, in kilometres; it stands in place of the ones that are offered."""


def read_options(form: Mapping[str, str]) -> ImportOptions:
    """Return the import options of a form; raises BadValue."""
    named = (COLUMN, GUESSED, ANSWER, QUESTION)
    fields = {name: value.strip() for name, value in form.items() if not name.startswith(named)}
    delimiter = form.get("delimiter") or None
    answers = _answers(form)
    order = fields.get("order") or answers.get("order")
    return ImportOptions(
        layer=fields.get("id") or fields.get("layer", ""),
        profile=fields.get("profile", ""),
        roles=_roles(form, answers.get("roles") or {}) if fields.get("mapped") else None,
        read_options=ReadOptions(
            fields.get("format") or None,
            fields.get("encoding") or None,
            "\t" if delimiter == "tab" else delimiter,
            fields.get("part") or None,
        ),
        order=cast(Order, order) if order else None,
        crs=fields.get("crs") or str(answers.get("crs") or ""),
        dates=fields.get("dates") or str(answers.get("dates") or ""),
        time_zone=fields.get("time_zone", ""),
        separators=_separators(fields.get("separators", ""), answers.get("separators")),
        title={lang: text for lang in ("en", "ar") if (text := fields.get(f"title_{lang}", ""))},
        radius=_radius(fields.get(KM, ""), answers.get("radius")),
        radius_reason=fields.get("radius_reason", ""),
        unplaced=form.get("action") == "table" or bool(fields.get("unplaced")),
        replace=bool(fields.get("replace")),
    )


def answered(form: Mapping[str, str]) -> Iterator[Question]:
    """Yield the questions that a form has answered, to be shown again; what is none is left out."""
    for name, value in form.items():
        topic = name.removeprefix(QUESTION)
        if not name.startswith(QUESTION) or not (form.get(f"{ANSWER}{topic}") or (topic == "radius" and form.get(KM))):
            continue
        try:
            question = Question.from_form(json.loads(value))
            for message in (question.text, *(answer.text for answer in question.answers)):
                message.texts()
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        if question.topic == topic:
            yield question


def _answers(form: Mapping[str, str]) -> dict[str, Any]:
    """Return the options that the answers of a form set together; raises BadValue."""
    options: dict[str, Any] = {}
    for name, value in form.items():
        if not name.startswith(ANSWER) or value == OPEN:
            continue
        try:
            chosen = json.loads(value)
            roles = {str(role): str(column) for role, column in chosen.pop("roles", {}).items()}
        except (ValueError, AttributeError, TypeError):
            raise BadValue(name, value, "answer") from None
        options = {**options, **chosen, "roles": {**options.get("roles", {}), **roles}}
    return options


def _separators(setting: str, answer: Any) -> str | None:
    """Return the separators of actors by the setting, else by the answer; None for the profile's own."""
    if setting:
        return "" if setting == "none" else setting
    return None if answer is None else str(answer)


def _radius(kilometres: str, metres: Any) -> float | None:
    """Return a radius in metres; raises BadValue."""
    if not kilometres and metres is None:
        return None
    try:
        return float(plain_digits(kilometres).replace(",", ".")) * 1000 if kilometres else float(metres)
    except (ValueError, TypeError):
        raise BadValue("radius", kilometres or str(metres), "number") from None


def _roles(form: Mapping[str, str], answers: Mapping[str, str]) -> dict[str, tuple[str, ...]] | None:
    """Return the columns of each role; None where they are those that were guessed."""
    columns = {name.removeprefix(COLUMN): role for name, role in form.items() if name.startswith(COLUMN)}
    guessed = {name.removeprefix(GUESSED): role for name, role in form.items() if name.startswith(GUESSED)}
    if columns == guessed and not answers:
        return None
    roles: dict[str, tuple[str, ...]] = {}
    for name, role in columns.items():
        if role and name not in answers.values() and role not in answers:
            roles[role] = (*roles.get(role, ()), name)
    return {**roles, **{role: (name,) for role, name in answers.items()}}
