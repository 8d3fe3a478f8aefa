"""The committed data is what its scripts and tables make, byte for byte."""

from __future__ import annotations

import importlib
import json
import os

import pytest

from geodata import settings
from scripts.layers import records
from scripts.layers.write import layer_text, record_text


@pytest.mark.parametrize("name", ["actors", "claims"])
def test_records_are_those_of_their_table(name):
    result = record_text(name, records.records(name))
    assert (settings.SOURCES / f"{name}.json").read_text("utf-8") == result


def test_sources_are_those_of_their_table():
    assert (settings.SOURCES / "sources.json").read_text("utf-8") == record_text("sources", records.sources())


def test_every_layer_records_where_it_comes_from():
    for entry in json.loads((settings.LAYERS / "catalog.json").read_text("utf-8"))["layers"]:
        assert entry["provenance"], entry["id"]
        for origin in entry["provenance"]:
            assert (settings.PACKAGE.parent / origin["script"]).is_file()


QUICK = ("sites", "events", "places", "wall", "borders-alternatives")


@pytest.mark.parametrize("name", QUICK)
def test_layers_are_those_of_their_packages(name):
    pytest.importorskip("timezonefinder", reason="`make layers` installs the packages the layers are built from")
    pytest.importorskip("h5py", reason="`make layers` installs the packages the layers are built from")
    build = importlib.import_module("scripts.layers.__main__")
    assert (settings.LAYERS / f"{name}.geojson").read_text("utf-8") == layer_text(build.BUILDERS[name]())


@pytest.mark.torture
@pytest.mark.skipif("MASAFA_TORTURE" not in os.environ, reason="two minutes; `make torture`")
@pytest.mark.parametrize("name", ["backdrop", "countries", "governorates", "rivers", "borders"])
def test_heavy_layers_are_those_of_their_packages(name):
    test_layers_are_those_of_their_packages(name)
