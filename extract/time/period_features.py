"""What speaks for each candidate period of a figure, as names of features that hold.

The features of a time alone are apart from those of a time and a figure, so that they are weighed once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from extract.time.period_scene import Article, Scene, within, words
from extract.time.readings import Reading
from extract.time.timeline import Candidate, by_rule

FEATURE_VERSION = "2"
_RULE_REACHES = (0, 1, 2, 5)  # sentences; what the rule picks under each of them is a feature
_FAR = 99
_LENGTHS = (0, 1, 3, 6, 10, 20, 40, 80)


def rows(article: Article, scene: Scene, choices: Sequence[Candidate]) -> list[list[str]]:
    """Return, for every candidate, the features of the figure with it, those of the time alone left out."""
    found = _rows(article, scene, choices)
    picked = by_rule(article.line, scene.index, reach=_FAR)
    back = 0 if picked.time is None else scene.own - article.line.time_sentences[picked.time]
    for reach in _RULE_REACHES:
        value = picked.value if back <= reach else None
        named = [f"rule{reach}", f"rule{reach}:{'null' if value is None else 'time'}"]
        for choice, row in zip(choices, found, strict=True):
            if choice.value == value:
                row += named
    return found


def _rows(article: Article, scene: Scene, choices: Sequence[Candidate]) -> list[list[str]]:
    """Return the rows without the rule's pick; what candidates share is put into words once."""
    by_side: dict[str, list[str]] = {}
    by_way: dict[str, list[str]] = {}
    by_time: dict[int, list[str]] = {}
    found: list[list[str]] = []
    for choice in choices:
        number, reading = choice.time, choice.reading
        if number is None or reading is None:
            found.append(_of_none(article, scene))
            continue
        seen_from, way = side(article, scene, number), reading.way
        if seen_from not in by_side:
            by_side[seen_from] = _of_side(scene, seen_from)
        if way not in by_way:
            by_way[way] = _of_way(scene, way)
        if number not in by_time:
            by_time[number] = _of_path(article, scene, number, seen_from)
        row = by_side[seen_from] + by_way[way] + by_time[number]
        found.append(row + _of_reading(article, scene, number, reading, seen_from))
    return found


def _of_none(article: Article, scene: Scene) -> list[str]:
    """Return what speaks for and against no period."""
    line = article.line
    quantity, nearest = scene.quantity, scene.before[-1] if scene.before else None
    in_sentence = sum(1 for n in scene.before if line.time_sentences[n] == scene.own)
    distance = "none" if nearest is None else str(min(6, scene.own - line.time_sentences[nearest]))
    since = scene.sentence.start if nearest is None else line.analysis.times[nearest].end
    blocked = _blocked(article, since, quantity.start)
    known = "day" if line.published.day else "year" if line.published.year else "none"
    names = [
        "null",
        f"null:in={min(2, in_sentence)}",
        f"null:after={min(1, len(scene.after))}",
        f"null:distance={distance}",
        f"null:kind={quantity.kind}",
        f"null:{quantity.measure}",
        f"null:zone={scene.sentence.zone}",
        f"null:opening={scene.opening}",
        f"null:turn={scene.turn}:{distance}",
        f"null:same_period={scene.same_period}",
        f"null:base_year={scene.base_year is not None}",
        f"null:times={min(3, len(line.analysis.times))}",
        f"null:headed={'none' if scene.heading is None else scene.heading == nearest}",
        f"null:plan={scene.planned}",
        f"null:now={scene.now}:{distance}",
        f"null:blocked={blocked is not None}:{distance}",
        f"null:blocked_by={blocked}",
        f"null:last_now={_last_now(article, scene)}",
        f"null:bracket={scene.bracket is not None}",
        f"null:published={known}",
        f"null:manner={scene.manner}",
        f"null:manner={scene.manner}:{distance}",
    ]
    if nearest is not None:
        names += _continuity(article, scene, nearest, "null")
    return names + [f"null:left={word}" for word in dict.fromkeys(scene.near.split()[-3:]) if word.isalpha()]


def _blocked(article: Article, low: int, high: int) -> str | None:
    """Return which time without a period stands last between two offsets; None for none."""
    place = bisect_left(article.unresolved, (high, "")) - 1
    if place < 0 or article.unresolved[place][0] < low:
        return None
    return article.unresolved[place][1]


def _last_now(article: Article, scene: Scene) -> str:
    """Return where "đến nay" stands last before the figure: here, before, or none in reach."""
    times = article.line.analysis.times
    latest = times[scene.before[-1]].start if scene.before else None
    place = bisect_left(article.now_times, scene.quantity.start) - 1
    if place < 0:
        return "none"
    last = article.now_times[place]
    if last >= scene.sentence.start:
        return "here" if latest is None or last > latest else "here_then_time"
    return "before" if latest is not None and last > latest else "none"


def side(article: Article, scene: Scene, number: int) -> str:
    """Return a for a time after the figure, b for one before it in its sentence, p in a sentence before."""
    if number in scene.after:
        return "a"
    return "b" if article.line.time_sentences[number] == scene.own else "p"


def of_time(article: Article, number: int, reading: Reading, side: str) -> list[str]:
    """Return what a time in one of its meanings says by itself, seen from one side."""
    analysis = article.line.analysis
    time, way = analysis.times[number], reading.way
    names = [f"way={way}"]
    for name, value in (
        ("form", time.form),
        ("cue", time.cue),
        ("part", time.part),
        ("anchor", time.anchor),
        ("year", reading.year_from),
    ):
        names += [f"{name}={value}", f"{side}:{name}={value}", f"{name}={value}:{way}"]
    sentence = analysis.sentences[article.line.time_sentences[number]]
    before = analysis.text[sentence.start : time.start].split()
    if before and before[-1][-1] not in ",.;:(":
        capital = before[-1][0].isupper()
        names.append("before=Capital" if capital else f"before={before[-1].lower()}:{way}")
        names.append(f"{side}:name={capital and len(before) > 1}")
    following = article.text[time.end : min(sentence.end, time.end + 40)].split(None, 1)
    names += [f"after={word}" for word in following[:1]]
    figure = bisect_left(article.quantity_starts, time.end)
    starts = article.quantity_starts
    first = starts[figure] if figure < len(starts) else len(article.text)
    reports = words("reports").search(
        article.text, time.end, max(time.end, min(sentence.end, first, time.end + 120))
    )
    names += [
        f"{side}:reports={reports is not None}:{time.form}",
        f"{side}:feeds={first < sentence.end}",
        f"{side}:one_day={reading.value[:10] == reading.value[11:]}",
    ]
    if article.line.published.year is not None:
        names.append(f"age={max(-1, min(4, article.line.published.year - _year(reading)))}")
    return names


def _of_side(scene: Scene, side: str) -> list[str]:
    """Return what the figure says of all times on one side of it."""
    names = [
        f"{side}:turn={scene.turn}",
        f"{side}:kind={scene.quantity.kind}",
        f"{side}:{scene.quantity.measure}",
        f"{side}:now_left={scene.now}",
        f"{side}:manner={scene.manner}",
    ]
    if side == "p":
        names += [
            f"p:opening={scene.opening}",
            f"p:same_period={scene.same_period}",
            f"p:plan={scene.planned}",
        ]
    return names


def _of_way(scene: Scene, way: str) -> list[str]:
    """Return what the figure says of a stretch, of a state at its end, and so on."""
    return [
        f"{way}:manner={scene.manner}",
        f"{way}:{scene.quantity.measure}",
        f"{way}:kind={scene.quantity.kind}",
        f"{way}:unit={(scene.quantity.unit or '').lower()}",
    ]


def _of_reading(article: Article, scene: Scene, number: int, reading: Reading, side: str) -> list[str]:
    """Return how one meaning of a time agrees with the figure."""
    form, planned = article.line.analysis.times[number].form, scene.planned
    names = [
        f"{reading.way}:{form}:plan={planned}",
        f"{side}:tense={_tense(article, reading)}:plan={planned}",
    ]
    if scene.base_year is not None:
        names.append(f"after_base={max(-1, min(3, _year(reading) - scene.base_year))}")
    return names


def _where(article: Article, scene: Scene, number: int, side: str) -> str:
    if side == "a":
        return f"a{min(2, scene.after.index(number))}"
    rank = min(3, len(scene.before) - 1 - scene.before.index(number))
    if side == "b":
        return f"b{rank}"
    return f"p{min(5, scene.own - article.line.time_sentences[number])}:{rank}"


def _of_path(article: Article, scene: Scene, number: int, side: str) -> list[str]:
    """Return how a time lies to the figure, and what stands between them."""
    time, quantity = article.line.analysis.times[number], scene.quantity
    low, high = (time.end, quantity.start) if time.start < quantity.start else (quantity.end, time.start)
    between, starts = article.text[low:high], article.quantity_starts
    blocked, heads = _blocked(article, low, high), article.heads[number]
    shut = max(-1, min(1, between.count("(") - between.count(")")))
    where = _where(article, scene, number, side)
    own_plan = within(article.plans, max(0, time.start - 60), time.start)
    names = [
        f"at={where}",
        f"{side}:own_plan={own_plan}:{scene.planned}",
        f"{side}:same_period={scene.same_period}:{time.form}",
        f"{side}:touches={_touches(article, scene, number)}",
        f"{side}:figures={min(4, bisect_left(starts, high) - bisect_left(starts, low))}",
        f"{side}:words={_bucket(between.count(' '))}",
        f"{side}:commas={min(3, between.count(','))}",
        f"{side}:now={within(article.now, low, high)}",
        f"{side}:bracket={_bracket(scene, time.start)}:{shut}",
        f"{side}:blocked={blocked is not None}",
        f"{side}:blocked_by={blocked}",
        f"{side}:heads={heads}",
        f"{side}:last_heading={scene.heading == number}:{heads}",
    ]
    return names + _carried(article, scene, number, where) if side == "p" else names


def _bracket(scene: Scene, start: int) -> str:
    """Return whether a time stands in the figure's bracket: none, same or out."""
    if scene.bracket is None:
        return "none"
    return "same" if scene.bracket[0] < start < scene.bracket[1] else "out"


def _carried(article: Article, scene: Scene, number: int, where: str) -> list[str]:
    """Return what speaks for carrying a time on from a sentence before."""
    line = article.line
    sentence = line.analysis.sentences[line.time_sentences[number]]
    starts = article.quantity_starts
    fed = min(scene.index, bisect_left(starts, sentence.end)) - bisect_left(starts, sentence.start)
    own_times = any(line.time_sentences[n] == scene.own for n in scene.before)
    return [
        f"p:fed={min(2, fed)}:heads={article.heads[number]}",
        f"p:turn={scene.turn}:{where}",
        f"p:own_times={own_times}",
        *_continuity(article, scene, number, "p"),
    ]


def _continuity(article: Article, scene: Scene, number: int, side: str) -> list[str]:
    """Return whether the figure's sentence speaks of what was spoken of since the time's."""
    first, time = article.line.time_sentences[number], article.line.analysis.times[number]
    if first >= scene.own:
        return []
    return [
        f"{side}:topic={article.topic(first, scene.own)}",
        f"{side}:topic_before={article.topic(scene.own - 1, scene.own)}",
        f"{side}:speech={within(article.speeches, time.end, scene.quantity.start)}",
    ]


def _touches(article: Article, scene: Scene, number: int) -> str:
    touched = article.touched[number]
    return "none" if touched is None else "own" if touched == scene.index else "other"


def _tense(article: Article, reading: Reading) -> str:
    """Return how the period lies to the day of publication: past, future, or unknown."""
    if article.today is None:
        return "unknown"
    first, _, last = reading.value.partition("/")
    return "future" if (last or first) > article.today else "past"


def _year(reading: Reading) -> int:
    first, _, last = reading.value.partition("/")
    return int((last or first)[:4])


def _bucket(count: int) -> str:
    place = bisect_left(_LENGTHS, count)
    return str(_LENGTHS[place]) if place < len(_LENGTHS) else "more"
