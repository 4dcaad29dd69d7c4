"""How fast a domain is asked, and when a host is given up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.pace import MAX_DELAY, halve_rate, slow_down, turn_of
from crawler.politeness import IN_A_ROW, WINDOW, Health, retry_after
from store.domains import registrable_domain


def test_hosts_of_one_domain_share_their_turn() -> None:
    assert registrable_domain("travinh.baovinhlong.vn") == "baovinhlong.vn"
    assert registrable_domain("www.baogialai.com.vn") == "baogialai.com.vn"
    assert registrable_domain("127.0.0.1") == "127.0.0.1"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 22 Nov 2026 04:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 03:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after(value, datetime(2026, 11, 22, 4, tzinfo=UTC)) == seconds


def test_a_host_is_given_up_after_a_run_of_failures_or_a_share_of_them() -> None:
    health = Health()
    for _ in range(IN_A_ROW - 1):
        health.record(True)
    assert health.verdict() is None
    health.record(True)
    assert health.verdict() == "failed 12 times in a row"
    health = Health()
    for number in range(WINDOW):
        health.record(number % 4 == 0)
    assert health.verdict() == "failed 50 of its last 200 requests"


def test_a_slower_pace_holds_for_a_domain_and_only_grows() -> None:
    domain = "bao-cham.example"
    slow_down(domain, 10)
    slow_down(domain, 1)
    assert turn_of(domain).least_delay == 10
    halve_rate(domain, 1.5)
    assert turn_of(domain).least_delay == 20
    halve_rate("bao-khac.example", 1.5)
    assert turn_of("bao-khac.example").least_delay == 3
    slow_down(domain, 3600)
    assert turn_of(domain).least_delay == MAX_DELAY
