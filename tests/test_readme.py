"""What the README shows works as it is shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import chiso
from tests.conftest import command

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_notebook_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("112/173 ratio 112 173 ")
    assert said[1].startswith("64,7% percent 64.7 None ")


def test_the_sentence_gives_the_rows_of_the_table() -> None:
    sentence = " ".join(line.removeprefix("> ") for line in README.splitlines() if line.startswith("> "))
    rows = re.findall(r"^\| `(.+?)` \|", README, flags=re.MULTILINE)
    result = command("explain", sentence, "--province", "Quảng Ngãi", "--published", "2024-10-05")
    assert rows == ["81.200/116.000", "70%", "12%", "85%"]
    for row in rows:
        assert f"\n{row}\n   value: " in result.output
    assert "restates: the same value as 81.200/116.000" in result.output


def test_every_command_that_it_names_exists() -> None:
    named = set(re.findall(r"^(?:\w+=\S+ )?chiso (\w+)", README, flags=re.MULTILINE))
    assert named
    assert named <= set(chiso.main.commands)


def test_every_file_that_it_links_is_there() -> None:
    linked = re.findall(r"\]\(([\w./]+)\)", README)
    assert linked
    assert all((ROOT / path).exists() for path in linked)


MEASURES = {
    "figures found (F1)": "detection_f1",
    "achieved or promised": "status",
    "place, nulls counted": "place",
    "period, nulls counted": "period",
    "indicator phrase (mean F1 of syllables)": "indicator",
    "**whole record** (F1)": "record_f1",
}


def test_no_score_that_it_tells_is_below_its_floor() -> None:
    floors = json.loads((ROOT / "tests" / "floors.json").read_text(encoding="utf-8"))
    table = (
        line.strip("|").split("|")
        for line in README.splitlines()
        if line.strip("| ").startswith(tuple(MEASURES))
    )
    told = {MEASURES[name.strip()]: [cell.strip(" *") for cell in cells] for name, *cells in table}
    assert told.keys() == set(MEASURES.values())
    for measure, (train, _, dev, _) in told.items():
        assert float(train) >= floors["train"][measure]
        assert float(dev) >= floors["dev"][measure]
