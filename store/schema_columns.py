"""The later steps of the derived database's schema: what figures are counted and sorted by."""

from __future__ import annotations

from sqlite_utils import Database

# What figures were counted by at first.
_COUNTED = (
    "number, article_id, kind, status, source, place_id, indicator_id, review, confidence, flags,"
    " period_start, period_end, published_on"
)


def m008_columns(db: Database) -> None:
    """Columns to count figures by (store/figure_columns.py) instead of an index over their fields."""
    db.execute("DROP INDEX figures_by_facets")
    db.execute("""
        CREATE TABLE figure_columns (
            name TEXT NOT NULL,
            chunk INTEGER NOT NULL,        -- number >> 14 of its figures
            data BLOB NOT NULL,            -- numbers in the order of the figures' row numbers
            PRIMARY KEY (name, chunk)
        ) STRICT
    """)
    db.execute("""
        CREATE TABLE figure_codes (
            field TEXT NOT NULL,
            code INTEGER NOT NULL,         -- in the column of the field
            value TEXT NOT NULL,
            PRIMARY KEY (field, code)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE TABLE stale_chunks (chunk INTEGER PRIMARY KEY) STRICT")
    for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"), (f"UPDATE OF {_COUNTED}", "NEW")):
        db.execute(f"""
            CREATE TRIGGER figures_stale_{event.split()[0].lower()} AFTER {event} ON figures
            WHEN NOT EXISTS (SELECT 1 FROM stale_chunks WHERE chunk = {row}.number >> 14)
            BEGIN INSERT INTO stale_chunks VALUES ({row}.number >> 14); END
        """)
    db.execute("INSERT INTO stale_chunks SELECT DISTINCT number >> 14 FROM figures")
    db.execute("CREATE INDEX figures_flagged ON figures (confidence, number) WHERE flags != '[]'")
    db.execute(
        "CREATE INDEX observations_settled ON observations (published_on) WHERE revised AND NOT conflict"
    )


def m009_orders(db: Database) -> None:
    """Columns and indexes for every order of the figures, and for counting conflicts and what waits."""
    _count_again(db, f"{_COUNTED}, value, place_folded")
    db.execute("CREATE INDEX figures_by_phrase ON figures (indicator_folded)")
    # Each holds all that is asked of it, so that the rows themselves, far apart, are left alone.
    shown = "observations (published_on, id, place_id, indicator_key)"
    for index, columns in (
        ("figures_by_observation", "figures (observation_id, confidence, review)"),
        ("observations_in_conflict", f"{shown} WHERE conflict"),
        ("observations_settled", f"{shown} WHERE revised AND NOT conflict"),
    ):
        db.execute(f"DROP INDEX {index}")
        db.execute(f"CREATE INDEX {index} ON {columns}")


def m010_units(db: Database) -> None:
    """A column of the units that figures are told in."""
    _count_again(db, f"{_COUNTED}, value, place_folded, unit, rules")


def m011_canonical(db: Database) -> None:
    """A column of which report of a value is shown. From now on `observation_role` is agrees, too."""
    _count_again(db, f"{_COUNTED}, value, place_folded, unit, rules, observation_id, observation_role")


def m012_agreed(db: Database) -> None:
    """An index of the values that several figures report alike."""
    db.execute("""
        CREATE INDEX observations_agreed ON observations (published_on, id, place_id, indicator_key)
        WHERE figures > 1 AND NOT conflict AND NOT revised
    """)


def _count_again(db: Database, counted: str) -> None:
    """Let changes of these columns, too, make what is counted stale, and all that is counted now."""
    db.execute("DROP TRIGGER figures_stale_update")
    db.execute(f"""
        CREATE TRIGGER figures_stale_update AFTER UPDATE OF {counted} ON figures
        WHEN NOT EXISTS (SELECT 1 FROM stale_chunks WHERE chunk = NEW.number >> 14)
        BEGIN INSERT INTO stale_chunks VALUES (NEW.number >> 14); END
    """)
    db.execute("INSERT OR IGNORE INTO stale_chunks SELECT DISTINCT number >> 14 FROM figures")
