"""The province that an article is about, where its source does not say."""

from __future__ import annotations

import pytest

from extract import sentences
from extract.analysis import Analysis
from extract.place import gazetteer
from extract.place.scene import Scene
from store.records import Article


def site_of(title: str, body: str, published: str | None = None, province: str | None = None) -> str | None:
    article = Article(
        id="a", url="", title=title, text=f"{title}\n{body}", published=published, site_province=province
    )
    return Scene(gazetteer.mark(sentences.segment(Analysis(article=article, text=article.text)))).site


@pytest.mark.parametrize(
    ("title", "body", "published", "home"),
    [
        ("Sơn La: 62 bản có đường bê tông", "Sở Giao thông vận tải cho biết 62 bản đã xong.", None, "Sơn La"),
        (
            "Thêm 12 km kè biển",
            "Huyện Lý Sơn vừa xong 12 km kè, tỉnh Quảng Ngãi cấp vốn.",
            None,
            "Quảng Ngãi",
        ),
        ("Kon Tum gộp 5 trường", "Các xã ở Kon Tum cũ đã gộp 5 trường.", "2026-03-02", "Quảng Ngãi"),
        ("Kon Tum gộp 5 trường", "Huyện Đắk Hà đã gộp 5 trường.", "2024-03-02", "Kon Tum"),
        ("Cả nước gieo 3 triệu ha", "Long An gieo 200.000 ha trong vụ này.", None, None),
        ("Hà Giang và Lai Châu ký kết", "Hai tỉnh Hà Giang, Lai Châu trồng 40 ha chè.", None, None),
        ("Giá gạo tăng 4%", "Thị trường trong tuần khởi sắc.", None, None),
    ],
)
def test_home(title: str, body: str, published: str | None, home: str | None) -> None:
    assert site_of(title, body, published) == home


def test_the_source_goes_before_the_text() -> None:
    assert site_of("Sơn La: 62 bản có đường", "Sơn La có 62 bản.", province="Lai Châu") == "Lai Châu"
