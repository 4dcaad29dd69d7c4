"""What speaks for each candidate place of a figure, as groups of names of features that hold.

The article as a whole speaks first: a national report in a provincial paper names ministries, laws and the
country where another names the province and its bodies. Then the words of the figure's sentence speak, and
the mentions around it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import regex

from extract.analysis import Quantity
from extract.linear import Names
from extract.place import evidence, feature_groups, provinces
from extract.place.feature_groups import coarse
from extract.place.scene import BACK, CROWD, Pointer, Scene, by_rule, in_bracket_behind

FEATURE_VERSION = "5"
ARTICLE = "article"  # in the names of features that speak of the whole article
_LEAD = 3  # sentences that set the frame of an article
_GLUE = regex.compile(
    r"\s*+(?:(?:là|đạt|với|có|được|chỉ|còn|hơn|gần|khoảng|trên|dưới|lên|tới|đến|thì|cũng|đã|ước|mới|tăng|giảm|mất"
    r"|chiếm|thêm|xếp|đứng|thứ|hạng|mức|vẫn|ở|hiện|\(|:)\s*+){0,4}"
)
_WHO: dict[str | None, str] = {None: "none", provinces.COUNTRY: "country"}
_WHOS = ("site", "none", "country", "other")


class Shared(NamedTuple):
    """The features that a sort of candidate has in all figures of a sentence."""

    who: Names
    article: Names  # what the whole article says
    sentence: Names


class Row(NamedTuple):
    """The features of a candidate in groups: those of its sort, and its own."""

    shared: Shared
    own: list[Names]


def rows(scene: Scene, places: Sequence[Sequence[str | None]]) -> Iterator[list[Row]]:
    """Yield, for every quantity of the article, a row of features for each of its candidate places."""
    said = _article(scene)
    article = {who: tuple([f"{who}:{each}" for each in said]) for who in _WHOS}
    last = -1  # the sentence that `around` and `earlier` speak of
    around: dict[str, Shared] = {}
    earlier = _Earlier({}, None, None)
    for index, (quantity, own_places) in enumerate(zip(scene.analysis.quantities, places, strict=True)):
        own = scene.sentence(quantity.start)
        if own != last:
            last = own
            words = _sentence(scene, own)
            around = {
                who: Shared((f"who={who}",), article[who], feature_groups.of_words(who, words))
                for who in _WHOS
            }
            earlier = _earlier(scene, own)
        near = _nearby(scene, quantity, own, earlier)
        yield _figure(scene, index, near, own_places, around)


def _figure(
    scene: Scene, index: int, near: _Nearby, places: Sequence[str | None], around: dict[str, Shared]
) -> list[Row]:
    quantity = scene.analysis.quantities[index]
    picked, framed = by_rule(scene, index), scene.article_place
    unit = next(iter((quantity.unit or "").lower().split()), "")
    found = []
    for place in places:
        who = "site" if place == scene.site else _WHO.get(place, "other")
        groups = _mentioned(place, who, near)
        groups.append(feature_groups.of_figure(who, picked == place, framed == place, unit, quantity.kind))
        if who == "other" and place is not None:
            share = min(4, 8 * scene.named[place] // max(1, len(scene.pointers)))
            groups.append(feature_groups.of_other(share, scene.most == place))
        found.append(Row(around[who], groups))
    return found


def _sentence(scene: Scene, own: int) -> tuple[tuple[str, int], ...]:
    """Return how many words of each kind a sentence has, as far as it matters."""
    sentence = scene.analysis.sentences[own]
    words = evidence.counted(scene.evidence, sentence.start, sentence.end)
    return tuple([(kind, min(count, feature_groups.MANY)) for kind, count in words.items()])


class _Earlier(NamedTuple):
    """The pointers before a sentence, in its paragraph."""

    back: dict[str | None, int]  # place → how many sentences back it was named last
    last: Pointer | None
    heading: Pointer | None  # the first in the sentence of the last


class _Nearby(NamedTuple):
    """The pointers around a figure, by where they stand; each list runs away from the figure."""

    before: list[Pointer]  # in its sentence
    after: list[Pointer]
    clause: list[Pointer]  # before it, behind the last semicolon, bracket or figure
    segment: list[Pointer]  # before it, behind the last semicolon
    earlier: _Earlier
    bracket: Pointer | None
    adjacent: Pointer | None  # before it, with hardly a word between
    framing: Pointer | None  # the last one before it that is a subject or says where
    opener: Pointer | None  # the first in its sentence
    paragraph_first: Pointer | None


def _earlier(scene: Scene, own: int) -> _Earlier:
    """Return the pointers before a sentence that may hold in it."""
    paragraph = scene.analysis.sentences[own].paragraph
    low, high = (bisect_left(scene.sentences, number) for number in (own - BACK, own))
    found = [at for at in range(low, high) if scene.paragraphs[at] == paragraph and scene.frames[at]]
    if not found:
        return _Earlier({}, None, None)
    last = found[-1]
    return _Earlier(
        {scene.pointers[at].place: own - scene.sentences[at] for at in found},
        scene.pointers[last],
        next(scene.pointers[at] for at in found if scene.sentences[at] == scene.sentences[last]),
    )


def _nearby(scene: Scene, quantity: Quantity, own: int, earlier: _Earlier) -> _Nearby:
    """Return the pointers around a figure; oblique ones ("giáp", "như", "so với") say nothing of it."""
    text, sentence = scene.analysis.text, scene.analysis.sentences[own]
    middle, high = (bisect_left(scene.sentences, number) for number in (own, own + 1))
    at = bisect_left(scene.pointer_starts, quantity.start, middle, high)
    around = scene.pointers[max(middle, at - CROWD) : min(high, at + CROWD)]
    here = [p for p in around if p.mention.role != "oblique"]
    before = [p for p in reversed(here) if p.mention.start < quantity.start]
    semicolon = text.rfind(";", sentence.start, quantity.start)
    index = bisect_left(scene.quantity_starts, quantity.start)
    previous = scene.analysis.quantities[index - 1].end if index else 0
    edge = max(previous, semicolon, text.rfind("(", sentence.start, quantity.start))
    first = scene.openers.get(sentence.paragraph)
    if first is not None and first.mention.start >= quantity.start:
        first = None
    return _Nearby(
        before=before,
        after=[p for p in here if p.mention.start >= quantity.end],
        clause=[p for p in before if p.mention.start > edge],
        segment=[p for p in before if p.mention.start > semicolon],
        earlier=earlier,
        bracket=in_bracket_behind(scene, quantity),
        adjacent=_adjacent(text, before, quantity),
        framing=next((p for p in before if p.mention.role in ("subject", "locative")), None),
        opener=before[-1] if before else None,
        paragraph_first=first,
    )


def _adjacent(text: str, before: Sequence[Pointer], quantity: Quantity) -> Pointer | None:
    """Return the place right before a figure, with at most verbs and hedges between."""
    if before and _GLUE.fullmatch(text, before[0].mention.end, quantity.start):
        return before[0]
    return None


def _article(scene: Scene) -> list[str]:
    """Return what the whole article says, in coarse words."""
    counts = scene.counts
    heading = scene.analysis.article.title
    words = evidence.counted(scene.evidence, 0, len(scene.analysis.text))
    title = evidence.counted(evidence.found(heading), 0, len(heading))
    local = coarse(counts["site"] + counts["own"])
    national = coarse(counts["country"] + counts["body"])
    lead = {p.kind for p, n in zip(scene.pointers, scene.sentences, strict=True) if n < _LEAD}
    at_top = lead | scene.title_kinds
    local_lead, national_lead = bool(at_top & {"site", "own"}), bool(at_top & {"country", "body"})
    said = {
        "local": local,
        "national": national,
        "balance": f"{local}:{national}",
        "site": coarse(counts["site"]),
        "lead": f"{local_lead}:{national_lead}",
        "lead_balance": f"{local_lead}:{national_lead}:{local}:{national}",
        "others": coarse(len({p.place for p in scene.pointers if p.kind == "other"})),
        "nowhere": coarse(counts["nowhere"]),
        "title": "+".join(sorted(scene.title_kinds & {"site", "other", "country", "body", "nowhere"})),
    }
    said |= {f"words:{kind}": coarse(count) for kind, count in words.items()}
    said |= {f"title:{kind}": coarse(count) for kind, count in title.items()}
    said |= {f"share:{frame}": quarter for frame, quarter in _shares(counts, words).items()}
    return [f"{ARTICLE}:{name}={value}" for name, value in said.items()]


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


def _mentioned(place: str | None, who: str, near: _Nearby) -> list[Names]:
    """Return where around the figure the place is named, and what is named nearer."""
    last, heading = near.earlier.last, near.earlier.heading
    groups = [
        feature_groups.of_rank(who, where, *_rank(pointers, place), pointers[0].kind if pointers else None)
        for where, pointers in (("before", near.before), ("after", near.after), ("clause", near.clause))
    ]
    groups += (
        feature_groups.of_sentence(
            who,
            _is(near.adjacent, place),
            _is(near.bracket, place),
            _is(near.framing, place),
            _is(near.opener, place),
        ),
        feature_groups.of_paragraph(
            who,
            near.earlier.back.get(place),
            _is(last, place),
            None if last is None else last.kind,
            bool(near.before),
            _is(near.paragraph_first, place),
        ),
        feature_groups.of_heading(
            who,
            _is(heading, place),
            None if heading is None else heading.kind,
            None if heading is None else heading.mention.role,
            bool(near.before),
        ),
    )
    if near.segment:
        nearest, places = near.segment[0].place, {pointer.place for pointer in near.segment}
        groups.append(feature_groups.of_segment(who, nearest == place, len(places)))
    return groups


def _is(pointer: Pointer | None, place: str | None) -> bool | None:
    """Say whether a pointer points to the place; None where there is none."""
    return None if pointer is None else pointer.place == place


def _rank(pointers: Iterable[Pointer], place: str | None) -> tuple[str, str | None, str | None]:
    """Return how many other places stand nearer (0, 1, 2, none), and the role and kind of the mention."""
    nearer: set[str | None] = set()
    for pointer in pointers:
        if pointer.place == place:
            return str(min(2, len(nearer))), pointer.mention.role, pointer.kind
        nearer.add(pointer.place)
    return "none", None, None
