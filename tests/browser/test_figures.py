"""A radius is written by the page's script as the library writes it."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.analysis.number_format import radius
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

WRITE = """async (all) => {
  const main = [...document.scripts].find((one) => one.type === "module" && one.src);
  const { radius } = await import(new URL("../core/i18n.js", main.src).href);
  return all.map((metres) => radius(metres).number);
}"""


def test_radii_are_written_as_the_library_writes_them(visit: Visit) -> None:
    random = np.random.default_rng(3)
    metres = [70.7107, 20.0, 1500.0, 184_200.0, 0.5, *np.round(10 ** random.uniform(-1, 6.5, 3000), 4).tolist()]
    written = visit("/?lang=en").evaluate(WRITE, metres)
    assert written == [radius(one)["number"] for one in metres]
