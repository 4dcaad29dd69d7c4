"""The stored text of an article: one at a time, inert, with where it is from, and the sentence in it."""

from __future__ import annotations

import hashlib
import re
from contextlib import closing
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app_pages import api_article, crawls, data, server
from store import pages, queries
from store.records import Page
from tests import app_fixture
from tests.app_fixture import HOSTILE_ID, RATIO_ID, UNSAFE_LINK_ID
from tests.hostile_fixture import build_hostile


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("texts") / "chiso.db")


@pytest.fixture
def client(database, monkeypatch, tmp_path):
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(database))
    monkeypatch.setenv(crawls.PAGES_VARIABLE, str(tmp_path / "pages.db"))
    with TestClient(Starlette(routes=list(server.ROUTES), middleware=[Middleware(server.Answers)])) as client:
        yield client


def rows(database):
    with closing(queries.open_readonly(database)) as db:
        return {row["id"]: row for row in queries.list_figures(db, queries.Filters(), 100)}


def test_a_text_is_the_stored_one_and_says_where_it_is_from(client, database):
    figure = rows(database)[RATIO_ID]
    answer = client.get(f"/api/article/{figure['article_id']}.txt?figure={RATIO_ID}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-robots-tag"] == "noindex, noarchive"
    assert answer.headers["x-content-type-options"] == "nosniff"
    head, text = re.split(r"\n-{72}\n\n", answer.text)
    with closing(queries.open_readonly(database)) as db:
        [[stored]] = db.execute("SELECT text FROM articles WHERE id = ?", [figure["article_id"]]).fetchall()
    assert text == f"{stored}\n"
    assert head.startswith("Bản lưu để kiểm chứng")
    for told in (figure["url"], figure["published"], figure["fetched_at"]):
        assert told in head
    assert hashlib.sha256(stored.encode()).hexdigest() in head
    start, end = map(int, re.search(r"ký tự (\d+)–(\d+)", head).groups())
    assert stored[start:end] == figure["sentence"]
    line = int(re.search(r"dòng (\d+)", head)[1])
    assert figure["sentence"] in stored.split("\n")[line - 1]


def test_the_hash_of_the_page_is_told_where_pages_are_kept(client, database, tmp_path):
    figure = rows(database)[RATIO_ID]
    address = f"/api/article/{figure['article_id']}.txt?lang=en"
    assert "SHA-256 of the stored page" not in client.get(address).text
    body = "<p>Trang gốc</p>".encode()
    with closing(pages.open_pages(tmp_path / "pages.db")) as db:
        for fetched_at, content in ((figure["fetched_at"], body), ("2026-01-01T00:00:00+00:00", b"later")):
            page = Page(
                id=figure["article_id"],
                url=figure["url"],
                fetched_url=figure["url"],
                source="sample-aid",
                fetched_at=fetched_at,
                status=200,
                content_type="text/html",
                body=content,
            )
            pages.add_page(db, page)
    told = client.get(address).text
    assert f"SHA-256 of the stored page: {hashlib.sha256(body).hexdigest()}" in told


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nope.txt", "no article 'nope'"),
        ("%2e%2e%2f%2e%2e.txt", "Nothing is kept"),
        ("ARTICLE.txt?figure=0000000000000000", "no figure '0000000000000000'"),
        (f"ARTICLE.txt?figure={HOSTILE_ID}", "no figure"),
        ("ARTICLE.txt?rel=2020.1.1-00000000", "no release"),
        ("ARTICLE.html", "Nothing is kept"),
    ],
)
def test_what_is_not_there_is_said_in_one_sentence(client, database, address, said):
    article = rows(database)[RATIO_ID]["article_id"]
    answer = client.get(f"/api/article/{address.replace('ARTICLE', article)}")
    assert answer.status_code == 404
    assert said in answer.json()["error"]


def test_whoever_runs_the_app_can_leave_texts_out(client, database, monkeypatch):
    monkeypatch.setenv(api_article.TEXTS_VARIABLE, "0")
    article = rows(database)[RATIO_ID]["article_id"]
    assert client.get(f"/api/article/{article}.txt").status_code == 404
    app = app_fixture.run_page("figure", database, monkeypatch, id=RATIO_ID)
    assert not [link for link in app.get("link_button") if "api/article" in link.proto.url]


@pytest.mark.parametrize("figure_id", [RATIO_ID, HOSTILE_ID, UNSAFE_LINK_ID])
def test_the_page_of_a_figure_leads_to_the_text_and_its_sentence(client, database, monkeypatch, figure_id):
    app = app_fixture.run_page("figure", database, monkeypatch, id=figure_id, lang="en")
    [link] = [link.proto.url for link in app.get("link_button") if "api/article" in link.proto.url]
    address, _, sought = link.partition("#:~:text=")
    text = " ".join(client.get(f"/{address}").text.split())
    assert all(unquote(part) in text for part in sought.split(","))
    assert "A copy for checking" in text


def test_hostile_texts_steer_nothing(tmp_path, monkeypatch):
    database = build_hostile(tmp_path / "chiso.db")
    monkeypatch.setenv(data.DATABASE_VARIABLE, str(database))
    with TestClient(Starlette(routes=list(server.ROUTES), middleware=[Middleware(server.Answers)])) as client:
        for article in {row["article_id"] for row in rows(database).values()}:
            answer = client.get(f"/api/article/{article}.txt")
            assert answer.headers["content-type"].startswith("text/plain")
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", answer.text)
