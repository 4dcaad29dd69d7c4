"""Databases of older schemas: read as they are where that gives the same answers, else brought up to date."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

import chiso
from commands.extraction import update_schema
from store import counting, figure_columns, queries, schema
from store.database import open_writable
from store.derived import is_behind, open_derived
from store.errors import StoreError
from store.filters import Filters
from tests import app_fixture

UNITS = Filters(units=("tỉnh", "hộ"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return app_fixture.build(tmp_path_factory.mktemp("new") / "chiso.db")


@pytest.fixture
def nine(new: Path, tmp_path: Path) -> Path:
    """The same figures as an earlier schema kept them, their columns as it left them."""
    steps = [getattr(schema, name) for name in sorted(vars(schema)) if name[:2] in ("m0", "m1")][:9]
    path = tmp_path / "nine.db"
    with closing(open_writable(path, schema.migrations("figures", steps))) as old:
        old.execute("ATTACH ? AS new", [str(new)])
        for table in ("articles", "article_clusters", "figures", "observations"):
            names = ", ".join(f'"{name}"' for name in old[table].columns_dict)
            old.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}")
        kept = "name NOT IN ('unit', 'canonical')"
        old.execute(f"INSERT INTO main.figure_columns SELECT * FROM new.figure_columns WHERE {kept}")
        old.execute("INSERT INTO main.figure_codes SELECT * FROM new.figure_codes WHERE field != 'unit'")
        old.execute("DELETE FROM main.stale_chunks")
        old.conn.commit()
    return path


def answers(path: Path) -> tuple[object, ...]:
    with closing(queries.open_readonly(path)) as db:
        listed = [row["id"] for row in queries.list_figures(db, UNITS, 100)]
        once = counting.count_figures(db, Filters(duplicates="canon"))
        return listed, once, counting.count_figures(db, UNITS), counting.facets(db, Filters(units=("%",)))


def test_a_database_without_the_column_of_units_is_read_as_it_is(nine: Path, new: Path) -> None:
    before = nine.read_bytes()
    assert is_behind(nine)
    assert answers(nine) == answers(new)
    assert nine.read_bytes() == before


def test_opening_for_writing_brings_the_columns_up_to_date(nine: Path, new: Path) -> None:
    told: list[tuple[int, int]] = []
    with closing(open_derived(nine, lambda done, total: told.append((done, total)))) as db:
        assert db["stale_chunks"].count == 0
        assert figure_columns.is_complete(db)
        told_of = {row[0] for row in db.execute("SELECT idx FROM sqlite_stat1").fetchall()}
        assert "figures_by_observation" in told_of  # without, finding what is disputed takes half a minute
    assert told == [(1, 1)]
    assert not is_behind(nine)
    assert answers(nine) == answers(new)
    with closing(open_derived(nine, lambda *_: pytest.fail("there is nothing left to do"))):
        pass


def test_an_update_that_is_given_up_goes_on_at_the_next_opening(nine: Path, new: Path) -> None:
    with closing(open_writable(nine, schema.FIGURES)):  # the schema is new, the columns are not
        pass
    assert is_behind(nine)
    assert answers(nine) == answers(new)
    open_derived(nine).close()
    assert not is_behind(nine)
    assert answers(nine) == answers(new)


def test_an_unrefreshed_writer_is_not_behind(new: Path, tmp_path: Path) -> None:
    path = shutil.copy(new, tmp_path / "chiso.db")
    with closing(open_derived(path)) as db:
        db.execute("UPDATE figures SET unit = 'hải lý' WHERE number = 1")  # as an extraction does
        db.conn.commit()
    assert not is_behind(path)
    with closing(queries.open_readonly(path)) as db:
        assert counting.count_figures(db, Filters(units=("hải lý",))) == 1


def test_a_schema_too_old_to_be_read_names_the_command_that_updates_it(tmp_path: Path) -> None:
    path = tmp_path / "chiso.db"
    open_writable(path, schema.migrations("figures", [schema.m001_articles, schema.m002_figures])).close()
    with pytest.raises(StoreError, match="older schema; chiso extract updates it"):
        queries.open_readonly(path)
    ended = CliRunner().invoke(chiso.main, ["export", "--db", str(path), "--out", str(tmp_path / "out")])
    assert (ended.exit_code, ended.output.count("\n")) == (2, 1)
    assert "chiso extract" in ended.output
    assert is_behind(path)
    open_derived(path).close()
    with closing(queries.open_readonly(path)) as db:
        assert counting.count_figures(db, Filters()) == 0


def test_commands_update_what_there_is_and_make_nothing(nine: Path, tmp_path: Path) -> None:
    update_schema(nine)
    assert not is_behind(nine)
    update_schema(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
