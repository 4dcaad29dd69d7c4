"""The names of features that speak for a candidate place, in groups that follow from a few facts each.

The same facts stand around many figures: their names are put together once, and the groups are the same
tuples ever after (extract.linear.Sums). A fact that is None is not there.
"""

from __future__ import annotations

from functools import lru_cache

from extract.linear import Names

MANY = 5  # as many as matter of what is counted
_KEPT = 1 << 12  # groups of one sort: most sorts have a few hundred
_COARSE = ("none", "one", "few", "few", "few", "many")


def coarse(count: int) -> str:
    """Return how many that is, in a word."""
    return _COARSE[min(count, MANY)]


@lru_cache(maxsize=_KEPT)
def of_words(who: str, words: tuple[tuple[str, int], ...]) -> Names:
    """Return how many words of each kind stand in the sentence."""
    return tuple([f"{who}:sentence:{kind}={coarse(count)}" for kind, count in words])


@lru_cache(maxsize=_KEPT)
def of_figure(who: str, picked: bool, framed: bool, unit: str, kind: str) -> Names:
    """Return whether rule and frame pick the place, and what the figure is."""
    return (
        f"{who}:rule={picked}",
        f"rule={picked}",
        f"{who}:frame={framed}",
        f"{who}:unit={unit}",
        f"{who}:kind={kind}",
    )


@lru_cache(maxsize=_KEPT)
def of_other(share: int, most: bool) -> Names:
    """Return how often a province that is not the source's is named."""
    return (f"other:share={share}", f"other:most={most}")


@lru_cache(maxsize=_KEPT)
def of_rank(
    who: str, where: str, rank: str, role: str | None, kind: str | None, nearest: str | None
) -> Names:
    """Return how many other places are named nearer to the figure, and how the place is."""
    names = [f"{who}:{where}={rank}", f"{who}:{where}:nearest={nearest or 'none'}"]
    if role:
        names += [f"{where}:{rank}:role={role}", f"{who}:{where}:{rank}:kind={kind}"]
    return tuple(names)


@lru_cache(maxsize=_KEPT)
def of_segment(who: str, nearest: bool, places: int) -> Names:
    """Return whether the place is the nearest of those behind the last semicolon."""
    return (f"{who}:segment={nearest}:{places}",)


@lru_cache(maxsize=_KEPT)
def of_sentence(
    who: str, adjacent: bool | None, bracket: bool | None, framing: bool | None, opener: bool | None
) -> Names:
    """Return whether the place is the one beside the figure, in the bracket behind it, and so on."""
    return (
        f"{who}:adjacent={_or_none(adjacent)}",
        f"{who}:bracket={_or_none(bracket)}",
        f"{who}:framed={_or_none(framing)}",
        f"{who}:opener={_or_none(opener)}",
    )


@lru_cache(maxsize=_KEPT)
def of_paragraph(
    who: str, back: int | None, last: bool | None, kind: str | None, here: bool, first: bool | None
) -> Names:
    """Return whether the place is named in the sentences before, and is the last of them.

    `here` says whether places are named in the figure's own sentence.
    """
    names = [
        f"{who}:back={back}",
        f"{who}:last={_or_none(last)}:{here}",
        f"{who}:first={_or_none(first)}",
    ]
    if kind is not None:
        names.append(f"{who}:last_kind={kind}:{here}")
    return tuple(names)


@lru_cache(maxsize=_KEPT)
def of_heading(who: str, heading: bool | None, kind: str | None, role: str | None, here: bool) -> Names:
    """Return whether the place opens the last sentence that names any."""
    names = [f"{who}:heading={_or_none(heading)}:{not here}"]
    if kind is not None:
        names.append(f"{who}:heading_kind={kind}:{role}:{not here}")
    return tuple(names)


def _or_none(said: bool | None) -> str:
    return "none" if said is None else str(said)
