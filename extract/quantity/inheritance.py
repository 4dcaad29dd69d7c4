"""What a quantity takes over from its neighbour: "5,2 và 6,1%", "tăng 200 triệu đồng (6%)"."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import regex

from extract.quantity.drafts import Draft
from extract.quantity.lists import take_over
from extract.quantity.shapes import parts_two

_LIST = regex.compile(
    r"\x20?(?:,|;|và|-|hoặc|hay|,\x20và|lên|xuống|còn|xuống\x20còn|thành)\x20?(?:(?:hơn|gần|khoảng|trên|dưới|còn)\x20)?"
)
_OPENING = regex.compile(
    r"(?:(?!\x20(?:so|hơn|kế|chỉ|dự|mục|bình)\x20)[^.;,()\n]){0,40}\((?:(?:tương\x20(?:ứng|đương)|bằng|khoảng|hay)\x20){0,2}"
)
_THE_SAME = regex.compile(r"[^.;()\n]{0,60}(?:,?\x20|\x20\()(?:tương\x20(?:ứng|đương)|hay)(?:\x20với)?\x20")
_SECOND_BASE = regex.compile(r"\x20so(?:\x20với)?[^.;%()\n]{2,60}?(?:\x20và|,)\x20(?:tới\x20|đến\x20)?")
_BASE = regex.compile(r"\x20so(?!\p{L})")
_INTO_A_BRACKET = regex.compile(r"[^.;()\n]{0,80}(?:\(|,\x20(?:gồm|trong\x20đó)\x20)[^.;()0-9\n]{2,30}\x20")
_ON_IN_A_BRACKET = regex.compile(r"[,;]\x20[^.;()0-9\n]{2,30}\x20")
_CLAUSE = (  # words that begin another statement
    r"(?:đạt|chiếm|là|còn|lên|xuống|có|được|bằng|với|tỷ|tỉ|mức|cơ|ước|tăng|giảm|cao|thấp|đưa|nâng|hoàn|thu|vượt|gấp"
    r"|từ|khi|do|nhờ|trên|dưới)(?!\p{L})"
)
# "tăng 2,3%, công nghiệp 8,1%, dịch vụ 6,2%": the verb is said once for several things.
_NEXT_THING = regex.compile(
    rf"(?:\x20\([^()\n]{{1,40}}\)|/năm|\x20mỗi\x20năm)?(?:,|;|\x20và)\x20(?!trong\x20đó\x20\d)"
    rf"(?:(?!{_CLAUSE})[\p{{L}}\-]{{1,12}},?\x20){{1,12}}"
)
# "giảm 8 huyện, 561 xã": so it is for several nouns.
_NEXT_NOUN = regex.compile(rf"(?:\x20(?!{_CLAUSE})\p{{L}}{{1,10}}){{0,6}}(?:,|\x20và)\x20")
_LARGEST_SHARE = 100
_ALIKE = 5  # times: shares that one verb tells of are of one size
_ENDS = regex.compile(r"[,;.)\n…]|\x20trở\x20lên|\x20và\x20|\x20thuộc\x20|$")
_COORDINATED = regex.compile(r"(?:,|\x20và)\x20")


def inherit(text: str, drafts: list[Draft]) -> list[Draft]:
    """Return the drafts with units and changes taken from the quantities beside them."""
    drafts = _units_from_the_right(text, drafts)
    done: list[Draft] = []
    for draft in drafts:
        before = done[-1] if done else None
        if before is not None:
            draft = _change_from_the_left(text, before, draft)
            draft = _unit_of_the_whole(text, before, draft)
            draft = _unit_before_the_bracket(text, before, draft)
            draft = _unit_of_the_count(text, before, draft)
            draft = _spots(text, before, draft)
            draft = take_over(text, done, draft)
        done.append(draft)
    return done


def _units_from_the_right(text: str, drafts: list[Draft]) -> list[Draft]:
    """Give "117 và 135 triệu đồng" and "lần lượt 5,2; 6,1%" one unit: that of the last."""
    done = list(drafts)
    for index in range(len(done) - 2, -1, -1):
        draft, following = done[index], done[index + 1]
        left, right = draft.quantity, following.quantity
        if (
            draft.found_unit
            or left.denominator is not None
            or right.denominator is not None
            or right.unit is None
        ):
            continue
        if right.kind == "rank" or not _LIST.fullmatch(text, left.end, right.start):
            continue
        if left.kind == "money" and right.kind != "money":
            continue  # "8 tỷ, 5 người"
        if parts_two(text, left, right):
            continue  # "12 - 76,37%"
        if (
            right.kind == "percent"
            and abs(left.value) > _LARGEST_SHARE
            and ";" in text[left.end : right.start]
        ):
            continue  # "thiếu 437; gần 30% công chức"
        scale = following.magnitude if draft.magnitude == 1 and abs(left.value) < 1000 else 1
        moved = replace(
            left,
            kind=right.kind,
            unit=right.unit,
            value=left.value * scale,
            value_max=left.value_max * scale if left.value_max is not None else None,
            rules=(*left.rules, "unit_from_the_right"),
        )
        done[index] = draft._replace(quantity=moved, found_unit=True, magnitude=scale)
    return done


def _change_from_the_left(text: str, before: Draft, draft: Draft) -> Draft:
    """Let a share in brackets, a second base and a coordinated share be what the change before them is."""
    left, right = before.quantity, draft.quantity
    if left.measure != "difference" or right.measure == "difference" or right.change is not None:
        return draft
    if any(rule in right.rules for rule in ("change_to", "named_rate", "below_zero")):
        return draft
    gap = (left.unit_end or left.end, right.left or right.start)
    if gap[0] > gap[1]:
        return draft
    # An amount in brackets after a rise is the level: "tăng 3,6% (12.640 tỷ đồng)".
    bracket = (
        right.kind == "percent" != left.kind
        and _OPENING.fullmatch(text, *gap)
        and text[right.unit_end : right.unit_end + 1] == ")"
    )
    second = (
        right.kind == left.kind and _SECOND_BASE.fullmatch(text, *gap) and _BASE.match(text, right.unit_end)
    )
    alike = right.kind == left.kind and ("%" in (left.unit or "") or "change_from_the_left" in left.rules)
    together = alike and _COORDINATED.fullmatch(text, *gap)
    listed = _goes_on_listing(text, before, draft)
    if not (bracket or second or together or listed or _THE_SAME.fullmatch(text, *gap)):
        return draft
    value_max = None if right.value_max is None else abs(right.value_max) * before.sign
    moved = replace(
        right,
        measure="difference",
        value=abs(right.value) * Decimal(before.sign),
        value_max=value_max,
        change=left.change,
        rules=(*right.rules, "change_from_the_left"),
    )
    return draft._replace(quantity=moved, sign=before.sign)


def _goes_on_listing(text: str, before: Draft, draft: Draft) -> bool:
    """Say whether the verb before the first of two quantities holds for the second, named without one."""
    left, right = before.quantity, draft.quantity
    gap = (left.unit_end or left.end, right.left or right.start)
    if right.kind != left.kind or not _ENDS.match(text, right.unit_end):
        return False
    if right.kind == "percent":
        # A share of another size is another thing: "giảm 1,8%; công suất phòng 88%".
        moves = (left.change or "").startswith(("tăng", "giảm"))
        if not moves or abs(right.value) > _ALIKE * abs(left.value):
            return False
        return _NEXT_THING.fullmatch(text, *gap) is not None
    nouns = right.kind == "count" and before.found_unit and draft.found_unit
    return nouns and _NEXT_NOUN.fullmatch(text, *gap) is not None


def _unit_of_the_whole(text: str, before: Draft, draft: Draft) -> Draft:
    """Give a ratio without a noun the unit of the ratio before it that has the same whole."""
    left, right = before.quantity, draft.quantity
    if (
        draft.found_unit
        or right.kind != "ratio"
        or left.kind != "ratio"
        or "\n" in text[left.end : right.start]
    ):
        return draft
    if left.denominator != right.denominator or left.unit is None:
        return draft
    return draft._replace(quantity=replace(right, unit=left.unit, rules=(*right.rules, "unit_of_the_whole")))


def _unit_of_the_count(text: str, before: Draft, draft: Draft) -> Draft:
    """Give a rise, a fall or a new level the noun of the count it speaks of: "992.000 người, tăng 8.000"."""
    left, right = before.quantity, draft.quantity
    if right.kind != "count" or left.kind != "count" or right.unit is not None or left.unit is None:
        return draft
    changes = right.measure == "difference" or "change_to" in right.rules
    if not changes or regex.search(r"[.;\n]", text[left.end : right.start]):
        return draft
    moved = replace(right, unit=left.unit, rules=(*right.rules, "unit_of_the_count"))
    return draft._replace(quantity=moved, found_unit=True)


def _spots(text: str, before: Draft, draft: Draft) -> Draft:
    """Let "7 điểm" after "37 điểm đen" count spots and be no score."""
    left, right = before.quantity, draft.quantity
    if (
        right.kind != "score"
        or right.value != right.value.to_integral_value()
        or right.denominator is not None
    ):
        return draft
    spots = left.kind in ("count", "ratio") and (left.unit or "").lower().startswith("điểm")
    if not spots or "\n" in text[left.end : right.start]:
        return draft
    return draft._replace(quantity=replace(right, kind="count", rules=(*right.rules, "spots")))


def _unit_before_the_bracket(text: str, before: Draft, draft: Draft) -> Draft:
    """Give bare counts of places the unit before their bracket: "80 ha lúa (Lào Cai 41, Sơn La 39)"."""
    left, right = before.quantity, draft.quantity
    if draft.found_unit or right.kind != "count" or left.kind != "count" or left.unit is None:
        return draft
    gap = (left.unit_end or left.end, right.left or right.start)
    inside = "unit_before_the_bracket" in left.rules and _ON_IN_A_BRACKET.fullmatch(text, *gap)
    if gap[0] > gap[1] or not (inside or _INTO_A_BRACKET.fullmatch(text, *gap)):
        return draft
    moved = replace(right, unit=left.unit, rules=(*right.rules, "unit_before_the_bracket"))
    return draft._replace(quantity=moved, found_unit=True)
