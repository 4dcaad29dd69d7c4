"""What may be asked: public addresses, declared hosts and their ports."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from crawler.guards import is_public, unfit
from store.sources import load_sources

SOURCES = load_sources()
PAPER = SOURCES["baogialai"]
HOME = "https://baogialai.com.vn/kinh-te"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2606:4700::1111", True),
        ("::127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("::ffff:0:127.0.0.1", False),
        ("2001:0:7f00:1::", False),
        ("192.0.0.8", False),
        ("255.255.255.255", False),
    ],
)
def test_private_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("url", "counter"),
    [
        (HOME, None),
        ("https://baogialai.com.vn:443/", None),
        ("ftp://baogialai.com.vn/", "guard_scheme"),
        ("https://tin.baogialai.com.vn/", "guard_host"),
        ("https://baogialai.com.vn.khac.example/", "guard_host"),
        ("https://baogialai.com.vn:8080/", "guard_port"),
        ("http://169.254.169.254/latest/", "guard_host"),
    ],
)
def test_what_may_be_asked(url: str, counter: str | None) -> None:
    assert unfit(urlsplit(url), PAPER, None) == counter


def test_only_a_site_on_this_machine_has_a_port_of_its_own() -> None:
    assert unfit(urlsplit("http://127.0.0.1:4000/"), SOURCES["sample-aid"], 4000) is None
    assert unfit(urlsplit("http://127.0.0.1:4001/"), SOURCES["sample-aid"], 4000) == "guard_port"
    assert unfit(urlsplit("http://127.0.0.1:8470/"), SOURCES["sample-aid"], None) is None
    assert unfit(urlsplit("https://baogialai.com.vn:4000/"), PAPER, 4000) == "guard_port"
