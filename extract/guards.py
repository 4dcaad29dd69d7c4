"""Step 3: numbers that measure nothing, found by the rules of data/rules/guards.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract import rules
from extract.analysis import Analysis, Guarded, Sentence, Time
from extract.numerals import scan
from extract.text import lower

_STEP = "guards"
_REACH = 60  # characters that a condition on the left may look back


def guard(analysis: Analysis) -> Analysis:
    """Return `analysis` with the numbers that are no quantities, those inside times included, in order."""
    return replace(analysis, guarded=tuple(find_guarded(analysis.text, analysis.times, analysis.sentences)))


def find_guarded(text: str, times: Sequence[Time], sentences: Sequence[Sentence] = ()) -> list[Guarded]:
    """Return the guarded stretches of a text as it is written, in order and without overlap."""
    lowered = lower(text)
    tables = [sentence for sentence in sentences if sentence.zone == "table"]
    found: list[Guarded] = []
    ahead = list(reversed(times))
    reached = 0
    for start, end in scan(lowered):
        while ahead and ahead[-1].end <= start:
            ahead.pop()
        if start < reached:
            continue
        if ahead and ahead[-1].start <= start:
            found.append(_of_time(ahead[-1]))
        elif (stretch := _by_rule(text, lowered, start, end, tables)) is not None:
            found.append(stretch)
        reached = max(reached, found[-1].end) if found else 0
    return found


def _of_time(time: Time) -> Guarded:
    return Guarded(time.start, time.end, "duration" if time.form == "duration" else "date", time.rule)


def _by_rule(text: str, lowered: str, start: int, end: int, tables: Sequence[Sentence]) -> Guarded | None:
    lowest = max(0, start - _REACH)
    for rule in rules.load_rules(_STEP):
        if not rule.allows(text if rule.settings.get("left_cased") else lowered, start, lowest):
            continue
        if rule.settings.get("zone_not") == "table" and any(s.start <= start < s.end for s in tables):
            continue
        stop = end
        if rule.pattern is not None:
            match = rule.pattern.match(text if rule.settings.get("cased") else lowered, start)
            if match is None:
                continue
            stop = match.end()
            while stop > start and lowered[stop - 1].isspace():
                stop -= 1
        return Guarded(start, stop, rule.settings["what"], rule.name)
    return None
