"""The single-file map opened from disk: it asks for nothing, runs nothing planted, and speaks both languages."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geodata import registry
from geodata.catalog import shipped
from geodata.formats import html
from geodata.map_file import STRINGS, single_file
from geodata.model import Layer
from tests.browser.bidi import turned

# The middle of the line that was measured, in pixels: halfway between its ends, the prison and the foot.
MIDDLE = """() => {
  const map = Object.entries(window).find(([name]) => name.startsWith("map_"))[1];
  const { layers } = JSON.parse(document.getElementById("masafa-data").textContent);
  const line = layers.at(-1).features.find((feature) => feature.properties.role === "distance");
  const [a, b] = [line.geometry.coordinates[0], line.geometry.coordinates.at(-1)];
  const at = map.latLngToContainerPoint([(a[1] + b[1]) / 2, (a[0] + b[0]) / 2]);
  return [at.x, at.y];
}"""

pytestmark = pytest.mark.browser

PLANTED = "<img src=x onerror=\"document.title='ran'\"><script>document.title='ran'</script>"


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[tuple[Page, Path, list[str]]]:
    """A page with no network, the file it will open, and what it asked for or complained of."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, offline=True)
    context.set_default_timeout(90_000)
    page, path, wrong = context.new_page(), tmp_path / "map.html", []
    own = path.as_uri()
    page.on("request", lambda asked: None if asked.url.startswith((own, "data:")) else wrong.append(asked.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text))
    yield page, path, wrong
    context.close()
    assert wrong == []


def test_it_opens_from_disk_and_switches_language(opened: tuple[Page, Path, list[str]], lang: str) -> None:
    page, path, _ = opened
    path.write_bytes(single_file(shipped(), shipped().ids(), lang))
    page.goto(path.as_uri())
    names = {one: shipped().feature("hasakah-prison").name[one] for one in ("ar", "en")}
    other = "en" if lang == "ar" else "ar"
    for spoken in (lang, other):
        expect(page.locator("html")).to_have_attribute("lang", spoken)
        expect(page.locator(".label", has_text=names[spoken])).to_have_count(1)
        expect(page.get_by_text(STRINGS["notice"][spoken])).to_be_visible()
        page.get_by_role("button", name=names[spoken]).first.click()
        popup = page.locator(".leaflet-popup-content")
        assert popup.get_by_role("heading", name=names[spoken]).is_visible()
        expect(popup).to_contain_text("1.5", use_inner_text=True)
        page.locator("#panel .switch").click()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(len(shipped().ids()))


def test_layers_are_switched_off_and_on(opened: tuple[Page, Path, list[str]]) -> None:
    page, path, _ = opened
    path.write_bytes(single_file(shipped(), shipped().ids(), "en"))
    page.goto(path.as_uri())
    box = page.get_by_label(shipped().layer("sites").title["en"], exact=True)
    label = page.locator(".label", has_text=shipped().feature("hasakah-prison").name["en"])
    expect(label).to_have_count(1)
    box.uncheck()
    # Leaflet fades a label out before it takes it away.
    expect(page.locator(".label")).to_have_count(0)
    box.check()
    expect(label).to_have_count(1)


def test_the_legend_names_what_is_drawn(opened: tuple[Page, Path, list[str]], lang: str) -> None:
    page, path, _ = opened
    path.write_bytes(single_file(shipped(), ("borders", "sites"), lang))
    page.goto(path.as_uri())
    legend = page.locator("#legend")
    prison = shipped().vocabulary()["kind"]["prison"][lang]
    expect(legend.get_by_text(prison, exact=True)).to_be_hidden()
    page.get_by_text(STRINGS["legend"][lang]).click()
    for text in (prison, STRINGS["circle"][lang], STRINGS["somewhere"][lang]):
        expect(legend.get_by_text(text, exact=True)).to_be_visible()
    expect(legend.get_by_text(shipped().vocabulary()["kind"]["river"][lang], exact=True)).to_have_count(0)


def test_days_choose_the_events_and_what_is_undated_is_said(opened: tuple[Page, Path, list[str]], lang: str) -> None:
    page, path, _ = opened
    path.write_bytes(single_file(shipped(), shipped().ids(), lang))
    page.goto(path.as_uri())
    events = shipped().layer("events").features
    named = page.locator("#panel ul").last.locator("li")
    expect(named).to_have_count(len(events))
    page.get_by_label(STRINGS["from"][lang], exact=True).fill("2024-01-15")
    page.get_by_label(STRINGS["to"][lang], exact=True).fill("2024-01-31")
    page.get_by_label(STRINGS["to"][lang], exact=True).dispatch_event("change")
    kept = [
        one.name[lang]
        for one in events
        if one.properties["date_start"]
        and one.properties["date_start"] <= "2024-01-31"
        and (one.properties["date_end"] or one.properties["date_start"]) >= "2024-01-15"
    ]
    assert 0 < len(kept) < len(events)
    expect(named).to_have_count(len(kept))
    undated = sum(not one.properties["date_start"] for one in events)
    expect(page.get_by_text(f"{STRINGS['undated'][lang]} {undated}")).to_be_visible()
    page.locator("#panel .switch").click()
    expect(named).to_have_count(len(kept))


def test_a_result_is_drawn_and_brought_into_view(opened: tuple[Page, Path, list[str]]) -> None:
    page, path, _ = opened
    answer = registry.run("proximity", {"layer": "hasakah-prison", "target": "border-iq-sy"})
    path.write_bytes(single_file(shipped(), ("borders",), "en", answer))
    page.goto(path.as_uri())
    box = page.get_by_label(registry.analyses()["proximity"].title["en"], exact=True)
    assert box.is_checked()
    page.mouse.click(*page.evaluate(MIDDLE))
    expect(page.locator(".leaflet-popup-content")).to_contain_text("49 ± 3 km", use_inner_text=True)


def test_figures_and_dates_read_left_to_right(opened: tuple[Page, Path, list[str]]) -> None:
    page, path, _ = opened
    answer = registry.run("buffer", {"layer": "al-qaim", "km": "10,25"})
    path.write_bytes(single_file(shipped(), shipped().ids(), "ar", answer))
    page.goto(path.as_uri())
    page.get_by_text(STRINGS["legend"]["ar"]).click()
    assert turned(page) == []
    named = page.locator("#panel ul").last.get_by_role("button")
    for number in random.Random(15).sample(range(named.count()), 8):
        named.nth(number).click()
        # The popup before fades out.
        expect(page.locator(".leaflet-popup-content")).to_have_count(1)
        assert turned(page) == [], number
    popup = page.locator(".leaflet-popup-content")
    popup.evaluate("popup => popup.append('من 10 – 25 كم')")
    assert len(turned(page)) == 1


def planted() -> bytes:
    """Return a map whose every text, of layers, features and sources, is hostile."""

    def hostile(value: object) -> object:
        if isinstance(value, dict):
            return {key: hostile(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [hostile(item) for item in value]
        return PLANTED if isinstance(value, str) else value

    entry = dict(shipped().layer("sites").entry)
    for key in ("title", "attribution", "licence"):
        entry[key] = hostile(entry[key])
    features = json.loads(shipped().layer_path("sites").read_bytes())["features"]
    for feature in features:
        kept = {"sources": feature["properties"]["sources"], "kind": feature["properties"]["kind"]}
        text = {"en": PLANTED, "ar": PLANTED}
        extra = {"identification": text, "derived": text, "note": text, "date_text": text, "illustration": True}
        feature["properties"] = {**hostile(feature["properties"]), **kept, **extra}
    sources = {id_: hostile(dict(record)) for id_, record in shipped().sources().items()}
    vocabulary = {name: hostile(words) for name, words in shipped().vocabulary().items()}
    sheet = html.Sheet(Layer("sites", PLANTED, entry, ()), features)
    return html.write([sheet], vocabulary, sources, STRINGS, "en")  # type: ignore[arg-type]


def test_planted_attributes_run_nothing(opened: tuple[Page, Path, list[str]]) -> None:
    page, path, _ = opened
    path.write_bytes(planted())
    page.goto(path.as_uri())
    page.locator("#panel .place").first.click()
    expect(page.locator(".leaflet-popup-content")).to_contain_text(PLANTED, use_inner_text=True)
    page.locator("#panel .switch").click()
    expect(page.locator("img[src=x]")).to_have_count(0)
    assert page.title() == "Masafa · مسافة"


# The colour of the map 4 pixels to the left and 3 above a place, where a square has its own and a triangle has none.
BESIDE = """names => {
  const map = Object.entries(window).find(([name]) => name.startsWith("map_"))[1];
  const { layers } = JSON.parse(document.getElementById("masafa-data").textContent);
  const sites = layers.find(({ id }) => id === "sites").features;
  const canvas = document.querySelector(".folium-map canvas");
  const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return names.map((name) => {
    const site = sites.find(({ properties }) => properties.name_en === name);
    const at = map.latLngToContainerPoint(site.geometry.coordinates.toReversed());
    const [x, y] = [at.x - 4 - box.left, at.y - 3 - box.top].map((part) => Math.round(part * scale));
    return [...data.slice(4 * (y * canvas.width + x)).slice(0, 3)];
  });
}"""


def test_a_kind_has_a_shape_and_not_a_colour_alone(opened: tuple[Page, Path, list[str]]) -> None:
    page, path, _ = opened
    path.write_bytes(single_file(shipped(), ["sites"], "en"))
    page.goto(path.as_uri())
    names = [shipped().feature(id_).name["en"] for id_ in ("hasakah-prison", "ain-al-asad")]
    prison, base = page.evaluate(BESIDE, names)
    assert prison == [0x9C, 0x2A, 0x2A]
    assert base not in ([0x4A, 0x3F, 0x8C], [0, 0, 0])
    page.get_by_text(STRINGS["legend"]["en"]).click()
    signs = page.locator("#legend .sign").evaluate_all(
        "signs => signs.map((sign) => sign.style.clipPath).filter(Boolean)"
    )
    kinds = {feature.kind for feature in shipped().layer("sites").features} - {"city", "town", "district", "area"}
    assert len(signs) == len(set(signs)) == len(kinds)
