"""The data at addresses for programs: the rows of the screen, in every form, or what is wrong."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from contextlib import closing
from functools import partial

import openpyxl
import pytest

from app_pages.address import read_request
from store import queries
from store.harmonise import harmonised
from store.queries import Filters, open_readonly
from tests import app_fixture
from tests.api_client import api_client, table
from tests.app_fixture import CONFLICT_ID, FIGURES, RATIO_ID

SCREENS = (
    {},
    {"p": ["VN63-51", "VN34-51"]},
    {"p": ["VN63-51"], "st": ["target"]},
    {"kind": ["rank"], "sort": ["value"], "v": ["table"], "pg": ["2"]},
    {"q": ["ho so truc tuyen"]},
    {"from": ["2025"], "minc": ["0.5"], "lang": ["en"]},
    {"ind": ["poverty_rate"], "p": ["VN63-02"]},
    {"unit": ["hộ", "%"], "sort": ["value"]},
    {"dup": ["canon"]},
)


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("api") / "chiso.db")


@pytest.fixture
def client(database, monkeypatch):
    with api_client(database, monkeypatch) as client:
        yield client


@pytest.mark.parametrize("asked", SCREENS, ids=str)
def test_a_file_holds_the_rows_of_the_screen(client, database, asked):
    with closing(open_readonly(database)) as db:
        filters = read_request(asked, partial(queries.check_filters, db)).filters
        shown = {row["id"] for row in queries.list_figures(db, filters, 1000)}
        merged = {row["id"] for row in queries.list_observations(db, filters, 1000)}
    rows = table(client.get("/api/figures.csv", params=asked))
    assert {row["record_id"] for row in rows} == shown
    lines = client.get("/api/figures.ndjson", params=asked).text.splitlines()
    assert [json.loads(line)["record_id"] for line in lines] == [row["record_id"] for row in rows]
    told = client.get("/api/figures.json", params=asked).json()
    assert (told["count"], told["figures"]) == (len(rows), [json.loads(line) for line in lines])
    observed = table(client.get("/api/observations.csv", params=asked))
    assert {row["observation_id"] for row in observed} == merged
    told = client.get("/api/observations.json", params=asked).json()
    assert told["count"] == len(told["observations"]) == len(observed)


def test_a_workbook_and_a_package_hold_the_same(client):
    asked = {"p": "VN63-51"}
    ids = {row["record_id"] for row in table(client.get("/api/figures.csv", params=asked))}
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/figures.xlsx", params=asked).content))
    assert {row[0].value for row in book["figures"].iter_rows(min_row=2)} == ids
    about = {row[0].value: row[1].value for row in book["about"].iter_rows()}
    assert "Chỉ số (" in about["citation"]
    answer = client.get("/api/figures.zip", params=asked)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        names = package.namelist()
        assert {"datapackage.json", "CITATION.bib", "README.md"} <= set(names)
        [figures] = [name for name in names if name.startswith("figures")]
        rows = csv.DictReader(io.TextIOWrapper(package.open(figures), "utf-8", newline=""))
        assert {row["record_id"] for row in rows} == ids


def test_a_file_of_some_units_says_so_in_its_name_and_its_words(client):
    asked = {"unit": ["hộ", "%"]}
    answer = client.get("/api/figures.zip", params=asked)
    assert "-filtered-" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert '`["%", "hộ"]`' in package.read("README.md").decode()
        assert f'`"{answer.url}"`' in package.read("README.md").decode()
        told = json.loads(package.read("datapackage.json"))
        [figures] = [name for name in package.namelist() if name.startswith("figures")]
        rows = csv.DictReader(io.TextIOWrapper(package.open(figures), "utf-8", newline=""))
        assert {row["unit"] for row in rows} == {"hộ", "%"}
    assert "hộ" in json.dumps(told, ensure_ascii=False)
    assert "unit=" in client.get("/api/citation.txt", params=asked).text


def test_csv_for_excel_has_a_mark_and_runs_nothing(client):
    plain, excel = client.get("/api/figures.csv"), client.get("/api/figures.csv?bom=1&guard=1")
    assert excel.content.startswith(b"\xef\xbb\xbfrecord_id")
    assert plain.content.startswith(b"record_id")
    assert len(table(excel)) == len(table(plain)) == FIGURES


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/api/figures.csv", "chiso-figures.csv"),
        ("/api/observations.ndjson?", "chiso-observations.ndjson"),
        ("/api/figures.csv?bom=1&guard=1", "chiso-figures-excel.csv"),
        ("/api/figures.xlsx", "chiso.xlsx"),
    ],
)
def test_a_file_has_a_name(client, address, name):
    assert f'filename="{name}"' in client.get(address).headers["content-disposition"]


def test_a_name_says_that_rows_were_chosen_and_which(client):
    def name(query):
        return client.get(f"/api/figures.csv?{query}").headers["content-disposition"]

    assert "chiso-figures-filtered-" in name("p=VN63-51")
    assert name("p=VN63-51&p=VN63-40") == name("p=VN63-40&p=VN63-51&sort=value&lang=en")
    assert name("p=VN63-51") != name("p=VN63-40")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("p=VN63-99", "p=VN63-99"),
        ("ind=nope", "ind=nope"),
        ("unit=h%E1%BA%A3i+l%C3%BD", "unit=hải lý"),
        ("from=20x4", "from=20x4"),
        ("minc=7", "minc=7"),
        ("tinh=51", "tinh"),
        ("sort=up", "sort=up"),
        ("bom=1", "bom=1&guard=1"),
        ("bom=2&guard=2", "bom=1&guard=1"),
        ("q=%00&p=%F0%28", "p="),
    ],
)
def test_what_means_nothing_is_refused_in_one_sentence(client, query, named):
    answer = client.get(f"/api/figures.csv?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json"
    assert named in answer.json()["error"]
    assert answer.json()["error"].count("\n") == 0


@pytest.mark.parametrize(
    "address",
    ["/api/figure/zzz.json", "/api/articles.csv", "/api/figures.exe", "/api", "/api/x/y", "/download/x.csv"],
)
def test_what_is_not_there_is_said_not_to_be(client, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.json()["error"].endswith(".")


def test_a_figure_comes_with_its_evidence(client):
    told = client.get(f"/api/figure/{RATIO_ID}.json").json()
    figure = told["figure"]
    assert (figure["ratio_num"], figure["ratio_den"]) == (4620, 5500)
    assert figure["sentence"][figure["span_start"] - figure["sentence_start"] :].startswith("4.620/5.500")
    assert "Đầu tuần, tỉnh họp" in told["before"]
    assert len(told["same_sentence"]) == 2
    assert RATIO_ID in told["citation"]
    assert told["bibtex"].startswith("@misc{")
    assert client.get(f"/api/figure/{CONFLICT_ID}.json").json()["figure"]["conflict"] is True


def test_indicators_and_places_come_with_counts(client):
    places = {row["place_id"]: row for row in client.get("/api/places.json").json()["places"]}
    assert len(places) == 1 + 63 + 34
    assert (places["VN63-62"]["merged_into"], places["VN63-51"]["figures"]) == ("VN34-51", 7)
    found = client.get("/api/indicators.json").json()["indicators"]
    index = next(row for row in found if row["indicator_id"] == "par_index")
    assert (index["figures"], index["places"]) == (40, 20)


def test_every_answer_says_how_to_cite_it(client):
    told = client.get("/api/figures.json?p=VN63-51&lang=en").json()
    assert "Quảng Ngãi (63)" in told["citation"]
    assert told["url"] in told["citation"]
    links = client.get("/api/figures.csv?p=VN63-51&bom=1&guard=1").headers["link"]
    assert 'api/citation.bib?p=VN63-51>; rel="cite-as"' in links
    assert client.get("/api/citation.txt?p=VN63-51").text.startswith("Chỉ số. “Quảng Ngãi (63)”")
    assert client.get("/api/citation.bib").text.startswith("@misc{chiso-")


def test_the_filters_of_the_address_are_those_of_the_store():
    asked = {"p": ["VN63-51"], "rev": ["confirmed"]}
    assert read_request(asked, lambda filters: (filters, [])).filters == Filters(
        places=("VN63-51",), reviews=("confirmed",)
    )


def test_a_wide_table_refuses_what_contradicts_itself_and_marks_it_where_asked(client):
    chosen = {"ind": "par_index", "kind": "score", "shape": "wide"}
    answer = client.get("/api/figures.csv", params=chosen)
    assert len(table(answer)) == 20
    assert "chiso-wide-filtered-" in answer.headers["content-disposition"]
    refused = client.get("/api/figures.csv", params={"shape": "wide"})
    assert refused.status_code == 409
    assert "contradict each other in 1 cell" in refused.json()["error"]
    assert "conflicts=mark" in refused.json()["error"]
    marked = client.get("/api/figures.xlsx", params={"shape": "wide", "conflicts": "mark"})
    assert "wide" in openpyxl.load_workbook(io.BytesIO(marked.content), read_only=True).sheetnames
    for wrong in ({"shape": "round"}, {"shape": "wide", "bom": "1", "guard": "1"}):
        assert client.get("/api/figures.csv", params=wrong).status_code == 400
    assert client.get("/api/figures.json", params={"shape": "wide"}).status_code == 400


def test_values_of_the_34_are_the_ones_of_the_screen(client, database):
    asked = {"ind": "poor_household_homes", "reg": "h34"}
    with closing(open_readonly(database)) as db:
        shown = [
            (one.place_id, one.period, one.reason, one.comparable)
            for one in harmonised(db, indicators=[asked["ind"]])
        ]
    assert shown
    lines = client.get("/api/observations.ndjson", params=asked).text.splitlines()
    rows = [json.loads(line) for line in lines]
    found = [(row["place_id"], row["period"], row["reason"], row["comparable"]) for row in rows]
    assert sorted(found, key=str) == sorted(shown, key=str)
    told = client.get("/api/observations.json", params=asked).json()
    assert (told["reg"], told["count"], told["harmonised"]) == ("h34", len(rows), rows)
    assert "quy về 34" in told["citation"]
    answer = client.get("/api/observations.csv", params=asked)
    assert len(table(answer)) == len(rows)
    assert "chiso-harmonised-filtered-" in answer.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/api/observations.xlsx", params=asked).content))
    assert book["harmonised"].max_row == len(rows) + 1
    assert "quy về 34" in client.get("/api/citation.txt", params=asked).text


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("observations.csv?reg=h63", "reg is one of asis, h34"),
        ("figures.csv?reg=h34", "reg=h34 is for observations"),
        ("observations.csv?reg=h34&unit=h%E1%BB%99", "leave out unit"),
        ("observations.json?reg=h34&minc=0.5", "leave out minc"),
        ("figures.xlsx?reg=h34&q=ho", "leave out q"),
    ],
)
def test_values_of_the_34_need_all_reports(client, address, said):
    answer = client.get(f"/api/{address}")
    assert answer.status_code == 400
    assert said in answer.json()["error"]


def test_how_a_file_is_made_does_not_stand_in_the_way_of_its_citation(client):
    answer = client.get("/api/figures.csv?p=VN63-51&shape=wide&conflicts=mark")
    [cited] = [part for part in answer.headers["link"].split(", ") if "citation.txt" in part]
    address = cited.partition("<")[2].partition(">")[0]
    told = client.get(address)
    assert told.status_code == 200
    assert "browse?p=VN63-51" in told.text
