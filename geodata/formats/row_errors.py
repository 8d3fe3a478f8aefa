"""Why a row cannot be read, or may be meant otherwise, in both languages."""

from __future__ import annotations

from typing import Any

from geodata.errors import BadData
from geodata.messages import texts

Text = dict[str, str]


class Unread(BadData):
    """A row that cannot be read; `text` says why in both languages."""

    prefix = "row"

    def __init__(self, code: str, /, **parameters: Any) -> None:
        super().__init__("", code, **parameters)
        self.text = self.reason.texts()


def reason(code: str, /, **parameters: Any) -> Text:
    """Return a reason in both languages."""
    return texts(f"row.{code}", **parameters)
