"""Scores on the annotated real articles may not fall below tests/floors.json, which may only rise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.gold import GOLD, score

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))

pytestmark = pytest.mark.skipif(not GOLD.is_dir(), reason="the annotated articles are not here")


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_scores_hold(name: str) -> None:
    reached = score(name)
    fallen = {
        measure: (reached[measure], floor)
        for measure, floor in FLOORS[name].items()
        if reached[measure] < floor
    }
    assert not fallen
