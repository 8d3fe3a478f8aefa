"""What the operator sets: ports and addresses, good and bad."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.errors import BadValue
from webapp.config import LOOPBACK, Config


@pytest.mark.parametrize("port", ["0", "65536", "x", "-1", "80.0", "٨٠٠٠", "1" * 5000, " 80", "8_0"])
def test_bad_ports(port: str) -> None:
    with pytest.raises(BadValue, match=r"PORT: .* allowed: a number from 1 to 65535"):
        Config.from_environment({"PORT": port})


@pytest.mark.parametrize(
    "base",
    [
        "map.example.org",
        "ftp://map.example.org",
        "https://",
        "https://u:p@map.example.org",
        "http://[bad",
        "https://a b",
        "https://map.example.org/?q",
        "javascript://x",
        "https://map.example.org:port",
    ],
)
def test_bad_addresses(base: str) -> None:
    with pytest.raises(BadValue, match="MASAFA_BASE_URL"):
        Config.from_environment({"MASAFA_BASE_URL": base})


@given(st.integers(0, 99_999))
@example(0)
@example(1)
@example(65_535)
@example(65_536)
def test_a_port_is_a_number_from_1_to_65535(port: int) -> None:
    if 1 <= port <= 65_535:
        assert Config.from_environment({"PORT": str(port)}).port == port
    else:
        with pytest.raises(BadValue, match="PORT"):
            Config.from_environment({"PORT": str(port)})


def test_defaults() -> None:
    assert Config.from_environment({}) == Config.from_environment({"PORT": "", "MASAFA_BASE_URL": ""}) == Config()
    assert Config().hosts == LOOPBACK


@pytest.mark.parametrize(
    ("base", "host"),
    [
        ("https://Map.Example.org/", "map.example.org"),
        ("http://10.0.0.7:8080", "10.0.0.7"),
        ("http://[2001:db8::1]:80/masafa", "[2001:db8::1]"),
        ("https://map.example.org/data//", "map.example.org"),
    ],
)
def test_the_name_of_an_address_is_served(base: str, host: str) -> None:
    result = Config.from_environment({"PORT": "81", "MASAFA_BASE_URL": base})
    assert result.port == 81
    assert result.hosts == LOOPBACK | {host}
    assert result.base_url is not None
    # Slashes at the end are taken away, and nothing else.
    assert not result.base_url.endswith("/")
    assert base.startswith(result.base_url)
    assert set(base[len(result.base_url) :]) <= {"/"}
