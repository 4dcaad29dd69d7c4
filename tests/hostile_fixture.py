"""What an article may bring that must stay text: markup, Markdown, formulas, marks that turn writing."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from sqlite_utils import Database

from store.derived import open_derived, replace_article
from store.observations import merge
from tests.app_fixture import told_article

# Sentences by what is wrong with them; each reports "12 hộ".
HOSTILE = MappingProxyType(
    {
        "markup": "<script>alert(1)</script><img src=//elsewhere.example/x onerror=alert(2)> có 12 hộ &amp;.",
        "markdown": "# **đậm** [liên kết](javascript:alert(3)) :red[đỏ] :material/home: ~~bỏ~~ $x$ có 12 hộ.",
        "formula": '=HYPERLINK("http://elsewhere.example";"x") có 12 hộ.',
        "hidden formula": "\u200b ＝cmd|' /C calc'!A0 có 12 hộ.",
        "right to left": "Toàn xã \u202eộh 21 óc\u202c \u2066có 12 hộ\u2069 \u200fnghèo.",
        "ends": "</blockquote></style><style>*{display:none}</style> có 12 hộ\u2028mới\u0085.",
        "template": "{{7*7}} ${7*7} %s {figures} có 12 hộ; DROP TABLE figures;--",
        "long": "Danh sách " + "xã Bình An, " * 9_000 + "có 12 hộ.",
    }
)


def build_hostile(path: Path, *, disputed: bool = False) -> Path:
    """Write an article for each hostile sentence, with title and indicator alike; returns the path.

    With `disputed` each is told again by another source, with another number.
    """
    db = open_derived(path)
    for number, (what, text) in enumerate(HOSTILE.items()):
        for again in (False, True) if disputed else (False,):
            _write(db, number, what, text, again=again)
    merge(db)
    db.close()
    return path


def _write(db: Database, number: int, what: str, text: str, *, again: bool) -> None:
    sentence, surface = (text.replace("12 hộ", "57 hộ"), "57") if again else (text, "12")
    about = {
        "place": text[:40],
        "place_id": "VN63-51",
        "indicator": text[:200],
        "kind": "count",
        "period": "2024-01-01/2024-12-31",
    }
    told = {
        "source": f"<b>{what}</b>" + "*" * again,
        "title": sentence[:300] + "*" * again,
        "url": "javascript:alert(4)" if number % 2 else f"https://bao.example/{number}",
        "published": f"2026-04-{len(HOSTILE) - number:02}",
        "about": about,
        "sentence": [
            {"text": sentence, "figures": [{"surface": surface, "value": surface, "unit": text[:20]}]}
        ],
    }
    article, figures = told_article(told)
    replace_article(db, article, figures)
