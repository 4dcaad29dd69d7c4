"""What merging costs: `make bench-merge` (ARGS="--figures 100000 --articles 20000" for a smaller run).

Writes invented articles with figures into a database in a temporary folder, merges them, adds one more
article and merges again. Printed are the seconds of each and the peak memory of the process. The articles
are short (about 120 words); one in seven is a copy of another, word for word or cut short, and one figure in
twenty has another number than its indicator, place and period had elsewhere. Writing is told apart from
merging: in real use it goes along with extraction, which takes far longer.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from store import copies, derived, observations
from store.database import writing
from store.places import places
from store.records import Article, Figure

BATCH = 1000  # articles per transaction
FIRST_DAY = date(2022, 1, 1)
DAYS = 1500
PAPERS = 130
INDICATORS = 100
WORDS = [
    f"{first}{rest}"
    for first in ("b", "ch", "đ", "kh", "ng", "ph", "tr", "x")
    for rest in ("a", "en", "i", "ôi", "ưng")
]
COPIES, NEAR_COPIES = 0.05, 0.1  # of the articles
CHANGED = 0.05  # of the figures: another number than the first report had


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--figures", type=int, default=1_025_000)
    options.add_argument("--articles", type=int, default=205_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = derived.open_derived(Path(folder) / "chiso.db")
        started = now()
        invented = stories(chosen.articles, chosen.figures // chosen.articles)
        written = 0
        while batch := list(islice(invented, BATCH)):
            with writing(db):
                for article, figures in batch:
                    derived.replace_article(db, article, figures)
                    written += len(figures)
        print(f"written: {db['articles'].count} articles, {written} figures, {since(started)}")
        print(f"peak memory so far: {peak():.0f} MB")
        started = now()
        found = copies.find_copies(db)
        print(f"copies looked for: {found} articles, {since(started)}")
        merged = observations.merge(db)
        print(f"merged with that: {merged} observations, {since(started)}")
        print(f"peak memory: {peak():.0f} MB")
        print_outcome(db)
        for number in range(3):
            article, figures = story(random.Random(-number), chosen.articles + number, 5)
            started = now()
            derived.replace_article(db, article, figures)
            again = observations.merge(db)
            print(f"one more article: {again} observations, {since(started)}")
        size = (Path(folder) / "chiso.db").stat().st_size / 2**20
        print(f"database: {size:.0f} MB")


def stories(count: int, figures: int) -> Iterator[tuple[Article, list[Figure]]]:
    """Yield invented articles; some have the text of an earlier one, whole or cut short."""
    chance = random.Random(1)
    for number in range(count):
        kind = chance.random()
        original = chance.randrange(number) if number and kind < COPIES + NEAR_COPIES else number
        yield story(chance, number, figures, original=original, cut=COPIES < kind < COPIES + NEAR_COPIES)


def story(
    chance: random.Random, number: int, count: int, *, original: int | None = None, cut: bool = False
) -> tuple[Article, list[Figure]]:
    """Return an article; what it tells depends on `original`, which paper prints it and when on chance."""
    told = random.Random(number if original is None else original)
    place = told.choice(list(places()))
    day = FIRST_DAY + timedelta(days=told.randrange(DAYS))
    facts = [fact(told, place, day) for _ in range(count)]
    sentences = [
        f"Toàn tỉnh có {value} {indicator}, {' '.join(told.choices(WORDS, k=16))}."
        for indicator, _, value in facts
    ]
    if cut:
        sentences = sentences[: max(1, len(sentences) * 4 // 5)]
    article = Article(
        id=f"a{number:015d}",
        url=f"https://bao.example/{number}",
        title=f"Tin {told.choice(WORDS)} {told.choice(WORDS)}",
        text="\n".join([f"Tin {number}", *sentences]),
        source=f"bao{chance.randrange(PAPERS)}",
        published=(day + timedelta(days=chance.randrange(10))).isoformat(),
    )
    return article, list(figures_of(article, place, facts, sentences, chance))


def fact(told: random.Random, place: str, day: date) -> tuple[str, str, str]:
    """Return an indicator, a period and its value, which depends on both and on the place."""
    indicator, year = f"indicator{told.randrange(INDICATORS)}", day.year - told.randrange(2)
    month = told.randrange(1, 13)
    exact = random.Random(f"{place} {indicator} {year} {month}").randrange(1000, 10**6)
    value = exact + (told.randrange(1, 50) if told.random() < CHANGED else 0)
    return indicator, f"{year}-{month:02d}-01/{year}-{month:02d}-28", str(value)


def figures_of(
    article: Article,
    place: str,
    facts: list[tuple[str, str, str]],
    sentences: list[str],
    chance: random.Random,
) -> Iterator[Figure]:
    start = article.text.index("\n") + 1
    for number, (sentence, (indicator, period, value)) in enumerate(zip(sentences, facts, strict=False)):
        at = start + sentence.index(value)
        yield Figure(
            id=f"{article.id}-{number}",
            article_id=article.id,
            start=at,
            end=at + len(value),
            surface=value,
            kind="count",
            value=Decimal(value),
            unit="hộ",
            place=places()[place].name_vi,
            place_id=place,
            period=period,
            indicator=indicator,
            indicator_id=indicator,
            sentence=sentence,
            sentence_start=start,
            sentence_end=start + len(sentence),
            confidence=round(0.5 + chance.random() / 2, 2),
            rules=("count",),
        )
        start += len(sentence) + 1


def print_outcome(db: derived.Database) -> None:
    clusters = db.execute("SELECT count(DISTINCT cluster) FROM article_clusters").fetchone()[0]
    print(f"groups of articles: {clusters}")
    for rule, count in db.execute("SELECT chosen_by, count(*) FROM observations GROUP BY 1 ORDER BY 2 DESC"):
        print(f"  {rule}: {count}")


def now() -> tuple[float, float]:
    """Return processor and wall seconds; the first leave out what other programs take of the machine."""
    return time.process_time(), time.perf_counter()


def since(started: tuple[float, float]) -> str:
    worked, passed = (later - earlier for later, earlier in zip(now(), started, strict=True))
    return f"{worked:.2f} s of processor time, {passed:.2f} s in all"


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
