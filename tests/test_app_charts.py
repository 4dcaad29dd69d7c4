"""The pages of comparisons, maps and profiles, run without a browser on known values."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import parse_qs

import pytest

from app_pages.foot import bibtex, view_citation
from app_pages.sparkline import sparkline
from app_pages.tilegrid import tiles
from store.places import places
from tests import series_fixture
from tests.app_fixture import html, rows, run_page
from tests.series_fixture import KON_TUM, NEW_NGAI, NGAI, NGHE_AN

FACTS = {
    "figures": 24,
    "sources": 2,
    "newest_published": "2026-02-01",
    "built_at": "2026-02-03T01:00:00+00:00",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    return series_fixture.build(tmp_path_factory.mktemp("charts") / "chiso.db")


@pytest.fixture
def open_page(database, monkeypatch):
    return lambda page, path=database, **params: run_page(page, path, monkeypatch, **params)


def chart(app, place: int = 0) -> dict:
    """Return the specification of a chart of the page."""
    return json.loads(app.get("vega_lite_chart")[place].proto.spec)


def test_a_comparison_has_a_row_a_period_and_the_differences(open_page):
    app = open_page("compare", ind="poverty_rate", p=[NGAI, NGHE_AN])
    assert rows(app) == [
        [
            "Kỳ số liệu",
            "Thực hiện / chỉ tiêu",
            "Quảng Ngãi (63)",
            "Nghệ An (63)",
            "Nghệ An (63) so với Quảng Ngãi (63)",
        ],
        ["năm 2025", "chỉ tiêu", "4,2%", "–", "–"],
        ["năm 2024", "thực hiện", "5,1%", "4,8%", "−0,3 điểm %"],
        ["năm 2023", "thực hiện", "–", "5,5% †", "–"],
        ["năm 2022", "thực hiện", "8,25%", "6%", "−2,25 điểm %"],
        ["năm 2021", "thực hiện", "9,5%", "–", "–"],
    ]


def test_a_comparison_can_be_of_the_territory_of_today(open_page):
    app = open_page("compare", ind="poor_households", p=[NGAI, NGHE_AN], reg="h34")
    assert rows(app)[1] == ["năm 2024", "thực hiện", "27.700 hộ", "30.000 hộ", "+2.300"]
    assert "<mark>15.400</mark>" in html(app)
    assert "<mark>12.300</mark>" in html(app)
    app = open_page("compare", ind="poverty_rate", p=[NGAI], reg="h34", st="actual", lang="en")
    assert [row[2] for row in rows(app)[1:]][-1] == "not comparable: parts cannot be added up"
    assert not open_page("compare", ind="par_index", form="rank~63", p=[KON_TUM], reg="h34").get(
        "vega_lite_chart"
    )


def test_only_the_newest_period_of_each_series(open_page):
    told = {"ind": "poverty_rate", "p": NGAI}
    assert "6 số liệu" in html(open_page("browse", **told))
    app = open_page("browse", mrv="1", **told)
    assert "3 số liệu" in html(app)  # two of 2024, a target of 2025
    assert app.toggle(key="widget-mrv").value
    app.toggle(key="widget-mrv").set_value(False).run()
    assert "mrv" not in app.query_params


@pytest.mark.parametrize(("page", "regime"), [("compare", "h34"), ("map", "h34"), ("map", "63")])
def test_files_are_of_the_territory_that_is_shown(open_page, page, regime):
    app = open_page(page, ind="poor_household_homes", reg=regime)
    offered = [link.proto.url for link in app.get("link_button") if "api/" in link.proto.url]
    assert len(offered) == 6
    table = "observations" if regime == "h34" else "figures"
    assert all(address.startswith(f"api/{table}.") for address in offered)
    assert all(("reg=h34" in address) == (regime == "h34") for address in offered)


def test_a_comparison_shows_the_sentences_behind_it(open_page):
    app = open_page("compare", ind="poverty_rate", p=[NGAI], **{"from": "2024", "to": "2024"})
    assert "có <mark>5,1</mark>, theo báo cáo" in html(app)
    assert "<mark>9,5</mark>" not in html(app)


def test_the_day_of_the_merger_is_drawn_where_values_lie_on_both_sides(open_page):
    across = json.dumps(
        chart(open_page("compare", ind="poverty_rate", p=[NGAI, NEW_NGAI])), ensure_ascii=False
    )
    before = json.dumps(chart(open_page("compare", ind="poverty_rate", p=[NGHE_AN])), ensure_ascii=False)
    assert "1/7/2025: 63 tỉnh thành 34" in across
    assert "1/7/2025: 63 tỉnh thành 34" not in before


def test_a_comparison_leads_from_the_old_province_to_the_new(open_page):
    app = open_page("compare", ind="poverty_rate", p=[NGAI])
    asked = [parse_qs(element.proto.query_string) for element in app.get("page_link")]
    assert {"p": [NGAI, NEW_NGAI], "ind": ["poverty_rate"], "form": ["percent"], "per": ["year"]} in asked


@pytest.mark.parametrize("page", ["compare", "map"])
def test_codes_that_mean_nothing_are_named(open_page, page):
    app = open_page(page, ind="nope", p="VN99-1", form="x", tinh="51")
    assert "tinh, ind=nope, form=x, p=VN99-1</p>" in html(app)


def test_choosing_another_indicator_forgets_the_form(open_page):
    app = open_page("compare", ind="par_index", form="rank~34", per="year", p=[NGAI, NEW_NGAI])
    app.selectbox(key="widget-ind").select("poverty_rate").run()
    assert app.query_params["ind"] == "poverty_rate"
    assert "form" not in app.query_params
    assert app.query_params["p"] == [NGAI, NEW_NGAI]


def test_the_map_has_a_row_for_every_province_of_the_list(open_page):
    app = open_page("map", ind="par_index", form="rank~63", period="2022")
    _, *body = rows(app)
    assert len(body) == 63
    assert body[:3] == [
        ["Nghệ An (63)", "năm 2022", "1", "hạng 12/63"],
        ["Quảng Ngãi (63)", "năm 2022", "2", "hạng 36/63"],
        ["Kon Tum", "năm 2022", "3", "hạng 50/63"],
    ]
    assert body[3][2:] == ["–", "chưa có số liệu"]


def test_ranks_among_63_are_never_drawn_among_34(open_page):
    app = open_page("map", ind="par_index", form="rank~63", reg="34")
    assert "Chưa có tỉnh nào của danh sách này có giá trị như vậy" in "".join(text.value for text in app.text)
    harmonised = rows(open_page("map", ind="par_index", form="rank~63", reg="h34", period="2022"))
    said = {row[0]: row[3] for row in harmonised}
    assert said["Nghệ An (34)"] == "hạng 12/63 (không so sánh được: thứ hạng trên 63)"
    assert said["Quảng Ngãi (34)"] == "không so sánh được: thứ hạng trên 63"


def test_without_a_period_the_map_takes_one_in_which_the_list_has_values(open_page):
    said = {row[0]: row[1:] for row in rows(open_page("map", ind="poverty_rate", reg="34"))}
    assert said["Quảng Ngãi (34)"] == ["năm 2025", "1", "4,4%"]
    assert "chưa có số liệu" in said["Nghệ An (34)"]


def test_counts_of_the_old_provinces_are_added_up_on_demand(open_page):
    reported = {row[0]: row[3] for row in rows(open_page("map", ind="poor_households", reg="34"))}
    harmonised = {row[0]: row[3] for row in rows(open_page("map", ind="poor_households", reg="h34"))}
    assert reported["Quảng Ngãi (34)"] == "chưa có số liệu"
    assert harmonised["Quảng Ngãi (34)"] == "27.700 hộ"


def test_the_chosen_province_shows_its_value_its_sentence_and_its_profile(open_page):
    app = open_page("map", ind="par_index", form="rank~63", period="2022", p=NGAI)
    assert "<mark>36/63</mark>" in html(app)
    links = [element.proto for element in app.get("page_link")]
    assert any(link.label == "hạng 36/63" for link in links)
    assert any(link.query_string == f"p={NGAI}" for link in links)


@pytest.mark.parametrize("view", ["lines", "small"])
def test_provinces_over_time(open_page, view):
    app = open_page("map", ind="par_index", form="rank~63", v=view)
    shown = html(app)
    assert "qua các kỳ" in shown
    assert "20/63" in shown


def test_the_profile_tells_what_became_of_a_province(open_page):
    app = open_page("province", p=NGAI)
    shown = html(app)
    assert "<h2>Quảng Ngãi (63)</h2>" in shown
    assert "Từ ngày 1/7/2025 thuộc:" in shown
    labels_shown = [element.proto.label for element in app.get("page_link")]
    assert "Quảng Ngãi (34, gồm Kon Tum)" in labels_shown
    assert "3\\.9%" not in labels_shown
    assert "3,9%" in labels_shown
    assert "chỉ tiêu 4,2% (năm 2025)" in shown
    assert 'alt="Tỷ lệ hộ nghèo: năm 2021 9,5%; năm 2022 8,25%; năm 2024 5,1%"' in shown


def test_a_province_without_figures_says_so(open_page):
    app = open_page("province", p="VN63-01")
    assert any("Chưa có giá trị nào" in text.value for text in app.text)


@pytest.mark.parametrize("page", ["overview", "browse", "compare", "map", "province", "codebook", "about"])
def test_every_view_can_be_cited(open_page, page):
    app = open_page(page)
    citation, entry, address = (element.value for element in app.code[-3:])
    assert address in citation
    assert f"url = {{{address}}}" in entry
    assert "21 số liệu từ 2 nguồn" in html(app)


def test_a_citation_names_view_state_address_and_day():
    words = view_citation("So sánh: A & B", "http://x/compare?p=1", FACTS, "en", date(2026, 3, 4))
    for part in ("So sánh: A & B", "24 figures", "2026-02-03", "http://x/compare?p=1", "2026-03-04"):
        assert part in words
    entry = bibtex("50% {x} \\y $", "http://x/compare?p=1", FACTS, "en", date(2026, 3, 4))
    assert "title = {{50\\% \\{x\\} \\textbackslash{}y \\$}}" in entry
    assert "urldate = {2026-03-04}" in entry


@pytest.mark.parametrize("regime", ["63", "34"])
def test_the_grid_has_every_province_once_and_both_archipelagos(regime):
    grid = tiles(regime)
    provinces = [tile for tile in grid if tile.archipelago is None]
    assert sorted(tile.place_id for tile in provinces) == sorted(
        place.id for place in places().values() if place.unit_regime == regime
    )
    assert len({(tile.row, tile.column) for tile in grid}) == len(grid)
    owners = {tile.archipelago: places()[tile.place_id].name_vi for tile in grid if tile.archipelago}
    assert owners == {"Hoàng Sa": "Đà Nẵng", "Trường Sa": "Khánh Hòa"}


def test_a_sparkline_is_read_by_its_words_and_empty_without_values():
    point = {"level": 2.0, "day": "2024-07-02", "run": 1}
    assert 'alt="&lt;a&gt; &quot;b&quot;"' in sparkline([point], '<a> "b"')
    assert sparkline([point | {"level": None}], "x") == ""
