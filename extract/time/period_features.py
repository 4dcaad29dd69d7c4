"""What speaks for each candidate period of a figure, as groups of names of features that hold.

The features of a time alone are apart from those of a time and a figure, so that they are weighed once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from extract.linear import Names
from extract.time import feature_groups
from extract.time.period_scene import Article, Scene, within, words
from extract.time.readings import Reading
from extract.time.timeline import Candidate, by_rule

FEATURE_VERSION = "2"
_RULE_REACHES = (0, 1, 2, 5)  # sentences; what the rule picks under each of them is a feature
_FAR = 99
_LENGTHS = (0, 1, 3, 6, 10, 20, 40, 80)


def rows(article: Article, scene: Scene, choices: Sequence[Candidate]) -> list[list[Names]]:
    """Return, for every candidate, the features of the figure with it, those of the time alone left out."""
    found = _rows(article, scene, choices)
    picked = by_rule(article.line, scene.figure, reach=_FAR)
    back = 0 if picked.time is None else scene.own - article.line.time_sentences[picked.time]
    values = [picked.value if back <= reach else None for reach in _RULE_REACHES]
    for choice, row in zip(choices, found, strict=True):
        agree = [place for place, value in enumerate(values) if value == choice.value]
        if agree:
            row.append(
                feature_groups.by_rule(
                    tuple([_RULE_REACHES[each] for each in agree]), choice.value is not None
                )
            )
    return found


def _rows(article: Article, scene: Scene, choices: Sequence[Candidate]) -> list[list[Names]]:
    """Return the rows without the rule's pick; what candidates share is looked up once."""
    by_side: dict[str, list[Names]] = {}
    by_time: dict[int, list[Names]] = {}
    found: list[list[Names]] = []
    quantity = scene.quantity
    unit = (quantity.unit or "").lower()
    for choice in choices:
        number, reading = choice.time, choice.reading
        if number is None or reading is None:
            found.append(_of_none(article, scene))
            continue
        seen_from = side(article, scene, number)
        if seen_from not in by_side:
            by_side[seen_from] = _of_side(scene, seen_from)
        if number not in by_time:
            by_time[number] = _of_path(article, scene, number, seen_from)
        way = feature_groups.of_way(reading.way, scene.manner, quantity.measure, quantity.kind, unit)
        agreement = _of_reading(article, scene, number, reading, seen_from)
        found.append([*by_side[seen_from], way, *by_time[number], agreement])
    return found


def _of_none(article: Article, scene: Scene) -> list[Names]:
    """Return what speaks for and against no period."""
    line, quantity = article.line, scene.quantity
    nearest = scene.before[-1] if scene.before else None
    inside = sum([line.time_sentences[n] == scene.own for n in scene.before])
    distance = "none" if nearest is None else str(min(6, scene.own - line.time_sentences[nearest]))
    since = scene.sentence.start if nearest is None else line.analysis.times[nearest].end
    left = dict.fromkeys([word for word in scene.near.split()[-3:] if word.isalpha()])
    groups = [
        feature_groups.of_none(
            min(2, inside),
            min(1, len(scene.after)),
            distance,
            quantity.kind,
            quantity.measure,
            scene.sentence.zone,
            scene.manner,
            min(3, len(line.analysis.times)),
        ),
        feature_groups.of_none_said(
            scene.turn,
            distance,
            scene.same_period,
            scene.base_year is not None,
            scene.planned,
            scene.now,
            _last_now(article, scene),
        ),
        feature_groups.of_none_there(
            _blocked(article, since, quantity.start),
            distance,
            "none" if scene.heading is None else str(scene.heading == nearest),
            scene.bracket is not None,
            "day" if line.published.day else "year" if line.published.year else "none",
        ),
        feature_groups.of_none_words(scene.opening, tuple(left)),
    ]
    return groups if nearest is None else groups + _continuity(article, scene, nearest, "null")


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


def _of_side(scene: Scene, side: str) -> list[Names]:
    """Return what the figure says of all times on one side of it."""
    quantity = scene.quantity
    own = feature_groups.of_side(side, scene.turn, quantity.kind, quantity.measure, scene.now, scene.manner)
    if side != "p":
        return [own]
    return [own, feature_groups.of_opening(scene.opening, scene.same_period, scene.planned)]


def _of_reading(article: Article, scene: Scene, number: int, reading: Reading, side: str) -> Names:
    """Return how one meaning of a time agrees with the figure."""
    after_base = None
    if scene.base_year is not None:
        after_base = max(-1, min(3, _year(reading) - scene.base_year))
    form = article.line.analysis.times[number].form
    return feature_groups.of_reading(
        reading.way, form, scene.planned, side, _tense(article, reading), after_base
    )


def _where(article: Article, scene: Scene, number: int, side: str) -> str:
    if side == "a":
        return f"a{min(2, scene.after.index(number))}"
    rank = min(3, len(scene.before) - 1 - scene.before.index(number))
    if side == "b":
        return f"b{rank}"
    return f"p{min(5, scene.own - article.line.time_sentences[number])}:{rank}"


def _of_path(article: Article, scene: Scene, number: int, side: str) -> list[Names]:
    """Return how a time lies to the figure, and what stands between them."""
    time, quantity, text = article.line.analysis.times[number], scene.quantity, article.text
    low, high = (time.end, quantity.start) if time.start < quantity.start else (quantity.end, time.start)
    starts, heads = article.quantity_starts, article.heads[number]
    where = _where(article, scene, number, side)
    groups = [
        feature_groups.of_place(where, side, _touches(article, scene, number), time.form, scene.same_period),
        feature_groups.of_path(
            side,
            min(4, bisect_left(starts, high) - bisect_left(starts, low)),
            _bucket(text.count(" ", low, high)),
            min(3, text.count(",", low, high)),
            within(article.now, low, high),
        ),
        feature_groups.of_bounds(
            side,
            within(article.plans, max(0, time.start - 60), time.start),
            scene.planned,
            _bracket(scene, time.start),
            max(-1, min(1, text.count("(", low, high) - text.count(")", low, high))),
            _blocked(article, low, high),
        ),
        feature_groups.of_heading(side, heads, scene.heading == number),
    ]
    return groups + _carried(article, scene, number, where) if side == "p" else groups


def _bracket(scene: Scene, start: int) -> str:
    """Return whether a time stands in the figure's bracket: none, same or out."""
    if scene.bracket is None:
        return "none"
    return "same" if scene.bracket[0] < start < scene.bracket[1] else "out"


def _carried(article: Article, scene: Scene, number: int, where: str) -> list[Names]:
    """Return what speaks for carrying a time on from a sentence before."""
    line = article.line
    sentence = line.analysis.sentences[line.time_sentences[number]]
    starts = article.quantity_starts
    fed = min(scene.figure, bisect_left(starts, sentence.end)) - bisect_left(starts, sentence.start)
    own_times = any(line.time_sentences[n] == scene.own for n in scene.before)
    heads = article.heads[number]
    own = feature_groups.of_carried(min(2, fed), heads, scene.turn, where, own_times)
    return [own, *_continuity(article, scene, number, "p")]


def _continuity(article: Article, scene: Scene, number: int, side: str) -> list[Names]:
    """Return whether the figure's sentence speaks of what was spoken of since the time's."""
    first, time = article.line.time_sentences[number], article.line.analysis.times[number]
    if first >= scene.own:
        return []
    topic, before = article.topic(first, scene.own), article.topic(scene.own - 1, scene.own)
    speech = within(article.speeches, time.end, scene.quantity.start)
    return [feature_groups.of_continuity(side, topic, before, speech)]


def _touches(article: Article, scene: Scene, number: int) -> str:
    touched = article.touched[number]
    return "none" if touched is None else "own" if touched == scene.figure else "other"


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
