"""Whether an article speaks of the 63 provinces or of the 34, by its date or by its words."""

import pytest

from extract import sentences
from extract.analysis import Analysis
from extract.place import gazetteer, regime
from extract.time import times
from store.records import Article


def of(text, published=None):
    article = Article(id="1", url="", title="", text=text, published=published)
    analysis = sentences.segment(Analysis(article=article, text=text))
    return gazetteer.mark(times.find(analysis))


@pytest.mark.parametrize(
    ("text", "published", "after"),
    [
        ("Tỉnh có 5 xã.", "2025-07-01", True),
        ("Tỉnh có 5 xã.", "2025-06-30", False),
        ("Tỉnh có 5 xã.", None, False),
        ("Ngày 9/10/2025, tỉnh khởi công.", None, True),
        ("Ngày 9/10/2025, tỉnh khởi công.", "2025", True),
        ("Ngày 9/10/2025, tỉnh khởi công.", "2024", False),
        ("Ngày 9/10/2025, tỉnh khởi công.", "2025-05-04", False),
        ("Ngày 9/10, tỉnh khởi công.", None, False),
        ("Đến ngày 31/12/2025, tỉnh xóa nhà tạm.", None, False),
        ("Tỉnh Hà Giang (cũ) có 5 xã.", None, True),
        ("Huyện Vị Xuyên cũ có 5 xã.", None, True),
        ("Tỉnh Hà Tây (cũ) có 5 xã.", None, False),
        ("Tỉnh Hà Giang cũng có 5 xã.", None, False),
    ],
)
def test_the_days_after_the_merger(text, published, after):
    assert regime.after_merger(of(text, published)) is after
