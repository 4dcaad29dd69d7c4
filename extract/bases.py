"""Step 7: what a figure is relative to, in the text's words.

Of a difference the thing compared with ("so với cùng kỳ năm trước"), of a percent the whole
("trên tổng số …", the counted noun right of it) or the plan it is measured by ("đạt 95% kế hoạch").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from extract.analysis import Analysis, Link, Quantity
from extract.lines import Layout, Place, Token, lay_out, words

_NONE = Link(None)
_REACH = 160  # characters right of a figure in which its base may end

# "so với cùng kỳ năm trước", "so cùng kỳ", "so với chỉ tiêu được giao"
_COMPARED = regex.compile(r"\b(?:nếu\s+)?so\s+(?:với\s+)?(?P<base>\S[^,;:()]{0,120})", regex.IGNORECASE)
# "trên tổng số công dân", "trong tổng số", "của tổng số"
_OF_TOTAL = regex.compile(r"\b(?:trên|trong|của)?\s*(?P<base>tổng\s+\S[^,;:()]{0,120})", regex.IGNORECASE)
# "kế hoạch năm", "dự toán HĐND tỉnh giao", "cùng kỳ năm trước", "chỉ tiêu", "mục tiêu đề ra"
_PLAN = regex.compile(
    r"(?:so\s+)?(?:của\s+)?(?P<base>(?:kế\s+hoạch|dự\s+toán|chỉ\s+tiêu|mục\s+tiêu|nghị\s+quyết|cùng\s+kỳ|kh\b|nghị\s+định|tiến\s+độ)"
    r"[^,;:()]{0,100})",
    regex.IGNORECASE,
)
# "So với năm 2020, …" before the figure
_BEFORE = regex.compile(r"\bso\s+với\s+(?P<base>[^,;:()]{2,80}),", regex.IGNORECASE)
_CUT = regex.compile(
    r"\s+(?:và|nhưng|trong\s+đó|song|với|tuy|nên|nhờ|do|để|khi|mà|thì|là|đạt|tăng|giảm|đứng|xếp)\b.*",
    regex.IGNORECASE,
)


def find(analysis: Analysis) -> Analysis:
    """Return the analysis with `bases`; a link's value is None where the text states none."""
    layout = lay_out(analysis)
    found: list[Link] = []
    for index, quantity in enumerate(analysis.quantities):
        found.append(_of_one(analysis.text, layout, index, quantity))
    for index in range(len(found) - 2, -1, -1):  # "tăng 5% và 6% so với …": the last one's base is both's
        if found[index].value is None and _coordinated(analysis, layout, index):
            found[index] = replace(found[index + 1], rules=("base:coordinated",))
    return replace(analysis, bases=tuple(found))


def _of_one(text: str, layout: Layout, index: int, quantity: Quantity) -> Link:
    place = layout.places[index]
    if quantity.kind == "rank":
        return _NONE
    low, high = _right_of(text, layout, place)
    right = text[low:high]
    if match := _COMPARED.search(right):
        return _link(low, match, "base:compared")
    if quantity.kind in ("percent", "multiple", "ratio"):
        stripped = len(right) - len(right.lstrip())
        if match := _PLAN.match(right, stripped):
            return _link(low, match, "base:plan")
        if quantity.kind == "percent" and quantity.measure == "level":
            if match := _OF_TOTAL.match(right, stripped):
                return _link(low, match, "base:total")
            if whole := _whole(layout, place):
                return Link(text[whole[0] : whole[1]], 0.6, ("base:whole",), whole)
    if quantity.measure == "difference" and (before := _before(text, layout, place)):
        return before
    return _NONE


def _right_of(text: str, layout: Layout, place: Place) -> tuple[int, int]:
    """Return the stretch after the unit up to the next figure, its bracket's or its sentence's end."""
    tokens = layout.tokens
    low = tokens[place.unit_last - 1].end
    last = layout.spans[place.sentence][1]
    if place.after is not None:
        last = layout.places[place.after].left
    end = low
    for number in range(place.unit_last, last):
        token = tokens[number]
        if token.line != place.line:
            break
        if token.word in ",;" and token.piece == place.piece and end == low:
            break
        end = token.end
    return low, min(end, low + _REACH, len(text))


def _link(offset: int, match: regex.Match[str], rule: str) -> Link:
    base = _CUT.sub("", match.group("base")).rstrip(" .–-…")
    if not base:
        return _NONE
    start = offset + match.start("base")
    return Link(base, 0.8, (rule,), (start, start + len(base)))


def _whole(layout: Layout, place: Place) -> tuple[int, int] | None:
    """Return the counted noun right of a percent, up to its predicate; None when nothing counted follows."""
    tokens: Sequence[Token] = layout.tokens
    stops = _stops()
    found = []
    for number in range(place.unit_last, layout.spans[place.sentence][1]):
        token = tokens[number]
        if token.line != place.line or token.piece != place.piece or token.role or token.word in stops:
            break
        found.append(token)
    return (found[0].start, found[-1].end) if found else None


def _stops() -> frozenset[str]:
    single = {entry for entry in words()["predicates"] if " " not in entry}
    return frozenset(
        single | {"và", "với", "so", "là", "trong", "nhờ", "do", "để", "mỗi", "cho", "cũng", "sẽ", "nhưng"}
    )


def _before(text: str, layout: Layout, place: Place) -> Link | None:
    """Return the base stated before the figure in its sentence ("So với năm 2020, …")."""
    start = layout.tokens[layout.spans[place.sentence][0]].start
    matches = list(_BEFORE.finditer(text, start, layout.tokens[place.left].start))
    return _link(0, matches[-1], "base:before") if matches else None


def _coordinated(analysis: Analysis, layout: Layout, index: int) -> bool:
    """Return whether the figure shares the base of the next one: same measure, only "và" between."""
    one, other = analysis.quantities[index], analysis.quantities[index + 1]
    if layout.places[index].after != index + 1 or one.measure != other.measure or one.measure != "difference":
        return False
    between = analysis.text[one.unit_end : other.left].split()
    return len(between) <= 4 and any(word.strip(",") in ("và", "hoặc", "") for word in between)
