"""What a figure is relative to, in the text's words.

Of a difference the thing compared with ("so với cùng kỳ năm trước"), of a percent the whole ("trên tổng số …"
or the counted noun right of it) or the plan it is measured by ("đạt 95% kế hoạch").
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import regex

from extract.analysis import Analysis, Link, Quantity
from extract.phrase.lines import Layout, Place, layout_of, words

_NONE = Link(None)
_REACH = 160  # characters right of a figure in which its base may end
_SENTENCES_BACK = 2  # a comparison that was stated so far before still holds in a list of changes

# "so với cùng kỳ năm trước", "so cùng kỳ", "so với chỉ tiêu được giao"
_COMPARED = regex.compile(
    r"\b(?:so\s+(?:với\s+)?|với\s+(?=cùng\s+kỳ))(?P<base>\S[^,;:]{0,120})", regex.IGNORECASE
)
# "trên tổng số công dân", "trong tổng số", "của tổng số"
_OF_TOTAL = regex.compile(
    r"(?:/|\b(?:trên|trong|của)\b)?\s*(?P<base>tổng\s+\S[^,;:]{0,120})", regex.IGNORECASE
)
# "kế hoạch năm", "dự toán HĐND tỉnh giao", "cùng kỳ năm trước", "chỉ tiêu", "mục tiêu đề ra"
_PLAN = regex.compile(
    r"(?:so\s+|của\s+)?(?P<base>(?:kế\s+hoạch|KH|dự\s+toán|chỉ\s+tiêu|mục\s+tiêu|nghị\s+quyết|cùng\s+kỳ|tiến\s+độ)\b"
    r"[^,;:]{0,100})",
    regex.IGNORECASE,
)
# "So với năm 2020, …", "so với cùng kỳ tăng …" before the figure
_BEFORE = regex.compile(
    r"\bso\s+với\s+(?P<base>[^,;:()]{2,80}?)(?:,|\s(?=tăng|giảm|thấp|cao|vượt))", regex.IGNORECASE
)
_CUT = regex.compile(
    r"\s++(?:và|nhưng|trong\s+đó|song|với|tuy|nên|nhờ|do|để|khi|mà|thì|là|đạt|tăng|giảm|đứng|xếp|tại|ở)\b.*",
    regex.IGNORECASE,
)
_OF_TIME = regex.compile(r"(?:cùng\s+kỳ|năm|tháng|quý)\b", regex.IGNORECASE)


def find(analysis: Analysis) -> Analysis:
    """Return the analysis with `bases`; a link's value is None where the text states none."""
    layout = layout_of(analysis)
    found: list[Link] = []
    for index, quantity in enumerate(analysis.quantities):
        found.append(_of_one(analysis.text, layout, index, quantity))
    for index in range(len(found) - 2, -1, -1):  # "tăng 5% và 6% so với …": the last one's base is both's
        if found[index].value is None and found[index + 1].value and _coordinated(analysis, layout, index):
            found[index] = replace(found[index + 1], rules=("base:coordinated",))
    for index, quantity in enumerate(analysis.quantities):
        if found[index].value is None and quantity.measure == "difference":
            found[index] = _carried(analysis, layout, found, index)
    return replace(analysis, bases=tuple(found))


def _of_one(text: str, layout: Layout, index: int, quantity: Quantity) -> Link:
    place = layout.places[index]
    if quantity.kind == "rank" and quantity.measure == "level":
        return _NONE
    low, right = _right_of(text, layout, place)
    compared = quantity.kind in ("percent", "multiple") or quantity.measure == "difference"
    if compared and (match := _COMPARED.search(right)):
        return _link(low, match, "base:compared")
    if quantity.kind in ("percent", "multiple"):
        stripped = len(right) - len(right.lstrip())
        if match := _PLAN.match(right, stripped):
            return _link(low, match, "base:plan")
        if quantity.kind == "percent" and (match := _OF_TOTAL.match(right, stripped)):
            return _link(low, match, "base:total")
        if quantity.measure == "level" and (whole := _whole(layout, place)):
            return Link(text[whole[0] : whole[1]], 0.6, ("base:whole",), whole)
    if quantity.measure == "difference" and (before := _before(text, layout, place)):
        return before
    return _NONE


def _right_of(text: str, layout: Layout, place: Place) -> tuple[int, str]:
    """Return where the unit ends and the text from there up to the next figure, its bracket's or its
    sentence's end, with the brackets between blanked out."""
    tokens = layout.tokens
    low = end = tokens[place.unit_last - 1].end
    last = layout.places[place.after].left if place.after is not None else layout.spans[place.sentence][1]
    letters: list[str] = []
    for number in range(place.unit_last, last):
        token = tokens[number]
        if token.line != place.line:
            if place.line:
                break
            continue
        if token.word in ",;" and token.piece == place.piece and not letters:
            break
        if token.end > low + _REACH:
            break
        letters.append(" " * (token.start - low - sum(map(len, letters))))
        letters.append(text[token.start : token.end])
        end = token.end
    return low, "".join(letters)[: end - low]


def _link(offset: int, match: regex.Match[str], rule: str) -> Link:
    base = _CUT.sub("", match.group("base")).rstrip(" .–-…")
    if base.endswith(")") and "(" not in base:
        base = base.rstrip(" )")
    if not base:
        return _NONE
    start = offset + match.start("base")
    return Link(" ".join(base.split()), 0.8, (rule,), (start, start + len(base)))


def _whole(layout: Layout, place: Place) -> tuple[int, int] | None:
    """Return the counted noun right of a percent, up to its predicate; None when nothing counted follows."""
    tokens, stops = layout.tokens, _stops()
    found = []
    for number in range(place.unit_last, layout.spans[place.sentence][1]):
        token = tokens[number]
        if token.line != place.line or token.piece != place.piece or token.role or token.word in stops:
            break
        found.append(token)
    return (found[0].start, found[-1].end) if found else None


@cache
def _stops() -> frozenset[str]:
    return frozenset(
        {entry for entry in words()["predicates"] if " " not in entry} | set(words()["whole_stops"])
    )


def _before(text: str, layout: Layout, place: Place) -> Link | None:
    """Return the base stated before the figure in its sentence ("So với năm 2020, …")."""
    start = layout.tokens[layout.spans[place.sentence][0]].start
    last = None
    for match in _BEFORE.finditer(text, start, layout.tokens[place.first].start):
        last = match
    return _link(0, last, "base:before") if last else None


def _carried(analysis: Analysis, layout: Layout, found: list[Link], index: int) -> Link:
    """Return the base of the change that a bracket repeats, or the time compared with that a list of changes
    shares; a link without value when there is none."""
    place = layout.places[index]
    owner = place.owner
    if owner is not None and analysis.quantities[owner].measure == "difference" and found[owner].value:
        return replace(found[owner], confidence=0.7, rules=("base:bracket",))
    sentence = analysis.sentences[place.sentence]
    for other in range(index - 1, -1, -1):
        there = analysis.sentences[layout.places[other].sentence]
        back = place.sentence - layout.places[other].sentence
        if there.paragraph != sentence.paragraph or back > _SENTENCES_BACK:
            break
        link = found[other]
        if analysis.quantities[other].measure == "difference" and link.value:
            return (
                replace(link, confidence=0.5, rules=("base:carried",))
                if _OF_TIME.match(link.value)
                else _NONE
            )
    return _NONE


def _coordinated(analysis: Analysis, layout: Layout, index: int) -> bool:
    """Return whether the figure shares the base of the next one: same measure, only "và" between."""
    one, other = analysis.quantities[index], analysis.quantities[index + 1]
    if layout.places[index].after != index + 1 or one.measure != other.measure or one.measure != "difference":
        return False
    between = analysis.text[one.unit_end : other.left].split()
    return len(between) <= 4 and any(word.strip(",") in ("và", "hoặc", "") for word in between)
