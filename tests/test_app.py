"""The pages of the app, run without a browser on a real database of known figures."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from app_pages.menu import OPEN, listed
from store.derived import open_derived, replace_article
from tests import app_fixture
from tests.app_fixture import CONFLICT_ID, FIGURES, HOSTILE_ID, RANKED, RATIO_ID, UNSAFE_LINK_ID, html


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return app_fixture.build(tmp_path_factory.mktemp("app") / "chiso.db")


@pytest.fixture
def open_page(database, monkeypatch):
    """Return a function that runs one page of the app for an address."""

    def run(page: str = "overview", path: Path = database, **params) -> AppTest:
        return app_fixture.run_page(page, path, monkeypatch, **params)

    return run


def texts(app: AppTest) -> list[str]:
    return [element.value for element in app.text]


def links(app: AppTest) -> list[dict[str, list[str]]]:
    """Return the parameters of the links of a page, without its menu."""
    protos = [element.proto for element in app.get("page_link")][len(OPEN) + len(listed()) :]
    return [parse_qs(proto.query_string) | {"label": [proto.label]} for proto in protos]


def test_overview_counts_what_the_database_has(open_page):
    shown = html(open_page())
    places = len(RANKED) + 2  # the ranked ones, and two of the 34
    for count, word in ((26, "bài báo"), (FIGURES, "số liệu"), (places, "địa phương")):
        assert f"<dt>{word}</dt><dd>{count}</dd>" in shown
    assert "1/11/2025" in shown
    assert "Quảng Ngãi (34, gồm Kon Tum)" in shown


def test_overview_offers_the_coverage_as_a_table(open_page):
    table = open_page().dataframe[0].value
    row = table[(table["place"] == "Quảng Ngãi (63)") & (table["indicator"] == "poor_household_homes")]
    assert row["figures"].tolist() == [4]


def test_search_on_the_front_page_leads_to_the_browse_page(open_page):
    app = open_page()
    app.text_input[0].input("nha tam")
    app.button[0].click().run()
    assert app.query_params["q"] == "nha tam"
    assert "5 số liệu" in html(app)


def test_browse_shows_the_first_figures_of_all(open_page):
    app = open_page("browse")
    assert f"{FIGURES} số liệu · 1–25" in html(app)
    assert len([link for link in links(app) if "id" in link]) == 25


def test_browse_shows_the_page_that_the_address_names(open_page):
    app = open_page("browse", pg="2")
    assert f"{FIGURES} số liệu · 26–50" in html(app)
    assert len([link for link in links(app) if "id" in link]) == 25


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"p": "VN63-51"}, 7),
        ({"p": ["VN63-51", "VN34-51"]}, 9),
        ({"p": "VN63-51", "st": "target"}, 2),
        ({"kind": "rank"}, len(RANKED)),
        ({"ind": "par_index", "kind": "score"}, len(RANKED)),
        ({"src": "sample-aid", "kind": "count"}, 2),
        ({"q": "ho so truc tuyen"}, 4),
        ({"q": "hồ sơ trực tuyến"}, 4),
        ({"from": "2025"}, 8),
        ({"minc": "0.5", "p": "VN63-51"}, 6),
        ({"unit": "hộ"}, 2),
        ({"unit": ["hộ", "hồ sơ", "hải lý"]}, 5),
        ({"unit": "**hồ** :red[sơ]"}, 1),
        ({"ind": "online_applications", "p": "VN34-66"}, 3),
        ({"ind": "online_applications", "p": "VN34-66", "dup": "canon"}, 2),
        ({"ind": "online_applications", "p": "VN34-66", "dup": "all"}, 3),
    ],
)
def test_filters_of_the_address(open_page, params, found):
    app = open_page("browse", **params)
    assert len([link for link in links(app) if "id" in link]) == found


def test_a_filter_writes_its_code_to_the_address_and_starts_at_page_one(open_page):
    app = open_page("browse", pg="2")
    app.multiselect(key="widget-p").select("VN63-51").run()
    assert app.query_params["p"] == "VN63-51"
    assert "pg" not in app.query_params
    assert "7 số liệu" in html(app)


def test_the_order_can_be_turned_round(open_page):
    app = open_page("browse", sort="value", pg="2")
    app.selectbox(key="widget-sort").select("value~").run()
    assert (app.query_params["sort"], app.query_params["dir"]) == ("value", "asc")
    assert "pg" not in app.query_params
    first = next(link["id"] for link in links(app) if "id" in link)
    app.selectbox(key="widget-sort").select("published").run()
    assert "sort" not in app.query_params
    assert "dir" not in app.query_params
    assert next(link["id"] for link in links(app) if "id" in link) != first


def test_units_are_offered_with_their_counts_and_found_without_diacritics(open_page):
    app = open_page("browse", unit=["hộ", "hải lý"])
    offered = app.multiselect(key="widget-unit").options
    assert "hộ · ho (2)" in offered
    assert "đồng · dong (1)" in offered
    assert "đường dẫn: unit=hải lý</p>" in html(app)
    app.multiselect(key="widget-unit").select("%").run()
    assert app.query_params["unit"] == ["hộ", "%"]
    assert "6 số liệu" in html(app)


def test_each_value_once_and_how_many_sources_report_it(open_page):
    app = open_page("browse", ind="online_applications", p="VN34-66", dup="once")
    assert "đường dẫn: dup=once</p>" in html(app)
    assert html(app).count("2 nguồn") == 2
    app.toggle(key="widget-dup").set_value(True).run()
    assert app.query_params["dup"] == "canon"
    assert html(app).count("2 nguồn") == 1


def test_a_chip_drops_its_filter(open_page):
    app = open_page("browse", p="VN63-51", st="target")
    app.button(key="chip-0").click().run()
    assert "p" not in app.query_params
    assert app.query_params["st"] == "target"


def test_what_is_not_understood_is_named(open_page):
    app = open_page("browse", p=["VN63-51", "zzz"], ind="nope", tinh="51")
    shown = html(app)
    assert "đường dẫn: tinh, p=zzz, ind=nope</p>" in shown
    assert "7 số liệu" in shown


def test_an_empty_result_names_the_filter_to_relax(open_page):
    app = open_page("browse", p="VN63-51", minc="0.99")
    assert "Không có số liệu nào khớp với mọi điều kiện." in texts(app)
    offers = [button for button in app.button if button.key.startswith("relax-")]
    assert len(offers) == 1
    assert "+7" in offers[0].label.replace("\\", "")
    offers[0].click().run()
    assert "7 số liệu" in html(app)


def test_the_permalink_asks_for_the_same_view(open_page):
    app = open_page("browse", p="VN63-51", kind=["ratio", "percent"], q="hộ nghèo")
    asked = parse_qs(urlsplit(app.code[-1].value).query)
    assert asked == {"p": ["VN63-51"], "kind": ["ratio", "percent"], "q": ["hộ nghèo"], "lang": ["vi"]}


@pytest.mark.parametrize(
    ("page", "named"),
    [
        ("compare", {"ind", "form", "per", "p"}),
        ("map", {"ind", "form", "per", "reg", "st", "v", "period"}),
        ("province", {"p"}),
        ("codebook", {"theme"}),
    ],
)
def test_the_permalink_names_what_the_page_chose(open_page, page, named):
    asked = parse_qs(urlsplit(open_page(page).code[-1].value).query)
    assert set(asked) == named | {"lang"}
    again = parse_qs(urlsplit(open_page(page, **asked).code[-1].value).query)
    assert again == asked


def test_the_table_has_a_row_for_each_figure(open_page):
    table = open_page("browse", v="table", p="VN63-51", st="target").dataframe[0].value
    assert sorted(table["value"]) == ["hơn 5.400 hộ", "khoảng 318,5 tỷ đồng"]
    assert set(table["period"]) == {"đến 31/12/2025"}


def test_the_figure_page_proves_its_value(open_page):
    app = open_page("figure", id=RATIO_ID)
    shown = html(app)
    assert "4.620 trên 5.500" in shown
    assert "= 84%" in shown
    assert "có <mark>4.620/5.500</mark> hộ nghèo" in shown
    assert "Đầu tuần, tỉnh họp" in shown  # the sentence before
    assert "không khớp với phép chia" in shown  # the flag in words
    assert "Bài còn trang sau mà Chỉ số chưa đọc." in shown  # a doubt about the article
    assert {"85%", "+5%"} <= {link["label"][0].replace("\\", "") for link in links(app)}
    assert app.get("link_button")[0].proto.url.startswith("http://sample-onecms.example/")
    assert RATIO_ID in app.code[0].value


def test_the_figure_page_names_every_field(open_page):
    app = open_page("browse", p="VN63-51", q="hộ nghèo", kind="percent")
    figure_id = next(link["id"][0] for link in links(app) if link["label"] == ["85%"])
    shown = html(open_page("figure", id=figure_id))
    for name, value in (
        ("Chỉ số thống kê", "hộ nghèo đã được hỗ trợ xây nhà"),
        ("Địa phương", "Quảng Ngãi (63)"),
        ("Kỳ số liệu", "năm 2024"),
        ("Thực hiện / chỉ tiêu", "thực hiện"),
        ("Loại số", "tỷ lệ %"),
        ("Giá trị", "85"),
        ("Đơn vị", "%"),
        ("Mức hay mức thay đổi", "mức"),
        ("Giới hạn", "đúng bằng"),
        ("So với", "hộ nghèo"),
        ("Nói lại số", "4.620 trên 5.500"),
        ("Viết trong bài", "85%"),
        ("Độ tin cậy", "0,9"),
        ("Ngày đăng", "20/12/2024"),
        ("Ngày tải về", "2/11/2025"),
        ("Mã số liệu", figure_id),
    ):
        assert f"<dt>{name}</dt><dd>{value}</dd>" in shown


def test_the_figure_page_shows_who_else_reports_it(open_page):
    app = open_page("figure", id=CONFLICT_ID)
    assert "2 lần nhắc trong 2 nguồn" in texts(app)
    assert "Các bài nêu giá trị khác nhau." in texts(app)
    assert "<mark>498.700</mark>" in html(app)


@pytest.mark.parametrize("page", ["figure", "browse"])
def test_scraped_text_is_shown_letter_by_letter(open_page, page):
    app = open_page(page, **({"id": HOSTILE_ID} if page == "figure" else {"q": "Ông nói rằng"}))
    shown = html(app)
    assert "<img" not in shown
    assert "<b>" not in shown
    assert "&lt;img src=x onerror=alert(1)&gt; rằng **đã** có <mark>1.250</mark> hồ sơ :red[đỏ]" in shown
    assert all("**đã**" not in element.value for element in app.markdown)
    if page == "browse":
        label = next(link["label"][0] for link in links(app) if link.get("id") == [HOSTILE_ID])
        assert label == "1\\.250 \\*\\*hồ\\*\\* \\:red\\[sơ\\]"


def test_an_address_that_is_no_web_address_is_not_linked(open_page):
    app = open_page("figure", id=UNSAFE_LINK_ID)
    addresses = [button.proto.url for button in app.get("link_button")]
    assert [address.partition(":")[0] for address in addresses if not address.startswith("api/")] == [
        "mailto"
    ]
    assert f"api/figure/{UNSAFE_LINK_ID}.json" in addresses
    assert "javascript" not in html(app)


@pytest.mark.parametrize("figure_id", ["zzz", ""])
def test_an_unknown_figure_is_said_to_be_unknown(open_page, figure_id):
    app = open_page("figure", **({"id": figure_id} if figure_id else {}))
    assert any("mã" in text for text in texts(app))


def test_english_is_an_address_away(open_page):
    app = open_page("figure", id=RATIO_ID, lang="en")
    assert "4,620 of 5,500" in html(app)
    assert {tuple(link.get("lang", ())) for link in links(app)} == {("en",)}


def test_the_language_switch_writes_the_address(open_page):
    app = open_page("browse", p="VN63-51")
    app.segmented_control(key="widget-lang").set_value("en").run()
    assert app.query_params["lang"] == "en"
    assert app.query_params["p"] == "VN63-51"
    assert "7 figures" in html(app)


def test_new_figures_show_at_once(open_page, tmp_path):
    path = tmp_path / "growing.db"
    db = open_derived(path)
    article, figures = next(app_fixture.articles())
    replace_article(db, article, figures[:1])
    assert "<dt>số liệu</dt><dd>1</dd>" in html(open_page(path=path))
    replace_article(db, article, figures)
    assert f"<dt>số liệu</dt><dd>{len(figures)}</dd>" in html(open_page(path=path))
    db.close()


def test_the_way_back_from_a_figure_keeps_the_filters(open_page):
    app = open_page("browse", p="VN63-51", kind="ratio")
    app.query_params.clear()
    app.query_params["id"] = RATIO_ID
    app.switch_page("app_pages/figure.py").run()
    assert links(app)[0]["p"] == ["VN63-51"]
    assert links(app)[0]["kind"] == ["ratio"]


def test_a_missing_database_is_explained(open_page, tmp_path):
    app = open_page(path=tmp_path / "none.db")
    assert app.title[0].value == "Chưa đọc được dữ liệu"
    assert any("chiso demo" in text for text in texts(app))


def test_a_file_that_is_no_database_is_explained(open_page, tmp_path):
    path = tmp_path / "notes.db"
    path.write_text("not a database" * 100)
    assert any("is not an SQLite database" in text for text in texts(open_page(path=path)))


def test_an_empty_database_is_explained(open_page, tmp_path):
    path = tmp_path / "empty.db"
    open_derived(path).close()
    assert any("còn trống" in message.value for message in open_page(path=path).info)


def test_a_locked_database_is_explained(open_page, tmp_path, monkeypatch):
    path = app_fixture.build(tmp_path / "locked.db")
    monkeypatch.setattr("store.database.BUSY_SECONDS", 0.05)
    lock = sqlite3.connect(path, isolation_level=None)
    lock.execute("PRAGMA journal_mode=DELETE")
    lock.execute("BEGIN EXCLUSIVE")
    try:
        assert any("is locked by another program" in text for text in texts(open_page(path=path)))
    finally:
        lock.close()
