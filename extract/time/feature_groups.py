"""The names of features that speak for a candidate period, in groups that follow from a few facts each.

The same facts stand around many figures: their names are put together once, and the groups are the same
tuples ever after (extract.linear.Sums).
"""

from __future__ import annotations

from functools import lru_cache

from extract.linear import Names

_KEPT = 1 << 12  # groups of one sort


@lru_cache(maxsize=_KEPT)
def by_rule(reaches: tuple[int, ...], stated: bool) -> Names:
    """Return under which reaches of the rule the candidate is its pick, and whether that is a period."""
    kind = "time" if stated else "null"
    return tuple([name for reach in reaches for name in (f"rule{reach}", f"rule{reach}:{kind}")])


@lru_cache(maxsize=_KEPT)
def of_none(
    inside: int, after: int, distance: str, kind: str, measure: str, zone: str, manner: str, times: int
) -> Names:
    """Return what speaks for and against no period: how many times stand around, and how far."""
    return (
        "null",
        f"null:in={inside}",
        f"null:after={after}",
        f"null:distance={distance}",
        f"null:kind={kind}",
        f"null:{measure}",
        f"null:zone={zone}",
        f"null:manner={manner}",
        f"null:manner={manner}:{distance}",
        f"null:times={times}",
    )


@lru_cache(maxsize=_KEPT)
def of_none_said(
    turn: str, distance: str, same_period: bool, base_year: bool, plan: bool, now: bool, last_now: str
) -> Names:
    """Return what the words of the figure's sentence say for and against no period."""
    return (
        f"null:turn={turn}:{distance}",
        f"null:same_period={same_period}",
        f"null:base_year={base_year}",
        f"null:plan={plan}",
        f"null:now={now}:{distance}",
        f"null:last_now={last_now}",
    )


@lru_cache(maxsize=_KEPT)
def of_none_there(blocked: str | None, distance: str, headed: str, bracket: bool, published: str) -> Names:
    """Return what stands between the figure and the nearest time."""
    return (
        f"null:blocked={blocked is not None}:{distance}",
        f"null:blocked_by={blocked}",
        f"null:headed={headed}",
        f"null:bracket={bracket}",
        f"null:published={published}",
    )


@lru_cache(maxsize=_KEPT)
def of_none_words(opening: str, left: tuple[str, ...]) -> Names:
    """Return the words that open the figure's sentence and stand before it."""
    return (f"null:opening={opening}", *(f"null:left={word}" for word in left))


@lru_cache(maxsize=_KEPT)
def of_side(side: str, turn: str, kind: str, measure: str, now: bool, manner: str) -> Names:
    """Return what the figure says of all times on one side of it."""
    return (
        f"{side}:turn={turn}",
        f"{side}:kind={kind}",
        f"{side}:{measure}",
        f"{side}:now_left={now}",
        f"{side}:manner={manner}",
    )


@lru_cache(maxsize=_KEPT)
def of_opening(opening: str, same_period: bool, plan: bool) -> Names:
    """Return what the figure's sentence says of times in the sentences before."""
    return (f"p:opening={opening}", f"p:same_period={same_period}", f"p:plan={plan}")


@lru_cache(maxsize=_KEPT)
def of_way(way: str, manner: str, measure: str, kind: str, unit: str) -> Names:
    """Return what the figure says of a stretch, of a state at its end, and so on."""
    return (f"{way}:manner={manner}", f"{way}:{measure}", f"{way}:kind={kind}", f"{way}:unit={unit}")


@lru_cache(maxsize=_KEPT)
def of_reading(way: str, form: str, plan: bool, side: str, tense: str, after_base: int | None) -> Names:
    """Return how one meaning of a time agrees with the figure."""
    names = (f"{way}:{form}:plan={plan}", f"{side}:tense={tense}:plan={plan}")
    return names if after_base is None else (*names, f"after_base={after_base}")


@lru_cache(maxsize=_KEPT)
def of_path(side: str, figures: int, words: str, commas: int, now: bool) -> Names:
    """Return how much stands between a time and the figure."""
    return (
        f"{side}:figures={figures}",
        f"{side}:words={words}",
        f"{side}:commas={commas}",
        f"{side}:now={now}",
    )


@lru_cache(maxsize=_KEPT)
def of_place(where: str, side: str, touches: str, form: str, same_period: bool) -> Names:
    """Return where a time stands as seen from the figure."""
    return (f"at={where}", f"{side}:touches={touches}", f"{side}:same_period={same_period}:{form}")


@lru_cache(maxsize=_KEPT)
def of_bounds(side: str, own_plan: bool, plan: bool, bracket: str, shut: int, blocked: str | None) -> Names:
    """Return what parts a time from the figure: plans, brackets, other times."""
    return (
        f"{side}:own_plan={own_plan}:{plan}",
        f"{side}:bracket={bracket}:{shut}",
        f"{side}:blocked={blocked is not None}",
        f"{side}:blocked_by={blocked}",
    )


@lru_cache(maxsize=_KEPT)
def of_heading(side: str, heads: bool, last_heading: bool) -> Names:
    """Return whether a time opens its sentence, and is the last that does."""
    return (f"{side}:heads={heads}", f"{side}:last_heading={last_heading}:{heads}")


@lru_cache(maxsize=_KEPT)
def of_carried(fed: int, heads: bool, turn: str, where: str, own_times: bool) -> Names:
    """Return what speaks for carrying a time on from a sentence before."""
    return (f"p:fed={fed}:heads={heads}", f"p:turn={turn}:{where}", f"p:own_times={own_times}")


@lru_cache(maxsize=_KEPT)
def of_continuity(side: str, topic: str, topic_before: str, speech: bool) -> Names:
    """Return whether the figure's sentence speaks of what was spoken of since the time's."""
    return (f"{side}:topic={topic}", f"{side}:topic_before={topic_before}", f"{side}:speech={speech}")
