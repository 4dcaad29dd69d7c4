"""What speaks for each candidate period of a figure, as sparse rows, feature name to value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import regex

from extract import rules
from extract.analysis import Analysis, Quantity, Sentence, Time
from extract.readings import Reading
from extract.timeline import Candidate, Timeline, by_rule, heads_sentence, touches, unresolved

FEATURE_VERSION = "1"
_RULE_REACHES = (0, 1, 2, 5)  # sentences; what the rule picks under each of them is a feature
_FIRST_WORDS = regex.compile(r"[\p{L}\p{N}]+(?:\s+[\p{L}\p{N}]+)?")
_SAME_PERIOD = regex.compile(r"(?i)cùng kỳ")
# "so với năm 2015", "so cùng kỳ năm 2015", "so với kế hoạch năm 2016"
_BASE_YEAR = regex.compile(r"(?i)so (?:với )?(?:cùng kỳ |cuối |đầu |kế hoạch )?(?:năm )?((?:19|20)\d\d)")
_BREAK = regex.compile(r"[;.!?…]\s")


def rows(line: Timeline, index: int, choices: Sequence[Candidate]) -> list[dict[str, float]]:
    """Return a row of features for every candidate of the quantity at `index`."""
    scene = _scene(line, index, choices)
    found = [_null_row(line, scene) if c.time is None else _time_row(line, scene, c) for c in choices]
    for reach in _RULE_REACHES:
        picked = by_rule(line, index, reach=reach)
        for choice, row in zip(choices, found, strict=True):
            if choice.value == picked.value:
                row[f"rule{reach}"] = 1.0
                row[f"rule{reach}:{'null' if picked.time is None else 'time'}"] = 1.0
    return found


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all candidates of one figure share."""

    index: int
    quantity: Quantity
    own: int  # number of its sentence
    sentence: Sentence
    before: tuple[int, ...]  # times before it, in order
    after: tuple[int, ...]
    left: str  # the sentence up to the figure
    planned: bool
    now: bool
    opening: str
    turn: str  # how the sentence goes on: continues, shifts or other
    same_period: bool  # the figure is compared with the same period of the year before
    base_year: int | None  # the year that the figure is compared with
    bracket: tuple[int, int] | None  # of the bracket that holds the figure


def _scene(line: Timeline, index: int, choices: Sequence[Candidate]) -> _Scene:
    analysis = line.analysis
    quantity = analysis.quantities[index]
    own = line.quantity_sentences[index]
    sentence = analysis.sentences[own]
    numbers = list(dict.fromkeys(c.time for c in choices if c.time is not None))
    left = analysis.text[sentence.start : quantity.start]
    opening = _FIRST_WORDS.search(analysis.text, sentence.start, sentence.end)
    following = analysis.quantities[index + 1].start if index + 1 < len(analysis.quantities) else sentence.end
    right = analysis.text[quantity.end : max(quantity.end, min(sentence.end, following, quantity.end + 120))]
    base_year = _BASE_YEAR.search(right)
    return _Scene(
        index=index,
        quantity=quantity,
        own=own,
        sentence=sentence,
        before=tuple(n for n in numbers if analysis.times[n].start < quantity.start),
        after=tuple(n for n in numbers if analysis.times[n].start >= quantity.end),
        left=left,
        planned=_words("plan").search(left) is not None,
        now=_words("now").search(left) is not None,
        opening=opening[0].lower() if opening else "",
        turn=_turn(left),
        same_period=_SAME_PERIOD.search(right) is not None,
        base_year=int(base_year[1]) if base_year else None,
        bracket=_bracket(analysis.text, sentence, quantity),
    )


def _bracket(text: str, sentence: Sentence, quantity: Quantity) -> tuple[int, int] | None:
    opened = text.rfind("(", sentence.start, quantity.start)
    if opened < 0 or ")" in text[opened : quantity.start]:
        return None
    closed = text.find(")", quantity.end, sentence.end)
    return (opened, closed if closed >= 0 else sentence.end)


def _null_row(line: Timeline, scene: _Scene) -> dict[str, float]:
    analysis = line.analysis
    in_sentence = [n for n in scene.before if line.time_sentences[n] == scene.own]
    row = {
        "null": 1.0,
        f"null:in={min(2, len(in_sentence))}": 1.0,
        f"null:after={min(1, len(scene.after))}": 1.0,
    }
    nearest = scene.before[-1] if scene.before else None
    distance = "none" if nearest is None else str(min(6, scene.own - line.time_sentences[nearest]))
    row[f"null:distance={distance}"] = 1.0
    row[f"null:kind={scene.quantity.kind}"] = 1.0
    row[f"null:{scene.quantity.measure}"] = 1.0
    row[f"null:zone={scene.sentence.zone}"] = 1.0
    row[f"null:opening={scene.opening}"] = 1.0
    row[f"null:turn={scene.turn}:{distance}"] = 1.0
    row[f"null:same_period={scene.same_period}"] = 1.0
    row[f"null:base_year={scene.base_year is not None}"] = 1.0
    row[f"null:times={min(3, len(analysis.times))}"] = 1.0
    heads = [n for n in scene.before if heads_sentence(line, n)]
    row[f"null:headed={bool(heads)}:last={bool(heads) and heads[-1] == nearest}"] = 1.0
    row[f"null:plan={scene.planned}"] = 1.0
    row[f"null:now={scene.now}:{distance}"] = 1.0
    row[f"null:unit={(scene.quantity.unit or '').lower()}"] = 1.0
    since = scene.sentence.start if nearest is None else analysis.times[nearest].end
    blocked = unresolved(line, since, scene.quantity.start)
    row[f"null:blocked={blocked}"] = 1.0
    row[f"null:blocked={blocked is not None}:{distance}"] = 1.0
    last_now = _last_now(analysis, scene)
    row[f"null:last_now={last_now}"] = 1.0
    row[f"null:bracket={scene.bracket is not None}"] = 1.0
    row[f"null:published={'day' if line.published.day else 'year' if line.published.year else 'none'}"] = 1.0
    for word in _words_left(scene, 3):
        row[f"null:left={word}"] = 1.0
    return row


def _last_now(analysis: Analysis, scene: _Scene) -> str:
    """Return where "đến nay" stands last before the figure: here, before, or none in the paragraph."""
    last = "none"
    latest = scene.before[-1] if scene.before else None
    for number, time in enumerate(analysis.times):
        if time.start >= scene.quantity.start:
            break
        if time.form == "now" and time.start >= scene.sentence.start:
            last = "here" if latest is None or number > latest else "here_then_time"
        elif time.form == "now" and latest is not None and number > latest:
            last = "before"
    return last


def _words_left(scene: _Scene, count: int) -> list[str]:
    return [word.lower() for word in scene.left[-60:].split()[-count:] if word.isalpha()]


def _time_row(line: Timeline, scene: _Scene, candidate: Candidate) -> dict[str, float]:
    number, reading = candidate.time, candidate.reading
    if number is None or reading is None:
        raise ValueError("a candidate without a time has no such row")
    analysis = line.analysis
    time = analysis.times[number]
    where = _where(line, scene, number)
    row = {f"at={where}": 1.0, f"way={reading.way}": 1.0}
    for name, value in (
        ("form", time.form),
        ("cue", time.cue),
        ("part", time.part),
        ("anchor", time.anchor),
        ("year", reading.year_from),
    ):
        row[f"{name}={value}"] = 1.0
        row[f"{where[0]}:{name}={value}"] = 1.0
        row[f"{name}={value}:{reading.way}"] = 1.0
    row |= _path(line, scene, number, where)
    row |= _setting(line, scene, number, where, reading.way)
    row |= _tense(line, scene, time, reading, where)
    return row


def _where(line: Timeline, scene: _Scene, number: int) -> str:
    """Return b (before, in the sentence), a (after) or p (in a sentence before), with how far it is."""
    if number in scene.after:
        return f"a{min(2, scene.after.index(number))}"
    rank = min(3, len(scene.before) - 1 - scene.before.index(number))
    back = scene.own - line.time_sentences[number]
    return f"b{rank}" if back == 0 else f"p{min(5, back)}:{rank}"


def _path(line: Timeline, scene: _Scene, number: int, where: str) -> dict[str, float]:
    """Return what lies between the time and the figure."""
    analysis, side = line.analysis, where[0]
    time = analysis.times[number]
    quantity = scene.quantity
    low, high = (time.end, quantity.start) if time.start < quantity.start else (quantity.end, time.start)
    between = analysis.text[low:high]
    figures = sum(1 for q in analysis.quantities if q.start >= low and q.end <= high)
    row = {
        f"{side}:figures={min(4, figures)}": 1.0,
        f"{side}:words={_bucket(len(between.split()))}": 1.0,
        f"{side}:breaks={min(2, len(_BREAK.findall(between)))}": 1.0,
        f"{side}:commas={min(3, between.count(','))}": 1.0,
        f"{side}:lines={min(1, between.count(chr(10)))}": 1.0,
        f"{side}:now={_words('now').search(between) is not None}": 1.0,
        f"{side}:now_left={scene.now}": 1.0,
    }
    inside = scene.bracket is not None and scene.bracket[0] < time.start < scene.bracket[1]
    shut = between.count("(") - between.count(")")
    row[
        f"{side}:bracket={'same' if inside else 'out' if scene.bracket else 'none'}:{max(-1, min(1, shut))}"
    ] = 1.0
    blocked = unresolved(line, low, high)
    row[f"{side}:blocked={blocked is not None}"] = 1.0
    row[f"{side}:blocked={blocked}"] = 1.0
    heads = heads_sentence(line, number)
    heading = [n for n in scene.before if heads_sentence(line, n)]
    row[f"{side}:last_heading={bool(heading) and heading[-1] == number}:{heads}"] = 1.0
    row[f"{side}:turn={scene.turn}"] = 1.0
    row[f"{side}:heads={heads}"] = 1.0
    fed = sum(
        1
        for n, s in enumerate(line.quantity_sentences)
        if s == line.time_sentences[number] and n < scene.index
    )
    if side == "p":
        row[f"p:fed={min(2, fed)}:heads={heads}"] = 1.0
        row[f"p:opening={scene.opening}"] = 1.0
        row[f"p:turn={scene.turn}:{where}"] = 1.0
        row[f"p:same_period={scene.same_period}"] = 1.0
        own_times = sum(1 for n in scene.before if line.time_sentences[n] == scene.own)
        row[f"p:own_times={min(1, own_times)}"] = 1.0
        row[f"p:plan={scene.planned}"] = 1.0
    touched = [n for n in range(len(analysis.quantities)) if touches(line, n, number)]
    row[f"{side}:touches={'none' if not touched else 'own' if scene.index in touched else 'other'}"] = 1.0
    if side == "a":
        for word in between.lower().split()[:2]:
            row[f"a:first={word}"] = 1.0
    return row


def _setting(line: Timeline, scene: _Scene, number: int, where: str, way: str) -> dict[str, float]:
    """Return what stands around the time itself: a meeting's date and a holiday's year date no figures."""
    text, time, side = line.analysis.text, line.analysis.times[number], where[0]
    sentence = line.analysis.sentences[line.time_sentences[number]]
    before, after = text[sentence.start : time.start], text[time.end : min(sentence.end, time.end + 80)]
    fed = any(time.end <= q.start < sentence.end for q in line.analysis.quantities)
    first_figure = next((q.start for q in line.analysis.quantities if q.start >= time.end), len(text))
    clause = text[time.end : min(sentence.end, first_figure, time.end + 120)]
    row = {
        f"{side}:reports={_words('reports').search(clause) is not None}:{time.form}": 1.0,
        f"{side}:own_plan={_words('plan').search(before[-60:]) is not None}:{scene.planned}": 1.0,
        f"{side}:feeds={fed}": 1.0,
        f"rule={time.rule}": 1.0,
        f"{side}:rule={time.rule}": 1.0,
    }
    words = before.split()
    if words and words[-1][-1] not in ",.;:(":
        row["before=Capital" if words[-1][0].isupper() else f"before={words[-1].lower()}:{way}"] = 1.0
        row[f"{side}:name={words[-1][0].isupper() and len(words) > 1}"] = 1.0
    following = after.split()
    if following:
        row[f"after={following[0].lower()}"] = 1.0
    return row


def _tense(line: Timeline, scene: _Scene, time: Time, reading: Reading, where: str) -> dict[str, float]:
    """Return how the period agrees with the day of publication and with plan or achievement."""
    first, _, last = reading.value.partition("/")
    row: dict[str, float] = {}
    side = where[0]
    if line.published.year is not None:
        today = line.published.day.isoformat() if line.published.day else f"{line.published.year}-12-31"
        tense = "future" if (last or first) > today else "past"
        row[f"{side}:{tense}:plan={scene.planned}"] = 1.0
        row[f"age={max(-1, min(4, line.published.year - int((last or first)[:4])))}"] = 1.0
    row[f"{reading.way}:{scene.quantity.measure}"] = 1.0
    row[f"{reading.way}:{time.form}:plan={scene.planned}"] = 1.0
    row[f"{reading.way}:kind={scene.quantity.kind}"] = 1.0
    row[f"{side}:kind={scene.quantity.kind}"] = 1.0
    row[f"{side}:{scene.quantity.measure}"] = 1.0
    if scene.base_year is not None:
        row[f"after_base={max(-1, min(3, int((last or first)[:4]) - scene.base_year))}"] = 1.0
    row[f"{side}:same_period={scene.same_period}:{time.form}"] = 1.0
    if first == last:
        row[f"one_day:{side}"] = 1.0
    return row


def _turn(left: str) -> str:
    """Return how a sentence opens: continues, shifts or other."""
    opening = left.lstrip('“"*- ')
    if opening[:1].isdigit() or _words("continues").match(opening):
        return "continues"
    return "shifts" if _words("shifts").match(opening) else "other"


@cache
def _words(name: str) -> regex.Pattern[str]:
    words = rules.load_words("periods")[name]
    return regex.compile(rf"(?i)(?<!\p{{L}})(?:{'|'.join(sorted(words, key=len, reverse=True))})(?!\p{{L}})")


def _bucket(count: int) -> str:
    return next((str(limit) for limit in (0, 1, 3, 6, 10, 20, 40, 80) if count <= limit), "more")
