"""A database of known figures for the tests of the app, made through the store's own functions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from store.derived import open_derived, replace_article
from store.observations import merge
from store.records import Article, Figure

SHARE_ID = "a0000000000000a1"  # the ratio of the first article
HOSTILE_ID = "a0000000000000b1"
CONFLICT_ID = "a0000000000000c1"
UNSAFE_LINK_ID = "a0000000000000d1"
HOSTILE = "Ông nói <img src=x onerror=alert(1)> rằng **đã** có 1.250 hồ sơ :red[đỏ] và ~~xóa~~ [bấm](http://xau.example)."
FETCHED = "2025-11-02T03:00:00+00:00"
VERSION = "fixture-1"

_RANKED = (
    ("01", "Hà Nội"), ("04", "Cao Bằng"), ("14", "Sơn La"), ("19", "Thái Nguyên"), ("22", "Quảng Ninh"),
    ("31", "Hải Phòng"), ("38", "Thanh Hóa"), ("40", "Nghệ An"), ("42", "Hà Tĩnh"), ("48", "Đà Nẵng"),
    ("51", "Quảng Ngãi"), ("56", "Khánh Hòa"), ("62", "Kon Tum"), ("64", "Gia Lai"), ("66", "Đắk Lắk"),
    ("68", "Lâm Đồng"), ("75", "Đồng Nai"), ("79", "Hồ Chí Minh"), ("89", "An Giang"), ("92", "Cần Thơ"),
)  # fmt: skip


def build(path: Path) -> Path:
    """Write the database and return its path."""
    db = open_derived(path)
    for article, figures in [*_told(), *_rankings()]:
        replace_article(db, article, figures, fetched_at=FETCHED, extractor_version=VERSION)
    merge(db)
    db.close()
    return path


def _told() -> list[tuple[Article, list[Figure]]]:
    social = {"indicator": "hộ nghèo đã được hỗ trợ xây nhà", "indicator_id": "poor_household_homes"}
    online = {"indicator": "hồ sơ nộp trực tuyến", "indicator_id": "online_applications"}
    quang_ngai = {"place": "Quảng Ngãi", "place_id": "VN63-51", "period": "2024-01-01/2024-12-31"}
    return [
        _article(
            "sample-onecms",
            "Quảng Ngãi tăng tốc xóa nhà tạm",
            "2024-12-20",
            [
                ("Đầu tuần, tỉnh họp sơ kết phong trào xóa nhà tạm.", []),
                (
                    "Năm 2024, toàn tỉnh có 4.620/5.500 hộ nghèo đã được hỗ trợ xây nhà, đạt 85% và vượt 5% so với kế hoạch.",
                    [
                        {"id": SHARE_ID, "surface": "4.620/5.500", "kind": "ratio", "value": "4620", "denominator": "5500",
                         "unit": "hộ", "flags": ("ratio_percent_mismatch",), "rules": ("ratio_slash", "counted_noun"),
                         **quang_ngai, **social},
                        {"surface": "85%", "kind": "percent", "value": "85", "unit": "%", "base": "hộ nghèo", "restates": True,
                         **quang_ngai, **social},
                        {"surface": "5%", "kind": "percent", "value": "5", "unit": "%", "measure": "difference",
                         "base": "kế hoạch", "confidence": 0.41, **quang_ngai, **social},
                    ],
                ),
                (
                    "Mục tiêu đến hết năm 2025 là hơn 5.400 hộ, với kinh phí khoảng 318,5 tỷ đồng.",
                    [
                        {"surface": "5.400", "kind": "count", "value": "5400", "unit": "hộ", "comparator": "gt", "status": "target",
                         **quang_ngai, **social, "period": "/2025-12-31"},
                        {"surface": "318,5 tỷ", "kind": "money", "value": "318500000000", "unit": "VND", "comparator": "approx",
                         "status": "target", **quang_ngai, "period": "/2025-12-31", "indicator": "kinh phí xóa nhà tạm"},
                    ],
                ),
            ],
        ),
        _article(
            "sample-zce",
            "Đắk Lắk: hồ sơ trực tuyến tăng mạnh",
            "2025-11-01",
            [
                (
                    "10 tháng năm 2025, tỉnh tiếp nhận 512.300 hồ sơ nộp trực tuyến, tăng 18,4% so với cùng kỳ.",
                    [
                        {"id": CONFLICT_ID, "surface": "512.300", "kind": "count", "value": "512300", "unit": "hồ sơ",
                         "place": "Đắk Lắk", "place_id": "VN34-66", "period": "2025-01-01/2025-10-31", **online},
                        {"surface": "18,4%", "kind": "percent", "value": "18.4", "unit": "%", "measure": "difference",
                         "place": "Đắk Lắk", "place_id": "VN34-66", "period": "2025-01-01/2025-10-31", "base": "cùng kỳ", **online},
                    ],
                ),
                (
                    "Còn 37 hồ sơ chưa giải quyết đúng hạn tại phường Buôn Hồ.",
                    [{"surface": "37", "kind": "count", "value": "37", "unit": "hồ sơ", "negated": True, "place": "Đắk Lắk",
                      "place_id": "VN34-66", "locality": "phường Buôn Hồ", "indicator": "hồ sơ chưa giải quyết đúng hạn"}],
                ),
            ],
        ),
        _article(
            "sample-aid",
            "Cao nguyên số hóa thủ tục",
            "2025-10-30",
            [
                (
                    "Theo báo cáo, 10 tháng năm 2025 Đắk Lắk có 498.700 hồ sơ nộp trực tuyến.",
                    [{"surface": "498.700", "kind": "count", "value": "498700", "unit": "hồ sơ", "place": "Đắk Lắk",
                      "place_id": "VN34-66", "period": "2025-01-01/2025-10-31", **online}],
                )
            ],
        ),
        _article(
            "sample-aid",
            "Chuyện **lạ** ở <b>bộ phận một cửa</b>",
            "2023-05-04",
            [(HOSTILE, [{"id": HOSTILE_ID, "surface": "1.250", "kind": "count", "value": "1250", "unit": "hồ sơ",
                         "indicator": "<b>hồ sơ</b> :red[đỏ]", "place": "Đồng Nai", "place_id": "VN63-75"}])],
        ),
        _article(
            "sample-onecms",
            "Quảng Ngãi sau sáp nhập",
            "2025-09-15",
            [
                (
                    "Quý III/2025, tỉnh giải ngân gấp 1,6 lần quý trước, thu ngân sách từ 90 đến 100 triệu USD.",
                    [
                        {"surface": "1,6", "kind": "multiple", "value": "1.6", "place": "Quảng Ngãi", "place_id": "VN34-51",
                         "period": "2025-07-01/2025-09-30", "indicator": "giải ngân", "base": "quý trước"},
                        {"surface": "90 đến 100 triệu", "kind": "money", "value": "90000000", "value_max": "100000000", "unit": "USD",
                         "place": "Quảng Ngãi", "place_id": "VN34-51", "period": "2025-07-01/2025-09-30",
                         "indicator": "thu ngân sách", "indicator_id": "budget_revenue"},
                    ],
                )
            ],
        ),
        _article(
            "sample-zce",
            "Cả nước đẩy nhanh chuyển đổi số",
            None,
            [
                (
                    "Cả nước có ít nhất 63% xã phủ sóng, riêng huyện đảo chỉ dưới 5 điểm phát.",
                    [
                        {"surface": "63%", "kind": "percent", "value": "63", "unit": "%", "comparator": "ge", "place": "Việt Nam",
                         "place_id": "VN", "indicator": "xã phủ sóng", "indicator_id": "coverage_communes"},
                        {"surface": "5", "kind": "count", "value": "5", "unit": "điểm phát", "comparator": "lt",
                         "indicator": "điểm phát ở huyện đảo", "confidence": 0.35},
                    ],
                )
            ],
            url="javascript:alert(1)",
            first_id=UNSAFE_LINK_ID,
        ),
    ]  # fmt: skip


def _rankings() -> list[tuple[Article, list[Figure]]]:
    """Return an article a province about its administrative reform in 2023: a score and a rank of 63."""
    articles = []
    for place, (code, name) in enumerate(_RANKED):
        score = Decimal("91.5") - Decimal(place) / 2
        about = {"place": name, "place_id": f"VN63-{code}", "period": "2023-01-01/2023-12-31"}
        written = f"{score}".replace(".", ",")
        said = f"Chỉ số cải cách hành chính năm 2023 của {name} đạt {written} điểm, xếp thứ {place + 1}/63 tỉnh, thành."
        index = {"indicator": "Chỉ số cải cách hành chính", "indicator_id": "par_index"}
        figures = [
            {"surface": written, "kind": "score", "value": str(score), "unit": "điểm", **about, **index},
            {"surface": f"{place + 1}/63", "kind": "rank", "value": str(place + 1), "denominator": "63", "unit": "tỉnh",
             **about, "indicator": "xếp hạng cải cách hành chính", "indicator_id": "par_index_rank"},
        ]  # fmt: skip
        source = ("sample-onecms", "sample-zce", "sample-aid")[place % 3]
        articles.append(
            _article(source, f"{name} và cải cách hành chính", f"2024-04-{place + 1:02}", [(said, figures)])
        )
    return articles


def _article(
    source: str,
    title: str,
    published: str | None,
    sentences: list[tuple[str, list[dict[str, Any]]]],
    *,
    url: str | None = None,
    first_id: str | None = None,
) -> tuple[Article, list[Figure]]:
    """Return an article of these sentences and its figures, each found in its sentence by its surface."""
    key = hashlib.sha256(title.encode()).hexdigest()[:16]
    text, figures = title + "\n", []
    for sentence, told in sentences:
        begin, seen, first = len(text), 0, None
        for about in told:
            start = begin + sentence.index(about["surface"], seen)
            seen = start - begin + len(about["surface"])
            first = start if first is None else first
            known = {"id": f"{key[:12]}{start:04}", "confidence": 0.9, **about}
            if known.pop("restates", False):
                known["restates"] = first
            known |= {
                name: Decimal(known[name]) for name in ("value", "value_max", "denominator") if name in known
            }
            spans = {
                "start": start,
                "end": begin + seen,
                "sentence_start": begin,
                "sentence_end": begin + len(sentence),
            }
            figures.append(
                Figure(article_id=key, sentence=sentence, extractor_version=VERSION, **spans, **known)
            )
        text += sentence + " "
    if first_id:
        figures[0] = replace(figures[0], id=first_id)
    article = Article(
        id=key,
        url=url or f"http://{source}.example/{key}.html",
        title=title,
        text=text.rstrip(),
        source=source,
        published=published,
    )
    return article, figures
