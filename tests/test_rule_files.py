"""Every rule of data/rules that reads numbers and times shows that it works, and where it stops."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from extract import rules
from tests.steps import fired_rules

STEPS = ("times", "guards", "bounds", "quantities")
ROOT = Path(__file__).parent.parent
RULES = [
    pytest.param(step, rule, id=f"{step}-{rule.name}") for step in STEPS for rule in rules.load_rules(step)
]


@pytest.mark.parametrize(("step", "rule"), RULES)
def test_rule_has_examples_that_behave(step: str, rule: rules.Rule) -> None:
    assert rule.examples, f"{step}: {rule.name} has no example"
    assert rule.counterexamples, f"{step}: {rule.name} has no counterexample"
    for example in rule.examples:
        assert rule.name in fired_rules(example), f"{rule.name} does not fire on: {example}"
    for example in rule.counterexamples:
        assert rule.name not in fired_rules(example), f"{rule.name} fires on: {example}"


def test_every_rule_is_hit_at_least_twice() -> None:
    corpus = (ROOT / "tests" / "corpus").glob("*.toml")
    texts = [
        case["text"] for path in corpus for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
    ]
    texts += [example for step in STEPS for rule in rules.load_rules(step) for example in rule.examples]
    hits = Counter(name for text in texts for name in fired_rules(text))
    seldom = [rule.name for step in STEPS for rule in rules.load_rules(step) if hits[rule.name] < 2]
    assert seldom == []


def test_rule_names_are_unique_across_files() -> None:
    names = [rule.name for step in STEPS for rule in rules.load_rules(step)]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "rules").glob("*.toml")), ids=lambda path: path.name)
def test_rule_files_are_documented(path: Path) -> None:
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert f"rules/{path.name}" in readme
    assert path.read_text(encoding="utf-8").startswith("#"), (
        "a rule file begins with a comment on what it holds"
    )


def test_a_broken_rule_names_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.toml").write_text('[[rule]]\nname = "odd"\npattern = "("\n', encoding="utf-8")
    monkeypatch.setattr(rules, "DIRECTORY", tmp_path)
    with pytest.raises(rules.RuleError, match=r"broken\.toml, rule odd"):
        rules.load_rules("broken")
