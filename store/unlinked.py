"""What the catalogue does not know yet: the words of figures that have no indicator, most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from store.filters import EVERYTHING
from store.search import fold

_SHORTEST, _LONGEST = 2, 4  # syllables of a run


def unlinked_phrases(db: Database, limit: int) -> list[dict[str, Any]]:
    """Return the most frequent phrases of figures without an indicator, one row per phrase, kind and unit.

    Phrases meet when their folded letters do; each row has one spelling of it, the number of `figures`,
    `articles` and `places`, and the id of one figure as an `example`.
    """
    sql = f"""
        SELECT min(indicator) AS phrase, kind, unit, count(*) AS figures,
            count(DISTINCT article_id) AS articles, count(DISTINCT place_id) AS places, min(id) AS example
        FROM figures WHERE indicator_id IS NULL AND indicator_key IS NOT NULL AND {EVERYTHING}
        GROUP BY indicator_key, kind, lower(coalesce(unit, ''))
        ORDER BY figures DESC, phrase, kind LIMIT :limit
    """
    return list(db.query(sql, {"limit": limit}))


def frequent_runs(phrases: Iterable[str], limit: int) -> list[tuple[str, int]]:
    """Return the runs of two to four syllables that most phrases hold, with the number of phrases.

    Whole phrases of a newspaper seldom come back; the runs in them do, and make cues. A run that is only
    ever a part of a longer one as frequent is left out.
    """
    held: Counter[tuple[str, ...]] = Counter()
    for phrase in phrases:
        words = phrase.lower().split()
        held.update(
            {
                tuple(words[start : start + size])
                for size in range(_SHORTEST, _LONGEST + 1)
                for start in range(len(words) - size + 1)
            }
        )
    inside = {part for run, count in held.items() for part in (run[1:], run[:-1]) if held.get(part) == count}
    ranked = sorted(
        ((run, count) for run, count in held.items() if count > 1 and run not in inside),
        key=lambda item: (-item[1], -len(item[0]), fold(" ".join(item[0]))),
    )
    return [(" ".join(run), count) for run, count in ranked[:limit]]
