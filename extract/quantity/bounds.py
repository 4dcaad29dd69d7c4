"""Words around a number that bound it or make it a rise or a fall, by the rules of data/rules/bounds.toml."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from extract import rules
from extract.analysis import Time
from extract.word_lists import syllables_of
from store.records import Comparator, Measure

_STEP = "bounds"
_REACH = 70  # characters on the left that hold hedges and verbs
_FALLS = ("giảm", "thấp", "ít", "kém", "hụt", "thiếu", "thua")
_MAX_WORDS = 5  # hedges and adverbs between a verb of change and its number
_BASE_WORDS = regex.compile(r"(?r)(?<!\p{L})(?:so\x20với|so|hơn)\x20(?:\p{L}{1,8}\x20){0,3}")
_LINK = regex.compile(r"(?r)(?<!\p{L})(?:là|khoảng|thêm|ước|đạt)\x20")


class Bounds(NamedTuple):
    """What stands on the left of a number: where it begins, the bound, the change, the rules."""

    left: int
    comparator: Comparator | None = None
    measure: Measure | None = None
    sign: int = 1
    change: str | None = None
    rules: tuple[str, ...] = ()


def read_left(
    text: str, start: int, right: int, kinds: Sequence[str], times: Sequence[Time], lowest: int
) -> Bounds:
    """Return the bounds on the left of the number at `start`, whose unit ends at `right`.

    `text` is in lower case; `kinds` are the quantity's kind, with "points" for percentage points and "range"
    for a range; `times` are those of the text that may stand between a verb and its number.
    """
    lowest = max(lowest, start - _REACH)
    bounds = _hedged(text, Bounds(start), right, kinds, lowest)
    position = bounds.left
    telling = _change_words(text)
    at = bisect_left(telling, lowest)
    if at == len(telling) or telling[at] >= start:
        return bounds
    for _ in range(_MAX_WORDS):
        changed = _changed(text, bounds, position, right, kinds, lowest)
        if changed is not None:
            return changed
        stepped = _step_left(text, position, lowest)
        if stepped == position:
            over_time = _over_time(text, bounds, position, times, lowest)
            return over_time or _of_a_thing(text, bounds, position, kinds, lowest) or bounds
        position = stepped
    return bounds


def _hedged(text: str, bounds: Bounds, right: int, kinds: Sequence[str], lowest: int) -> Bounds:
    """Return the bounds with the hedges next to the number; the nearer one decides ("khoảng hơn 10")."""
    hedges = _suited(_hedges(), tuple(kinds))
    for rule in hedges.rules if hedges.left.match(text, lowest, bounds.left) else ():
        match = rule.left.match(text, lowest, bounds.left) if rule.left is not None else None
        if match is None:
            continue
        if not rule.allows(text, bounds.left, lowest) or not rule.fits(text, right):
            continue
        taken = bounds._replace(
            left=match.start(),
            comparator=bounds.comparator or rule.settings["comparator"],
            rules=(*bounds.rules, rule.name),
        )
        return _hedged(text, taken, right, kinds, lowest) if len(taken.rules) < 3 else taken
    return bounds


def _changed(
    text: str, bounds: Bounds, position: int, right: int, kinds: Sequence[str], lowest: int
) -> Bounds | None:
    changes = _suited(_verbs(), tuple(kinds))
    for rule in changes.rules if changes.left.match(text, lowest, position) else ():
        match = rule.left.match(text, lowest, position) if rule.left is not None else None
        if match is not None and rule.allows(text, position, lowest) and rule.fits(text, right):
            return _apply(rule, bounds, match)
    return None


def _suits(rule: rules.Rule, kinds: Sequence[str]) -> bool:
    wanted, refused = rule.settings.get("kinds"), rule.settings.get("kinds_not", ())
    return (wanted is None or any(kind in wanted for kind in kinds)) and not any(
        kind in refused for kind in kinds
    )


def _apply(rule: rules.Rule, bounds: Bounds, match: regex.Match[str]) -> Bounds:
    sign: int = rule.settings.get("sign", 1)
    if "sign_of_verb" in rule.settings and match.group().startswith(_FALLS):
        sign = -1
    return bounds._replace(
        left=match.start(),
        comparator=bounds.comparator or rule.settings.get("comparator"),
        measure=rule.settings["measure"],
        sign=sign,
        change=match.group().strip() if rule.settings["measure"] == "difference" else None,
        rules=(*bounds.rules, rule.name),
    )


def _step_left(text: str, position: int, lowest: int) -> int:
    """Return where the adverb that ends at `position` begins, or `position` when there is none."""
    match = _adverb().match(text, lowest, position)
    return match.start() if match else position


def _over_time(text: str, bounds: Bounds, position: int, times: Sequence[Time], lowest: int) -> Bounds | None:
    """Return the change of "tăng so với cùng kỳ năm 2023 là 12%": its base stands between verb and number."""
    link = _LINK.match(text, lowest, position)
    end = link.start() if link else position
    time = next(
        (time for time in times if end - 2 <= time.end <= end and not text[time.end : end].strip()), None
    )
    if time is None:
        return None
    base = _BASE_WORDS.match(text, lowest, time.start)
    begin = base.start() if base else time.start
    rule = next(rule for rule in _changes() if rule.settings.get("over_a_time"))
    match = rule.left.match(text, lowest, begin) if rule.left is not None and base else None
    if match is None:
        return None
    return _apply(rule, bounds, match)


def _of_a_thing(text: str, bounds: Bounds, position: int, kinds: Sequence[str], lowest: int) -> Bounds | None:
    """Return the change of "giảm tỷ lệ hộ nghèo 2%": the thing that falls stands between verb and number."""
    rule = next(rule for rule in _changes() if rule.name == "fall_of_a_thing")
    if not _suits(rule, kinds) or rule.left is None:
        return None
    match = rule.left.match(text, lowest, position)
    return _apply(rule, bounds, match) if match and rule.allows(text, position, lowest) else None


def read_right(text: str, end: int) -> tuple[Comparator | None, str | None]:
    """Return the bound that follows a unit ("80% trở lên") and its rule; (None, None) when none does."""
    if _behind().match(text, end) is None:
        return None, None
    for rule in rules.load_rules(_STEP):
        if rule.pattern is not None and rule.pattern.match(text, end):
            comparator: Comparator = rule.settings["comparator"]
            return comparator, rule.name
    return None, None


@lru_cache(maxsize=2)
def _change_words(text: str) -> list[int]:
    """Return where words and signs stand in a text one of which every rule of a change needs."""
    listed = rules.load_words(_STEP)["change_words"]
    syllables = syllables_of(text)
    starts = [start for word in listed for start in syllables.get(word, ())]
    signs = "".join(word for word in listed if not word[-1].isalpha())
    return sorted(starts + [match.start() for match in regex.finditer(f"[{signs}]", text)])


@dataclass(frozen=True, slots=True)
class _Suited:
    """Rules that suit a sort of quantity, and what one of them wants on the left."""

    rules: tuple[rules.Rule, ...]
    left: regex.Pattern[str]


@cache
def _suited(found: tuple[rules.Rule, ...], kinds: tuple[str, ...]) -> _Suited:
    suited = tuple(rule for rule in found if rule.left is not None and _suits(rule, kinds))
    return _Suited(suited, rules.any_of((r.left for r in suited if r.left is not None), backwards=True))


@cache
def _behind() -> regex.Pattern[str]:
    return rules.any_of(rule.pattern for rule in rules.load_rules(_STEP) if rule.pattern is not None)


@cache
def _verbs() -> tuple[rules.Rule, ...]:
    """Return the rules of changes whose verb stands beside the number."""
    return tuple(r for r in _changes() if not r.settings.get("over_a_time") and r.name != "fall_of_a_thing")


@cache
def _hedges() -> tuple[rules.Rule, ...]:
    return tuple(r for r in rules.load_rules(_STEP) if r.left is not None and "measure" not in r.settings)


@cache
def _changes() -> tuple[rules.Rule, ...]:
    return tuple(r for r in rules.load_rules(_STEP) if "measure" in r.settings)


@cache
def _adverb() -> regex.Pattern[str]:
    return rules.compile_pattern(r"(?<!\p{L}){adverb},? ", rules.load_words(_STEP), backwards=True)
