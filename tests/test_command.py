"""The command as people use it: help, good input, and one clear sentence for bad input."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import click
import pytest

import chiso
from tests.conftest import Demo, command


def commands(group: click.Group = chiso.main, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, child in group.commands.items():
        found.append((*path, name))
        if isinstance(child, click.Group):
            found += commands(child, (*path, name))
    return found


@pytest.mark.parametrize("path", commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...]) -> None:
    result = command(*path, "--help")
    assert result.exit_code == 0
    assert "Example: " in result.output


def test_figures_of_a_text_file(tmp_path: Path) -> None:
    file = tmp_path / "bai.txt"
    file.write_text(
        "Đắk Lắk: Hơn 62% hộ dùng nước sạch\nĐến cuối năm 2023, tỉnh có 112/184 xã đạt chuẩn.",
        encoding="utf-8",
    )
    result = command("figures", file, "--province", "dak lak", "--published", "2024-01-05")
    assert result.exit_code == 0
    document = json.loads(result.output)
    found = {figure["surface"]: figure for figure in document["figures"]}
    assert set(found) == {"62%", "112/184"}
    assert found["112/184"]["value"] == 112
    assert found["112/184"]["denominator"] == 184
    assert found["112/184"]["place_id"] == "VN63-66"


def test_explain_speaks_of_every_number() -> None:
    result = command("explain", "Theo Quyết định 12/QĐ-UBND, 7/9 xã đã hoàn thành.")
    assert result.exit_code == 0
    assert "not a figure" in result.output
    assert "ratio, exactly 7 out of 9" in result.output


BAD_FILES = {
    "empty.txt": b"",
    "blank.html": b"  \n ",
    "noise.bin": bytes(range(256)) * 40,
    "latin.txt": "Le café coûte 3,50 francs à l'été".encode("latin-1"),
    "bodiless.html": b"<html><head><title>x</title></head></html>",
    "broken.pdf": b"%PDF-1.7\nnothing here",
    "broken.docx": b"PK\x03\x04 not a zip",
    "broken.jsonl": b'{"text": "a"}\n{"text": ',
    "listed.jsonl": b"[1, 2]\n",
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gives_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(BAD_FILES[name])
    refused(command("figures", tmp_path / name))


@pytest.mark.parametrize(
    "words",
    [
        ("figures", "nowhere.txt"),
        ("figures", ".", "--province", "Atlantis"),
        ("explain", "   "),
        ("explain", "12%", "--province", "Atlantis"),
        ("explain", "12%", "--published", "yesterday"),
        ("crawl", "no-such-paper"),
        ("export", "--out", "x", "--db", "missing.db"),
        ("extract", "--pages", "missing.db", "--db", "other.db"),
        ("app", "--db", "missing.db"),
        ("demo", "--no-app", "--pages", "/proc/pages.db", "--db", "/proc/chiso.db"),
        ("crawl", "sample-zce", "--pages", "/proc/nowhere/pages.db"),
    ],
    ids=" ".join,
)
def test_bad_words_give_one_sentence(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(command(*words))


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("not a database at all, only somebody's notes\n" * 50)
    before = file.read_bytes()
    refused(command("export", "--out", tmp_path / "x", "--db", file))
    refused(command("extract", "--pages", file, "--db", tmp_path / "new.db"))
    assert file.read_bytes() == before


def test_the_demo_refuses_to_mix_with_real_papers(demo: Demo, tmp_path: Path) -> None:
    import sqlite3

    pages = tmp_path / "pages.db"
    shutil.copy(demo.pages, pages)
    with sqlite3.connect(pages) as db:
        db.execute("UPDATE runs SET source = 'baonghean' WHERE id = 1")
    refused(command("demo", "--no-app", "--pages", pages, "--db", tmp_path / "chiso.db"))


def refused(result: click.testing.Result) -> None:
    assert result.exit_code == 2
    said = result.output.strip().splitlines()
    assert "Traceback" not in result.output
    assert said[-1].startswith("Error: ")
    assert len(said[-1]) < 400


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = command(
            *("demo", "--no-app", "--site-port", str(port)),
            *("--pages", tmp_path / "pages.db", "--db", tmp_path / "chiso.db"),
        )
        refused(result)
        assert f"port {port}" in result.output
