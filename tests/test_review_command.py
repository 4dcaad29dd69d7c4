"""`chiso review` as people and machines use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from store.review_history import list_reviews
from tests.conftest import command
from tests.review_samples import RATIO, SHARE, two_figures


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return two_figures(tmp_path)


def test_the_command_reviews_lists_and_undoes(path: Path) -> None:
    def chiso(*words: str) -> Any:
        done = command("review", *words, "--db", path, "--json")
        assert done.exit_code == 0, done.output
        return [json.loads(line) for line in done.output.splitlines()]

    by = ("--reason", "[bold]x[/]", "--by", "Lan")
    (written,) = chiso("correct", RATIO, "--set", "value=78500", "--set", "locality=", *by, "--after", "0")
    assert (written["changes"], written["applied"]) == ({"value": "78500"}, True)
    chiso("reject", SHARE, *by)
    chiso("undo", "2", *by)
    chiso("confirm", SHARE, *by)
    assert [row["state"] for row in chiso("list")] == ["holds", "undone", "undo", "holds"]
    assert [row["id"] for row in chiso("list", "--figure", RATIO)] == [1]
    assert "[bold]x[/]" in command("review", "list", "--db", path).output


@pytest.mark.parametrize(
    "words",
    [
        ("confirm", "nothing", "--reason", "x", "--by", "Lan"),
        ("confirm", RATIO, "--reason", " ", "--by", "Lan"),
        ("confirm", RATIO, "--reason", "x", "--by", "Lan", "--after", "3"),
        ("correct", RATIO, "--set", "value", "--reason", "x", "--by", "Lan"),
        ("correct", RATIO, "--set", "value=1", "--set", "value=2", "--reason", "x", "--by", "Lan"),
        ("correct", RATIO, "--set", "value=1.000", "--reason", "x", "--by", "Lan"),
        ("undo", "1", "--reason", "x", "--by", "Lan"),
    ],
    ids=" ".join,
)
def test_the_command_refuses_in_one_sentence(path: Path, words: tuple[str, ...]) -> None:
    done = command("review", *words, "--db", path)
    assert done.exit_code == 2
    assert done.output.strip().splitlines()[-1].startswith("Error: ")
    assert list_reviews(path) == []
