"""Loads the rule files of data/rules: a rule has a name, a pattern, settings, and the examples that prove it.

In a pattern a blank stands for one to three blanks, and `{name}` for the list of that name in `[words]`.
Text is matched in lower case. Rules that look to the left of a number are matched backwards from it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import regex

from extract.quantity.units import forms_of
from extract.word_lists import WordList

DIRECTORY = Path(__file__).parent.parent / "data" / "rules"
_PLAIN_START = regex.compile(r"\p{L}(?![?*+{])")
_MACRO = regex.compile(r"\{([a-z_]+)\}")
# Lists that every rule file may use, by the kinds of units they hold.
_UNIT_LISTS = {
    "counted": ("noun", "measure", "money"),
    "counted_noun": ("noun",),
    "measure": ("measure",),
    "money": ("money",),
}
_KNOWN = {"name", "pattern", "left", "left_not", "right", "right_not", "start", "examples", "counterexamples"}


class RuleError(Exception):
    """A rule file is malformed; the message names the file and the rule."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule: `pattern` is matched at a place in the text, `left` and `left_not` end there.

    `right` and `right_not` are conditions on what follows; each step says where.
    """

    name: str
    pattern: regex.Pattern[str] | None
    left: regex.Pattern[str] | None = None
    left_not: regex.Pattern[str] | None = None
    right: regex.Pattern[str] | None = None
    right_not: regex.Pattern[str] | None = None
    start: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()

    def match(self, text: str, start: int, lowest: int = 0) -> regex.Match[str] | None:
        """Return the match of `pattern` at `start` when the left side allows it, else None."""
        # The pattern fails sooner than the look to the left.
        match = self.pattern.match(text, start) if self.pattern is not None else None
        return match if match is not None and self.allows(text, start, lowest) else None

    def allows(self, text: str, start: int, lowest: int = 0) -> bool:
        """Say whether what stands before `start` fulfils `left` and does not fulfil `left_not`."""
        if self.left is not None and self.left.match(text, lowest, start) is None:
            return False
        return self.left_not is None or self.left_not.match(text, lowest, start) is None

    def fits(self, text: str, end: int) -> bool:
        """Say whether what stands after `end` fulfils `right` and does not fulfil `right_not`."""
        if self.right is not None and self.right.match(text, end) is None:
            return False
        return self.right_not is None or self.right_not.match(text, end) is None


@cache
def load_rules(step: str) -> tuple[Rule, ...]:
    """Return the rules of data/rules/<step>.toml in their order; raises RuleError naming file and rule."""
    content = _read(step)
    words = load_words(step)
    rules = tuple(_rule(step, entry, words) for entry in content.get("rule", []))
    names = [rule.name for rule in rules]
    for name in names:
        if names.count(name) > 1:
            raise RuleError(f"{step}.toml: two rules are named {name}")
    return rules


@cache
def find_rule(step: str, name: str) -> Rule:
    """Return the rule of that name in data/rules/<step>.toml; raises RuleError when there is none."""
    for rule in load_rules(step):
        if rule.name == name:
            return rule
    raise RuleError(f"{step}.toml: there is no rule {name}")


@cache
def load_words(step: str) -> dict[str, list[str]]:
    """Return the word lists of data/rules/<step>.toml by name, with those that data/units.csv gives."""
    words = _read(step).get("words", {})
    for name, entries in words.items():
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise RuleError(f"{step}.toml: the word list {name} is not a list of strings")
    given = {
        name: [regex.escape(form, literal_spaces=True) for form in forms_of(*kinds)]
        for name, kinds in _UNIT_LISTS.items()
    }
    return {**given, **words}


@cache
def word_list(step: str, name: str) -> WordList:
    """Return a list of plain words of data/rules/<step>.toml, found where they stand as whole words."""
    words = load_words(step)
    return WordList.of(compile_pattern(rf"(?<!\p{{L}}){{{name}}}(?!\p{{L}})", words), words[name])


@cache
def load_table(step: str, name: str) -> dict[str, Any]:
    """Return a table of data/rules/<step>.toml; raises RuleError when the file has none of that name."""
    table = _read(step).get(name)
    if not isinstance(table, dict):
        raise RuleError(f"{step}.toml: there is no table {name}")
    return table


def either(entries: Sequence[str]) -> str:
    """Return the alternation of the entries, by first letters, so that most places in a text fail at once."""
    if any("|" in entry or not _PLAIN_START.match(entry) for entry in entries):
        return "|".join(entries)
    by_letter: dict[str, list[str]] = {}
    for entry in entries:
        by_letter.setdefault(entry[0], []).append(entry[1:])
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in by_letter.items())


def compile_pattern(
    pattern: str, words: dict[str, list[str]], *, backwards: bool = False
) -> regex.Pattern[str]:
    """Return the compiled pattern, with word lists filled in; backwards ones are anchored where they end.

    Raises KeyError for an unknown list and regex.error for a broken pattern.
    """

    def expand(match: regex.Match[str]) -> str:
        return "(?:" + either(sorted(words[match.group(1)], key=len, reverse=True)) + ")"

    while _MACRO.search(pattern):
        pattern = _MACRO.sub(expand, pattern)
    pattern = pattern.replace(" ", r"(?:\x20{1,3})")
    return regex.compile(pattern, regex.REVERSE if backwards else 0)


def any_of(patterns: Iterable[regex.Pattern[str]], *, backwards: bool = False) -> regex.Pattern[str]:
    """Return a pattern that matches where one of several does."""
    return regex.compile(
        "|".join(f"(?:{pattern.pattern})" for pattern in patterns) or "(?!)",
        regex.REVERSE if backwards else 0,
    )


@cache
def _read(step: str) -> dict[str, Any]:
    path = DIRECTORY / f"{step}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise RuleError(f"{path.name}: {error}") from error


def _rule(step: str, entry: dict[str, Any], words: dict[str, list[str]]) -> Rule:
    name = entry.get("name")
    if not isinstance(name, str):
        raise RuleError(f"{step}.toml: a rule has no name")
    try:
        return Rule(
            name=name,
            pattern=compile_pattern(entry["pattern"], words) if "pattern" in entry else None,
            left=compile_pattern(entry["left"], words, backwards=True) if "left" in entry else None,
            left_not=compile_pattern(entry["left_not"], words, backwards=True)
            if "left_not" in entry
            else None,
            right=compile_pattern(entry["right"], words) if "right" in entry else None,
            right_not=compile_pattern(entry["right_not"], words) if "right_not" in entry else None,
            start=tuple(entry.get("start", ())),
            settings={key: value for key, value in entry.items() if key not in _KNOWN},
            examples=tuple(entry.get("examples", ())),
            counterexamples=tuple(entry.get("counterexamples", ())),
        )
    except (KeyError, regex.error) as error:
        raise RuleError(f"{step}.toml, rule {name}: {error}") from error
