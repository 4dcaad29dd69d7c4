"""Numbers that measure nothing, found by the rules of data/rules/guards.toml."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product

import regex

from extract import rules
from extract.analysis import Analysis, Guarded, Sentence, Time
from extract.quantity.numerals import NUMBER, scan
from extract.quantity.units import follows
from extract.rules import Rule
from extract.text import lower

_STEP = "guards"
_REACH = 60  # characters that a condition on the left may look back
_SYLLABLE_BEFORE = regex.compile(r"(?r)(?<!\p{L})(\p{L}{1,12})[.:]?\x20{0,3}")
_LOOKS = ("before", "as written", "ahead", "none")
_LISTED = 100  # numbers in fewer than ten characters each: a dump of data, no prose
_DENSE = 10 * _LISTED
_RANGE = regex.compile(r"\x20?(?:-|đến)\x20?(?=[0-9])")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text as written and in lower case, with the tables in it."""

    original: str
    lowered: str
    tables: Sequence[Sentence]

    def in_table(self, offset: int) -> bool:
        """Return whether the offset lies in a table."""
        before = bisect_right(self.tables, offset, key=lambda sentence: sentence.start)
        return before > 0 and offset < self.tables[before - 1].end


def guard(analysis: Analysis) -> Analysis:
    """Return `analysis` with the numbers that are no quantities, those inside times included, in order."""
    return replace(analysis, guarded=tuple(find_guarded(analysis.text, analysis.times, analysis.sentences)))


def find_guarded(text: str, times: Sequence[Time], sentences: Sequence[Sentence] = ()) -> list[Guarded]:
    """Return the guarded stretches of a text as it is written, in order and without overlap."""
    tables = [sentence for sentence in sentences if sentence.zone == "table"]
    read = _Text(text, lower(text), tables)
    found: list[Guarded] = []
    ahead = list(reversed(times))
    reached = 0
    spans = list(scan(read.lowered))
    dense = _dense(spans)
    for start, end in spans:
        while ahead and ahead[-1].end <= start:
            ahead.pop()
        if start < reached:
            continue
        if ahead and ahead[-1].start <= start:
            found.append(_of_time(ahead[-1]))
        elif start in dense and not read.in_table(start):
            found.append(Guarded(start, end, "list of numbers", "numbers_without_words"))
        elif (stretch := _by_rule(read, start, end)) is not None:
            found.append(stretch)
        reached = max(reached, found[-1].end) if found else 0
    return found


def _dense(spans: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return where the numbers start that stand among _LISTED or more in fewer than _DENSE characters."""
    found: set[int] = set()
    reached = 0
    for first, last in enumerate(range(_LISTED - 1, len(spans))):
        if spans[last][1] - spans[first][0] < _DENSE:
            found.update(start for start, _ in spans[max(first, reached) : last + 1])
            reached = last + 1
    return frozenset(found)


def _of_time(time: Time) -> Guarded:
    return Guarded(time.start, time.end, "duration" if time.form == "duration" else "date", time.rule)


def _by_rule(read: _Text, start: int, end: int) -> Guarded | None:
    lowest = max(0, start - _REACH)
    before = _SYLLABLE_BEFORE.match(read.lowered, lowest, start)
    for rule in _possible(read, start, lowest, before.group(1) if before else ""):
        stop = end
        if rule.pattern is not None:
            match = rule.pattern.match(read.original if "cased" in rule.settings else read.lowered, start)
            if match is None:
                continue
            stop = match.end()
        if _applies(rule, read, start, end, lowest):
            while stop > start and read.lowered[stop - 1].isspace():
                stop -= 1
            return Guarded(start, stop, rule.settings["what"], rule.name)
    return None


def _applies(rule: Rule, read: _Text, start: int, end: int, lowest: int) -> bool:
    """Say whether what stands around the number fulfils the conditions of the rule."""
    settings = rule.settings
    if not rule.allows(read.original if "left_cased" in settings else read.lowered, start, lowest):
        return False
    if "unit_not" in settings and _measures(read.lowered, end, settings["unit_not"]):
        return False
    return settings.get("zone_not") != "table" or not read.in_table(start)


def _measures(text: str, end: int, wanted: str) -> bool:
    """Say whether a unit follows the number that ends at `end`, or the upper end of its range."""
    link = _RANGE.match(text, end)
    upper = NUMBER.match(text, link.end()) if link else None
    return follows(text, end, wanted) or (upper is not None and follows(text, upper.end(), wanted))


@dataclass(frozen=True, slots=True)
class _Looks:
    """Three looks at a number that rule out most of some rules."""

    before: regex.Pattern[str]  # what rules with a condition on the left ask for
    as_written: regex.Pattern[str]  # those whose condition minds capitals
    ahead: regex.Pattern[str]  # what the others match
    left: dict[tuple[bool, bool, bool], tuple[Rule, ...]]  # the rules that are left, by which looks match

    def rules(self, read: _Text, start: int, lowest: int) -> tuple[Rule, ...]:
        """Return the rules that may apply to the number at `start`, in their order."""
        return self.left[
            self.before.match(read.lowered, lowest, start) is not None,
            self.as_written.match(read.original, lowest, start) is not None,
            self.ahead.match(read.lowered, start) is not None,
        ]


def _possible(read: _Text, start: int, lowest: int, syllable: str) -> tuple[Rule, ...]:
    """Return the rules that may apply to the number at `start`, in their order.

    One with `after` may only behind a syllable that an entry of its lists ends in.
    """
    anywhere = _looks().rules(read, start, lowest)
    lists = _after().get(syllable)
    return anywhere if lists is None else _with_lists(anywhere, lists)


@lru_cache(maxsize=1 << 12)
def _with_lists(some: tuple[Rule, ...], lists: frozenset[tuple[str, ...]]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules.load_rules(_STEP) if rule in some or _lists(rule) in lists)


@cache
def _looks() -> _Looks:
    """Return the looks for the rules without `after`."""
    found = [rule for rule in rules.load_rules(_STEP) if not _lists(rule)]
    looks: dict[str, list[Rule]] = {look: [] for look in _LOOKS}
    for rule in found:
        looks[_look(rule)].append(rule)
    left = {
        met: tuple(r for r in found if dict(zip(_LOOKS, (*met, True), strict=True))[_look(r)])
        for met in product((False, True), (False, True), (False, True))
    }
    before, as_written = (
        rules.any_of((rule.left for rule in looks[look] if rule.left is not None), backwards=True)
        for look in _LOOKS[:2]
    )
    ahead = rules.any_of(rule.pattern for rule in looks["ahead"] if rule.pattern is not None)
    return _Looks(before, as_written, ahead, left)


def _look(rule: Rule) -> str:
    """Return which look at a number rules out the rule; the last of _LOOKS where none does."""
    if rule.left is not None:
        return "as written" if "left_cased" in rule.settings else "before"
    return "ahead" if rule.pattern is not None and "cased" not in rule.settings else "none"


def _lists(rule: Rule) -> tuple[str, ...]:
    return tuple(rule.settings.get("after", ()))


@cache
def _after() -> dict[str, frozenset[tuple[str, ...]]]:
    """Return the lists of rules with `after` by the syllables that their entries end in."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for rule in rules.load_rules(_STEP):
        for syllable in _ends(_lists(rule)):
            found.setdefault(syllable, set()).add(_lists(rule))
    return {syllable: frozenset(lists) for syllable, lists in found.items()}


@cache
def _ends(names: tuple[str, ...]) -> frozenset[str]:
    lists = rules.load_words(_STEP)
    return frozenset(entry.split()[-1].strip(".:") for name in names for entry in lists.get(name, [name]))
