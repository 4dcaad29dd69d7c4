"""What speaks for each candidate place of a figure, as sparse rows, feature name to value.

The article as a whole speaks first: a national report in a provincial paper names ministries, laws and the
country where another names the province and its bodies. Then the words of the figure's sentence speak, and
the mentions around it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from extract.analysis import Quantity
from extract.place import evidence, provinces
from extract.place.scene import BACK, Pointer, Scene, by_rule, frame, in_bracket_behind, is_item

FEATURE_VERSION = "5"
ARTICLE = "article"  # in the names of features that speak of the whole article
_LEAD = 3  # sentences that set the frame of an article
_GLUE = regex.compile(
    r"\s*+(?:(?:là|đạt|với|có|được|chỉ|còn|hơn|gần|khoảng|trên|dưới|lên|tới|đến|thì|cũng|đã|ước|mới|tăng|giảm|mất"
    r"|chiếm|thêm|xếp|đứng|thứ|hạng|mức|vẫn|ở|hiện|\(|:)\s*+){0,4}"
)
_WHO: dict[str | None, str] = {None: "none", provinces.COUNTRY: "country"}
_WHOS = ("site", "none", "country", "other")


class Row(NamedTuple):
    """The features of a candidate: of its sort in all figures of the sentence, and its own."""

    shared: dict[str, float]
    own: dict[str, float]


def rows(scene: Scene, places: Sequence[Sequence[str | None]]) -> Iterator[list[Row]]:
    """Yield, for every quantity of the article, a row of features for each of its candidate places."""
    article = _by_who(_article(scene))
    of_sentence: dict[int, dict[str, dict[str, float]]] = {}
    for index, (quantity, own_places) in enumerate(zip(scene.analysis.quantities, places, strict=True)):
        own = scene.sentence(quantity.start)
        if own not in of_sentence:
            said = _by_who(_sentence(scene, own))
            of_sentence = {own: {who: {f"who={who}": 1.0} | article[who] | said[who] for who in _WHOS}}
        yield _figure(scene, index, own, own_places, of_sentence[own])


def _figure(
    scene: Scene, index: int, own: int, places: Sequence[str | None], around: dict[str, dict[str, float]]
) -> list[Row]:
    quantity = scene.analysis.quantities[index]
    near = _nearby(scene, quantity, own)
    picked, framed = by_rule(scene, index), frame(scene)
    return [_row(scene, quantity, place, near, picked, framed, around) for place in places]


def _sentence(scene: Scene, own: int) -> dict[str, str]:
    """Return what the words of a sentence say, in coarse words."""
    sentence = scene.analysis.sentences[own]
    words = evidence.counted(scene.evidence, sentence.start, sentence.end)
    return {f"sentence:{kind}": _coarse(count) for kind, count in words.items()}


def _by_who(said: dict[str, str]) -> dict[str, dict[str, float]]:
    """Return what is said as features of each sort of candidate."""
    return {who: {f"{who}:{name}={value}": 1.0 for name, value in said.items()} for who in _WHOS}


@dataclass(frozen=True, slots=True)
class _Nearby:
    """The pointers around a figure, by where they stand; each list runs away from the figure."""

    before: tuple[Pointer, ...]  # in its sentence
    after: tuple[Pointer, ...]
    clause: tuple[Pointer, ...]  # before it, behind the last semicolon, bracket or figure
    segment: tuple[Pointer, ...]  # before it, behind the last semicolon
    bracket: Pointer | None
    adjacent: Pointer | None  # before it, with hardly a word between
    earlier: tuple[tuple[int, Pointer], ...]  # sentences back, in the paragraph
    paragraph_first: Pointer | None


def _nearby(scene: Scene, quantity: Quantity, own: int) -> _Nearby:
    """Return the pointers around a figure; oblique ones ("giáp", "như", "so với") say nothing of it."""
    text, sentence = scene.analysis.text, scene.analysis.sentences[own]
    low, high = bisect_left(scene.sentences, own - BACK), bisect_right(scene.sentences, own)
    telling = [
        (n, p)
        for n, p in zip(scene.sentences[low:high], scene.pointers[low:high], strict=True)
        if p.mention.role != "oblique"
    ]
    before = tuple(p for n, p in reversed(telling) if n == own and p.mention.start < quantity.start)
    after = tuple(p for n, p in telling if n == own and p.mention.start >= quantity.end)
    edge = max(text.rfind(mark, sentence.start, quantity.start) for mark in ";(")
    index = bisect_left(scene.quantity_starts, quantity.start)
    previous = scene.analysis.quantities[index - 1].end if index else 0
    in_paragraph = [
        (n, p)
        for n, p in telling
        if scene.analysis.sentences[n].paragraph == sentence.paragraph and p.mention.start < quantity.start
    ]
    earlier = tuple(
        (own - n, p) for n, p in reversed(in_paragraph) if own - BACK <= n < own and not is_item(scene, p)
    )
    first = scene.openers.get(sentence.paragraph)
    if first is not None and first.mention.start >= quantity.start:
        first = None
    last = text.rfind(";", sentence.start, quantity.start)
    return _Nearby(
        before=before,
        after=after,
        clause=tuple(p for p in before if p.mention.start > max(edge, previous)),
        segment=tuple(p for p in before if p.mention.start > last),
        bracket=in_bracket_behind(scene, quantity),
        adjacent=_adjacent(text, before, quantity),
        earlier=earlier,
        paragraph_first=first,
    )


def _adjacent(text: str, before: Sequence[Pointer], quantity: Quantity) -> Pointer | None:
    """Return the place right before a figure, with at most verbs and hedges between."""
    if before and _GLUE.fullmatch(text, before[0].mention.end, quantity.start):
        return before[0]
    return None


def _article(scene: Scene) -> dict[str, str]:
    """Return what the whole article says, in coarse words."""
    counts = scene.counts
    heading = scene.analysis.article.title
    words = evidence.counted(scene.evidence, 0, len(scene.analysis.text))
    title = evidence.counted(evidence.found(heading), 0, len(heading))
    local = _coarse(counts["site"] + counts["own"])
    national = _coarse(counts["country"] + counts["body"])
    lead = {p.kind for p, n in zip(scene.pointers, scene.sentences, strict=True) if n < _LEAD}
    at_top = lead | scene.title_kinds
    local_lead, national_lead = bool(at_top & {"site", "own"}), bool(at_top & {"country", "body"})
    said = {
        "local": local,
        "national": national,
        "balance": f"{local}:{national}",
        "site": _coarse(counts["site"]),
        "lead": f"{local_lead}:{national_lead}",
        "lead_balance": f"{local_lead}:{national_lead}:{local}:{national}",
        "others": _coarse(len({p.place for p in scene.pointers if p.kind == "other"})),
        "nowhere": _coarse(counts["nowhere"]),
        "title": "+".join(sorted(scene.title_kinds & {"site", "other", "country", "body", "nowhere"})),
    }
    said |= {f"words:{kind}": _coarse(count) for kind, count in words.items()}
    said |= {f"title:{kind}": _coarse(count) for kind, count in title.items()}
    said |= {f"share:{frame}": quarter for frame, quarter in _shares(counts, words).items()}
    return {f"{ARTICLE}:{name}": value for name, value in said.items()}


def _shares(counts: Counter[str], words: Counter[str]) -> dict[str, str]:
    """Return how many quarters of what the article says speak for each frame, rounded up."""
    weights = {
        "local": counts["site"] + counts["own"] + words["provincial"],
        "national": counts["country"] + counts["body"] + words["national"] + words["norm"],
        "other": counts["other"] + counts["district"] + counts["away"],
        "nowhere": counts["nowhere"] + words["abroad"] + words["grouped"],
        "firm": words["firm"],
    }
    total = max(1, sum(weights.values()))
    return {frame: str(-(-4 * weight // total)) for frame, weight in weights.items()}


def _coarse(count: int) -> str:
    return next((name for limit, name in ((0, "none"), (1, "one"), (4, "few")) if count <= limit), "many")


def _row(
    scene: Scene,
    quantity: Quantity,
    place: str | None,
    near: _Nearby,
    picked: str | None,
    framed: str | None,
    around: dict[str, dict[str, float]],
) -> Row:
    who = "site" if place == scene.site else _WHO.get(place, "other")
    row = {f"{who}:rule={picked == place}": 1.0}
    row[f"rule={picked == place}"] = 1.0
    row[f"{who}:frame={framed == place}"] = 1.0
    row |= _mentioned(place, who, near)
    unit = (quantity.unit or "").lower().split()
    row[f"{who}:unit={unit[0] if unit else ''}"] = 1.0
    row[f"{who}:kind={quantity.kind}"] = 1.0
    if who == "other" and place is not None:
        row[f"other:share={min(4, 8 * scene.named[place] // max(1, len(scene.pointers)))}"] = 1.0
        row[f"other:most={scene.most == place}"] = 1.0
    return Row(around[who], row)


def _mentioned(place: str | None, who: str, near: _Nearby) -> dict[str, float]:
    """Return where around the figure the place is named, and what is named nearer."""
    row: dict[str, float] = {}
    for where, pointers in (("before", near.before), ("after", near.after), ("clause", near.clause)):
        rank, role, kind = _rank(pointers, place)
        row[f"{who}:{where}={rank}"] = 1.0
        if role:
            row[f"{where}:{rank}:role={role}"] = 1.0
            row[f"{who}:{where}:{rank}:kind={kind}"] = 1.0
        row[f"{who}:{where}:nearest={pointers[0].kind if pointers else 'none'}"] = 1.0
    if near.segment:
        row[f"{who}:segment={near.segment[0].place == place}:{len({p.place for p in near.segment})}"] = 1.0
    adjacent = near.adjacent
    row[f"{who}:adjacent={'none' if adjacent is None else adjacent.place == place}"] = 1.0
    bracket = near.bracket
    row[f"{who}:bracket={'none' if bracket is None else bracket.place == place}"] = 1.0
    frames = [p for p in near.before if p.mention.role in ("subject", "locative")]
    row[f"{who}:framed={'none' if not frames else frames[0].place == place}"] = 1.0
    back = next((n for n, p in near.earlier if p.place == place), None)
    row[f"{who}:back={back}"] = 1.0
    last = next((p for _, p in near.earlier), None)
    row[f"{who}:last={'none' if last is None else (last.place == place)}:{bool(near.before)}"] = 1.0
    if last is not None:
        row[f"{who}:last_kind={last.kind}:{bool(near.before)}"] = 1.0
    opener = near.before[-1] if near.before else None
    row[f"{who}:opener={'none' if opener is None else opener.place == place}"] = 1.0
    nearest_back = near.earlier[0][0] if near.earlier else None
    heading = next((p for n, p in reversed(near.earlier) if n == nearest_back), None)
    row[f"{who}:heading={'none' if heading is None else heading.place == place}:{opener is None}"] = 1.0
    if heading is not None:
        row[f"{who}:heading_kind={heading.kind}:{heading.mention.role}:{opener is None}"] = 1.0
    first = near.paragraph_first
    row[f"{who}:first={'none' if first is None else first.place == place}"] = 1.0
    return row


def _rank(pointers: Iterable[Pointer], place: str | None) -> tuple[str, str | None, str | None]:
    """Return how many other places stand nearer (0, 1, 2, none), and the role and kind of the mention."""
    nearer: set[str | None] = set()
    for pointer in pointers:
        if pointer.place == place:
            return str(min(2, len(nearer))), pointer.mention.role, pointer.kind
        nearer.add(pointer.place)
    return "none", None, None
