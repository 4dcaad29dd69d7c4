"""Archives that are broken, hostile or none: what is sound in them is kept, the rest is counted and told."""

from __future__ import annotations

import gzip
import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archives.warc import Answer, ArchiveError, read_warc
from tests.conftest import command
from tests.import_samples import archive, counted, imported, page, stored, url
from tests.local_site import article
from tests.warc_fixtures import NOW, packed, record


def broken_member(number: int) -> bytes:
    member = bytearray(packed(record(url(number), random.Random(number).randbytes(400))))
    member[250] ^= 0xFF
    return bytes(member)


BROKEN = {
    "a member that is no gzip": (packed(page(1)) + broken_member(2) + packed(page(3)), {1, 3}, "broken"),
    "a member without its beginning": (
        packed(page(1)) + packed(page(2))[3:] + packed(page(3)),
        {1, 3},
        "broken",
    ),
    "a wrong checksum": (
        packed(page(1)) + packed(page(2))[:-8] + bytes(8) + packed(page(3)),
        {1, 3},
        "broken",
    ),
    "ten gigabytes claimed": (packed(page(1), page(2, claimed=10**10), page(3)), {1, 3}, "too_large"),
    "ten gigabytes claimed, not packed": (page(1) + page(2, claimed=10**10) + page(3), {1, 3}, "too_large"),
    "a length that no number holds": (page(1) + page(2, claimed=10**30) + page(3), {1, 3}, "broken"),
    "a negative length": (page(1) + page(2, claimed=-5) + page(3), {1, 3}, "broken"),
    "more claimed than there is": (packed(page(1), page(2, claimed=5000), page(3)), {1, 3}, "broken"),
    "a record inside the one before": (
        page(1) + page(2, claimed=900) + page(3) + page(4),
        {1, 3, 4},
        "broken",
    ),
    "less claimed than there is": (page(1) + page(2, claimed=300) + page(3), {1, 3}, "broken"),
    "rubbish between": (page(1, digest=True) + b"rubbish\r\n\r\n" + page(3), {1, 3}, "broken"),
    "the end cut off": (packed(page(1), page(3), page(2))[:-30], {1, 3}, "truncated"),
    "the end cut off, not packed": ((page(1) + page(3) + page(2))[:-300], {1, 3}, "truncated"),
    "a wrong digest": (
        page(1) + page(2, digest=True).replace(b"118 ha", b"119 ha") + page(3),
        {1, 3},
        "broken",
    ),
    "endless headers": (packed(page(1), b"WARC/1.0\r\nX: " + b"a" * 10**6, page(3)), {1, 3}, "broken"),
    "a bomb": (packed(page(1), record(url(2), bytes(2**25)), page(3)), {1, 3}, "too_large"),
    "one member for all": (gzip.compress(page(1) + page(3)), {1, 3}, None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_record_does_not_take_the_others_with_it(name: str, tmp_path: Path) -> None:
    body, numbers, counter = BROKEN[name]
    summary = imported(tmp_path, archive(tmp_path, body))
    assert set(stored(tmp_path)) == {url(number) for number in numbers}
    assert counted(summary, "stored") == ({counter: 1} if counter else {})
    assert summary.damaged == (1 if counter else 0)


def test_a_file_of_nothing_but_broken_records_is_left(tmp_path: Path) -> None:
    body = page(1) + b"WARC/1.0\r\nContent-Length: 9\r\n\r\n" * 1200
    with pytest.raises(ArchiveError, match=r"a\.warc: it has more than 1,000 broken records"):
        imported(tmp_path, archive(tmp_path, body, "a.warc"))


@settings(max_examples=150)
@given(
    pack=st.booleans(),
    places=st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=9), st.integers(0, 9)), max_size=4),
)
def test_any_damage_gives_answers_as_they_were_or_none(
    pack: bool, places: list[tuple[int, bytes, int]]
) -> None:
    records = [page(number, digest=True) for number in range(3)]
    body = packed(*records) if pack else b"".join(records)
    for place, new, removed in places:
        place %= len(body)
        body = body[:place] + new + body[place + removed :]
    found = list(read_warc(BytesIO(body), skip=lambda url: None, largest=2**20, now=NOW))
    whole = [article(number) for number in range(3)]
    answers = [one.body for one in found if isinstance(one, Answer)]
    if not places:
        assert answers == whole
    strange = [body for body in answers if body not in whole]
    assert len(strange) <= (0 if pack else len(places))  # a damaged digest line can vouch for nothing


NOT_ARCHIVES = {
    "zero.warc": b"",
    "zero.warc.gz": gzip.compress(b""),
    "notes.warc.gz": gzip.compress(b"only notes\n" * 50),
    "cut.warc.gz": packed(page(1))[:9],
    "other.warc.zst": b"\x28\xb5\x2f\xfd" + bytes(50),
}


@pytest.mark.parametrize("name", NOT_ARCHIVES)
def test_what_is_no_archive_is_told_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = archive(tmp_path, NOT_ARCHIVES[name], name)
    result = command("import", path, "--pages", tmp_path / "pages.db")
    assert result.exit_code == 2
    assert result.output.strip().splitlines()[-1].startswith("Error: ")
    assert name in result.output
