"""The schema of the derived database: an ordered list of small steps, each applied once, in a transaction.

A step that has been released is never edited; a change of schema is a new step at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlite_utils import Database, Migrations

from store.schema_columns import m008_columns, m009_orders, m010_units, m011_canonical, m012_agreed

Step = Callable[[Database], None]


def migrations(name: str, steps: Sequence[Step]) -> Migrations:
    """Return the steps as one named set of migrations, in their order."""
    ordered = Migrations(name)
    for step in steps:
        ordered()(step)
    return ordered


def m001_articles(db: Database) -> None:
    """Cleaned articles, their tables, and the pages that could not be turned into one."""
    db.execute("""
        CREATE TABLE articles (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            text TEXT NOT NULL,
            source TEXT,
            site_province TEXT,
            lead TEXT,
            author TEXT,
            published TEXT,                -- ISO date, date-time with zone, or a bare year
            published_on TEXT,             -- its first ten characters, to sort and compare
            published_raw TEXT,
            page_starts TEXT NOT NULL,     -- JSON list
            text_hash TEXT NOT NULL,       -- of the folded text: equal for copies of one article
            fetched_at TEXT,               -- with the id, the version of the page it was made from
            cleaner_version TEXT NOT NULL,
            extractor_version TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_by_date ON articles (published_on, id)")
    db.execute("CREATE INDEX articles_of_source ON articles (source)")
    db.execute("CREATE INDEX articles_by_text ON articles (text_hash)")
    db.execute("""
        CREATE TABLE article_tables (
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            caption TEXT,
            page_number INTEGER,
            cells TEXT NOT NULL,           -- JSON list of [row, column, text, start, end, header]
            PRIMARY KEY (article_id, number)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("""
        CREATE TABLE failures (
            page_id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            source TEXT NOT NULL,
            stage TEXT NOT NULL,           -- clean, extract, worker, store
            reason TEXT NOT NULL,
            fetched_at TEXT NOT NULL,
            cleaner_version TEXT NOT NULL,
            extractor_version TEXT NOT NULL
        ) STRICT
    """)
    db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT")


def m002_figures(db: Database) -> None:
    """Figures and their search index; numbers as REAL to sort by and as TEXT, exact."""
    db.execute("""
        CREATE TABLE figures (
            number INTEGER PRIMARY KEY,    -- row of the search index
            id TEXT NOT NULL UNIQUE,
            article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            surface TEXT NOT NULL,
            kind TEXT NOT NULL,
            value REAL NOT NULL,
            value_text TEXT NOT NULL,
            value_max REAL,
            value_max_text TEXT,
            denominator REAL,
            denominator_text TEXT,
            comparator TEXT NOT NULL,
            unit TEXT,
            measure TEXT NOT NULL,
            status TEXT NOT NULL,
            negated INTEGER NOT NULL,
            place TEXT,
            place_id TEXT,
            locality TEXT,
            period TEXT,
            period_start TEXT,
            period_end TEXT,
            indicator TEXT NOT NULL,
            indicator_id TEXT,
            indicator_key TEXT,            -- the canonical id, else ~ and the folded phrase
            indicator_folded TEXT NOT NULL,
            place_folded TEXT,
            base TEXT,
            restates INTEGER,
            sentence TEXT NOT NULL,
            sentence_start INTEGER NOT NULL,
            sentence_end INTEGER NOT NULL,
            confidence REAL NOT NULL,
            flags TEXT NOT NULL,           -- JSON list
            rules TEXT NOT NULL,           -- JSON list
            extractor_version TEXT NOT NULL,
            page_number INTEGER,
            source TEXT,                   -- of the article, so that filters need no join
            published_on TEXT,             -- of the article
            observation_key TEXT,          -- what it would be merged by; NULL where too little is known
            observation_id TEXT            -- what it was merged into: the same, or NULL
        ) STRICT
    """)
    for name, columns in (
        ("indicator", "indicator_key, place_id, period_end"),
        ("place", "place_id, indicator_id, period_end, period_start"),
        ("date", "published_on"),
        ("article", "article_id, start"),
        ("key", "observation_key"),
        ("observation", "observation_id"),
        ("source", "source"),
        ("confidence", "confidence"),
    ):
        db.execute(f"CREATE INDEX figures_by_{name} ON figures ({columns})")
    # All that the facets count by or filter on, so that they never touch the rows themselves.
    db.execute("""
        CREATE INDEX figures_by_facets ON figures (
            kind, status, source, place_id, indicator_id, indicator_key, period_start, period_end, confidence
        )
    """)
    # The text is folded before it is indexed: SQLite's own folding leaves the Vietnamese d with stroke alone.
    db.execute("""
        CREATE VIRTUAL TABLE figures_fts USING fts5 (
            sentence, indicator, title, place, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3'
        )
    """)


def m003_observations(db: Database) -> None:
    """Observations, and the list of those that must be merged again."""
    db.execute("""
        CREATE TABLE observations (
            id TEXT PRIMARY KEY,
            place_id TEXT NOT NULL,
            locality TEXT,
            indicator_id TEXT,
            indicator TEXT NOT NULL,
            indicator_key TEXT NOT NULL,
            period TEXT,
            period_start TEXT,
            period_end TEXT,
            as_of TEXT,                    -- day of publication, where the text gives no period
            status TEXT NOT NULL,
            kind TEXT NOT NULL,
            unit TEXT,
            measure TEXT NOT NULL,
            negated INTEGER NOT NULL,
            base TEXT,
            comparator TEXT NOT NULL,
            value REAL NOT NULL,
            value_text TEXT NOT NULL,
            value_max REAL,
            value_max_text TEXT,
            denominator REAL,
            denominator_text TEXT,
            confidence REAL NOT NULL,
            published_on TEXT,             -- of the newest article
            figure_id TEXT NOT NULL,
            figures INTEGER NOT NULL,
            articles INTEGER NOT NULL,
            sources INTEGER NOT NULL,      -- independent reports
            conflict INTEGER NOT NULL
        ) STRICT
    """)
    db.execute("CREATE INDEX observations_by_indicator ON observations (indicator_key, place_id, period_end)")
    db.execute("CREATE INDEX observations_by_place ON observations (place_id, period_end)")
    db.execute("CREATE INDEX observations_in_conflict ON observations (published_on) WHERE conflict")
    db.execute("CREATE TABLE stale_observations (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")


def m004_merging(db: Database) -> None:
    """Which articles are copies of one another, and by what rule the value of an observation was chosen.

    What was merged before is merged again: `observations.merge` finds no note of its rules in `meta`.
    """
    db.execute("""
        CREATE TABLE article_clusters (
            number INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL UNIQUE,
            published_on TEXT,
            first_on TEXT,                 -- the earliest day on which a copy of it or itself was published
            corrects INTEGER NOT NULL,     -- its title says that it puts an earlier article right
            signature BLOB NOT NULL,       -- least hashes of its shingles; empty for a short text
            cluster TEXT NOT NULL          -- least id of the articles that are copies of it, and its own
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_by_cluster ON article_clusters (cluster)")
    db.execute("""
        CREATE TABLE article_bands (
            band INTEGER NOT NULL,         -- hash of a part of a signature
            number INTEGER NOT NULL REFERENCES article_clusters (number) ON DELETE CASCADE,
            PRIMARY KEY (band, number)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE INDEX bands_of_article ON article_bands (number)")
    db.execute("""
        CREATE TABLE near_copies (         -- each pair in both directions
            article_id TEXT NOT NULL,
            other_id TEXT NOT NULL,
            PRIMARY KEY (article_id, other_id)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE TABLE stale_articles (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID")
    # superseded or differs, several_values where its article gives others, too; else NULL: shown or agrees
    db.execute("ALTER TABLE figures ADD COLUMN observation_role TEXT")
    db.execute("ALTER TABLE observations ADD COLUMN chosen_by TEXT NOT NULL DEFAULT 'only'")
    db.execute("ALTER TABLE observations ADD COLUMN revised INTEGER NOT NULL DEFAULT 0")


def m005_reviews(db: Database) -> None:
    """The reviews that hold, as copied from the database of reviews, and what they make of the figures."""
    db.execute("""
        CREATE TABLE standing_reviews (    -- also of figures that are not extracted any more
            figure_id TEXT PRIMARY KEY,
            review_id INTEGER NOT NULL,
            verdict TEXT NOT NULL,         -- confirmed, rejected, corrected
            changes TEXT NOT NULL,         -- JSON object: corrected fields
            extracted TEXT NOT NULL,       -- JSON object: what was reviewed
            reason TEXT NOT NULL,
            reviewer TEXT NOT NULL,
            reviewed_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
    """)
    for name in ("review", "reviewer", "reviewed_at", "review_reason"):
        db.execute(f"ALTER TABLE figures ADD COLUMN {name} TEXT")
    # JSON object of the fields that a correction changed, as they were extracted; NULL where none did
    db.execute("ALTER TABLE figures ADD COLUMN extracted TEXT")
    db.execute("CREATE INDEX figures_by_review ON figures (review) WHERE review IS NOT NULL")


def m006_copies_by_day(db: Database) -> None:
    """Signatures by day of publication instead of an index of their bands; everything is merged again."""
    db.execute("DROP TABLE article_bands")
    db.execute("DROP TABLE article_clusters")
    db.execute("DELETE FROM near_copies")
    db.execute("DELETE FROM meta WHERE key = 'merged_by'")
    db.execute("""
        CREATE TABLE article_clusters (
            number INTEGER PRIMARY KEY,
            article_id TEXT NOT NULL UNIQUE,
            text_hash TEXT NOT NULL,
            day TEXT,                      -- of publication; NULL where it is not known to the day
            first_on TEXT,                 -- the earliest day on which a copy of it or itself was published
            corrects INTEGER NOT NULL,     -- its title says that it puts an earlier article right
            signature BLOB NOT NULL,       -- least hashes of its shingles; empty for a short text
            cluster TEXT NOT NULL          -- least id of the articles that are copies of it, and its own
        ) STRICT
    """)
    db.execute("CREATE INDEX articles_by_cluster ON article_clusters (cluster)")
    db.execute("CREATE INDEX article_clusters_by_day ON article_clusters (day)")


def m007_doubts(db: Database) -> None:
    """What is not certain about an article."""
    db.execute("ALTER TABLE articles ADD COLUMN doubts TEXT NOT NULL DEFAULT '[]'")  # JSON list


FIGURES = migrations(
    "figures",
    [
        m001_articles,
        m002_figures,
        m003_observations,
        m004_merging,
        m005_reviews,
        m006_copies_by_day,
        m007_doubts,
        m008_columns,
        m009_orders,
        m010_units,
        m011_canonical,
        m012_agreed,
    ],
)
# Steps without which readers work out more, and answer the same: releases frozen before them stay readable.
OPTIONAL = frozenset({"m010_units", "m011_canonical", "m012_agreed"})
