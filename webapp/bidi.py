"""Runs of an Arabic text that read left to right: coordinates, intervals, dates, signed figures, ids.

Between two numbers, and after an Arabic letter, a comma, a dash or a sign takes the direction of the sentence:
"40.7625, 36.4775" among Arabic words is shown with its parts exchanged, as another place. Each such run is put between
isolates. Its twin is webapp/static/js/core/bidi.js.
"""

from __future__ import annotations

import re

_NUMBER = r"[-−+]?\d+(?:[,٬]\d{3})*(?:[.٫]\d+)?"
_ANGLE = rf"{_NUMBER}°(?:\s?\d+(?:[.٫]\d+)?[′'](?:\s?\d+(?:[.٫]\d+)?[″\"])?)?(?:\s?[NSEW])?"
_FINE = r"[-−+]?\d+[.٫]\d+"
_RUN = re.compile(
    # Begun within a number, a search of a long one would take its length squared.
    r"[\u2066-\u2068][^\u2069]*\u2069|(?<!\d)("
    rf"{_ANGLE}(?:\s*[,،;؛]?\s*{_ANGLE})?"
    r"|(?<!\d)\d{4}-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?)?(?![\w-])"
    rf"|(?:{_FINE}\s*[,،;؛]\s*{_NUMBER}|{_NUMBER}\s*[,،;؛]\s*{_FINE})(?:\s*[,،;؛]\s*{_NUMBER})*"
    rf"|{_NUMBER}\s*[–±]\s*{_NUMBER}[°%]?"
    rf"|[≤≥≈±]\s?{_NUMBER}[°%]?"
    r"|(?<![\w.])[-−]\d+(?:[.٫]\d+)?°?"
    r"|(?<!\w)\d{1,2}[C-X](?:\s?[A-Z]{2})?(?:\s?\d+){1,2}(?!\w)"
    r"|(?<![\w-])(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)+(?![\w-])"
    r")"
)


def isolated(text: str) -> str:
    """Return a text whose runs are isolated, each by itself; what is in an isolate already is left.

    >>> isolated("عند 36.3755، 41.1485 جنوبًا") == "عند \\u206636.3755، 41.1485\\u2069 جنوبًا"
    True
    """
    return _RUN.sub(lambda run: f"\u2066{run[1]}\u2069" if run[1] else run[0], text)
