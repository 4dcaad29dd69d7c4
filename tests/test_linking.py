"""Places, periods and status beside what the corpus says: the rule without a model, and the training."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extract import linear, sentences, statuses
from extract.analysis import Analysis, Quantity
from extract.annotation import Annotated
from extract.place import gazetteer, places, places_model
from extract.time import period_features, period_scene, periods, periods_model, timeline, times
from store.records import Article
from tests.steps import read_numbers

CORPUS = Path(__file__).parent / "corpus"


def cases(name):
    return tomllib.loads((CORPUS / f"{name}.toml").read_text(encoding="utf-8"))["case"]


def linked(case):
    analysis = read_numbers(case["text"])
    article = replace(
        analysis.article, site_province=case.get("province"), published=case.get("published"), title=""
    )
    analysis = replace(analysis, article=article)
    for step in (gazetteer.mark, periods.choose, places.choose, statuses.choose):
        analysis = step(analysis)
    return analysis


def test_links_run_parallel_to_the_quantities_and_are_sure_to_a_degree():
    analysis = linked({"text": "Năm 2020, tỉnh có 12 xã và 3 phường. Nay có 4 chợ.", "province": "Long An"})
    for links in (
        analysis.places,
        analysis.localities,
        analysis.periods,
        analysis.statuses,
        analysis.negations,
    ):
        assert len(links) == len(analysis.quantities) == 3
        assert all(0 <= link.confidence <= 1 for link in links)
        assert all(link.rules for link in links)


def test_spans_say_where_a_value_was_read():
    analysis = linked({"text": "Trong năm 2020, huyện Mỏ Cày Nam trồng 310 ha dừa.", "province": "Bến Tre"})
    assert analysis.text[slice(*analysis.periods[0].span)] == "năm 2020"
    assert analysis.text[slice(*analysis.localities[0].span)] == "huyện Mỏ Cày Nam"
    assert analysis.localities[0].value == "huyện Mỏ Cày Nam"


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("Tại Bến Tre có 55 trại dừa.", "place:by_context"),
        (
            "UBND tỉnh giao Sở Y tế. Sở Y tế giao huyện. Huyện làm xong. Có 55 kiến nghị.",
            "place:by_article",
        ),
    ],
)
def test_a_place_says_what_decided_it(text, decided):
    analysis = linked({"text": text, "province": "Long An"})
    assert analysis.places[0].rules == ("place:model", decided)


def test_features_are_named_once():
    """A name that stood twice would weigh twice where it is used and once where it is learnt."""
    text = "Năm 2019, xã có 12 hộ (tăng 3 hộ so với năm 2018). Theo ông Ba, 5 hộ thoát nghèo trong tháng 3."
    article = period_scene.Article(timeline.timeline(linked({"text": text, "published": "2020-04-02"})))
    for index in range(len(article.line.analysis.quantities)):
        choices = timeline.candidates(article.line, index)
        found = period_scene.scene(article, index, choices)
        for groups in period_features.rows(article, found, choices):
            names = [name for group in groups for name in group]
            assert len(set(names)) == len(names)


def test_nothing_to_link():
    analysis = linked({"text": "Hội nghị thành công tốt đẹp."})
    assert analysis.places == analysis.periods == analysis.statuses == ()


@pytest.mark.parametrize("name", ["places", "periods"])
def test_the_rule_alone_is_right_on_most_of_the_corpus(name):
    """Without a model the steps must still serve."""
    field = name[:-1]
    right = total = 0
    for case in cases(name):
        analysis = linked(case)
        analysis = periods.choose_by_rule(places.choose_by_rule(analysis))
        nulls = case.get("nulls", [[]] * len(case["figures"]))
        for link, figure, empty in zip(getattr(analysis, name), case["figures"], nulls, strict=True):
            if field in figure or field in empty:
                total += 1
                right += link.value == figure.get(field)
    assert right / total > 0.8


def annotated(text, spans):
    analysis = Analysis(
        article=Article(id="1", url="", title="", text=text, site_province="Long An", published="2021-01-05"),
        text=text,
    )
    analysis = gazetteer.mark(times.find(sentences.segment(analysis)))
    quantities = [
        Quantity(text.index(s), text.index(s) + len(s), "count", Decimal(1), left=text.index(s))
        for s in spans
    ]
    figures = [
        {"start": q.start, "end": q.end, "period": period, "place": place}
        for q, (period, place) in zip(quantities, spans.values(), strict=True)
    ]
    return replace(analysis, quantities=tuple(quantities)), figures


@pytest.mark.parametrize("module", [periods_model, places_model])
def test_training_repeats_to_the_byte(module, tmp_path):
    examples = [
        annotated(
            "Năm 2020, tỉnh có 71 xã. Nay có 82 chợ.",
            {"71": ("2020-01-01/2020-12-31", "Long An"), "82": (None, "Long An")},
        ),
        annotated(
            "Tại Bến Tre năm 2019 có 55 trại. Cả nước có 66 trại.",
            {"55": ("2019-01-01/2019-12-31", "Bến Tre"), "66": (None, "Việt Nam")},
        ),
    ]
    documents = [Annotated(*example) for example in examples * 5]
    for name in ("a", "b"):
        module.save(module.train(documents), trained_on="two sentences", path=tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert linear.load(tmp_path / "a", feature_version=module.FEATURE_VERSION)


def test_the_models_fit_the_program():
    assert periods_model.model().weights
    assert places_model.model().weights
