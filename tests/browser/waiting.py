"""Waiting for what no locator tells."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

PATIENCE = 20.0


def until(page: Page, expression: str, given: Any = None) -> None:
    """Wait until an expression holds in a page.

    Playwright's own way evaluates a text in the page over and over, which the policy of our pages forbids it from the
    second time on.
    """
    end = time.monotonic() + PATIENCE
    while not page.evaluate(expression, given):
        assert time.monotonic() < end, f"{expression} does not hold"
        page.wait_for_timeout(50)
