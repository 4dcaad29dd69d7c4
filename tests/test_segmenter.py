"""Words by underthesea's weights, added up here, are those that underthesea finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from underthesea import word_tokenize

from crawler import sample_site
from extract import exchange
from extract.phrase import segmenter
from tests import gold

ODD = """
1
Hà Nội.
Ảnh: Báo CAND.\x20
v.v. và v.v...
Tp. HCM, TP.HCM; NĐ-CP
Giá 11.111,1 đồng/kg (m²) ½ ² 5² ①
11x11 11-11-1111 1/11 (1%)
11111111111 trường, 1111111111 hộ, 2147483648 hộ, +5 hộ, -5 hộ, 1111 1111 lượt đạt chuẩn
http://x.vn/a?b=1 a@b.vn :D
a :D b
H’Mông N’Thôn Hạ
“Chuyển đổi số”… – 11 - 1
Ngày 11 tháng 1,Sở Y tế
a\u0301 ê\u0302 Ð ð
"""


def texts() -> Iterator[str]:
    yield from ("", " ", *ODD.split("\n"))
    for paper in sample_site.load_site().papers:
        for article in paper.articles:
            yield from (line for line in str(article).split("\\n"))
    if gold.GOLD.is_dir():
        for name in ("seeds", "dev"):
            for document in exchange.read_documents(gold.GOLD / f"{name}.jsonl"):
                yield from document.text.splitlines()


def test_finds_the_words_that_underthesea_finds():
    differing = [t for t in texts() if segmenter.words(t) != word_tokenize(t, use_token_normalize=False)]
    assert differing == []


def test_refuses_a_directory_without_a_model(tmp_path: Path):
    with pytest.raises(segmenter.SegmenterError):
        segmenter.load(tmp_path)
