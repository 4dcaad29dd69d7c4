"""What kind of quantity a number is: the first reader that recognises what stands around it decides."""

from __future__ import annotations

from typing import NamedTuple

from extract import rules
from extract.quantity.counted import Counted, read_unit
from extract.quantity.shapes import Shape
from extract.quantity.units import unit_at
from store.records import Kind

_STEP = "quantities"
_REACH = 90
_MILLION = 1_000_000
_SMALLEST_PRICE = 5000  # of one written without its currency
_ALL_PROVINCES = (63, 64, 34)
_FULL_SCORES = (5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 120, 150, 200, 990, 1000)
_TIMES = ("năm", "tháng", "ngày", "quý", "tuần", "giờ")


class Around(NamedTuple):
    """A shape and the text around it."""

    text: str  # in lower case
    original: str
    shape: Shape
    lowest: int  # not before the end of the quantity before it
    sentence: int  # where the sentence begins

    @property
    def start(self) -> int:
        """Return where the number begins."""
        return self.shape.start

    @property
    def end(self) -> int:
        """Return where the number ends."""
        return self.shape.end


class Reading(NamedTuple):
    """A kind with its unit: the span ends at `end`, the unit's words at `unit_end`."""

    kind: Kind
    unit: str | None
    end: int
    unit_end: int
    rules: tuple[str, ...]
    found_unit: bool = True


def read_kind(around: Around) -> Reading:
    """Return the kind and unit of a shape: percent, rank, score, multiple, money, ratio or count."""
    for reader in (_percent, _rank, _score, _multiple, _money, _ratio, _count):
        reading = reader(around)
        if reading is not None:
            return reading
    return _bare(around)


def _matches(name: str, around: Around) -> int | None:
    """Return where the rule's pattern ends on the right of the shape; None when it does not apply."""
    rule = rules.find_rule(_STEP, name)
    end = around.end
    if rule.pattern is not None:
        match = rule.pattern.match(around.text, end)
        if match is None:
            return None
        end = match.end()
    if not rule.allows(around.text, around.start, max(around.lowest, around.start - _REACH)):
        return None
    return end if rule.fits(around.text, around.end) else None


def _percent(around: Around) -> Reading | None:
    end = _matches("percent_score", around)
    if end is not None:
        sign_end = around.text.index("%", around.end) + 1
        return Reading("score", "điểm", sign_end, end, ("percent_score",))
    end = _matches("percentage_points", around)
    if end is not None:
        return Reading("percent", "%", around.end, end, ("percentage_points",))
    end = _matches("percent", around)
    if end is None:
        return None
    sign = around.text[around.end : end].strip()
    # "7 phần trăm" ends its span before the words, as a unit noun stays outside.
    return Reading(
        "percent", "‰" if sign == "‰" else "%", end if len(sign) == 1 else around.end, end, ("percent",)
    )


def _rank(around: Around) -> Reading | None:
    shape = around.shape
    if shape.magnitude > 1 or shape.value_max is not None or not shape.plain:
        return None
    end = _matches("steps", around)
    if end is not None and shape.denominator is None:
        return Reading("rank", "bậc", around.end, end, ("steps",))
    for name in ("rank_from", "rank"):
        if _matches(name, around) is not None:
            return _ranked(around, name)
    return None


def _ranked(around: Around, rule: str) -> Reading | None:
    counted = read_unit(around.text, around.original, around.end, guess=False)
    if counted is None:
        places = _ranked_places(around)
        found = (rule,) if places is None else (rule, "places_ranked")
        return Reading("rank", places, around.end, around.end, found)
    ordinal = around.text[max(0, around.start - 9) : around.start].rstrip().endswith("thứ")
    if around.shape.denominator is None and not (ordinal and counted.kind == "noun"):
        return None  # "xếp hạng 12 di tích" counts
    if counted.kind != "noun":
        return Reading("rank", None, around.end, around.end, (rule,))
    return Reading("rank", counted.words, around.end, counted.end, (rule,))


def _ranked_places(around: Around) -> str | None:
    """Return what is ranked, by the words on the left ("là địa phương đứng thứ 51") or the number of all."""
    if around.shape.denominator in _ALL_PROVINCES:
        return "tỉnh, thành phố"
    pattern = rules.find_rule(_STEP, "places_ranked").left
    match = pattern.match(around.text, around.sentence, around.start) if pattern is not None else None
    return around.original[match.start("place") : match.end("place")] if match is not None else None


def _score(around: Around) -> Reading | None:
    shape = around.shape
    broken = shape.value != shape.value.to_integral_value()
    if shape.denominator is not None and shape.denominator not in _FULL_SCORES and not broken:
        return None
    decimal = shape.denominator is not None or broken
    broken_only = ("index_value",) if broken and shape.denominator is None else ()
    for rule in ("score_of" if decimal else "score_of_whole", "score_named", *broken_only):
        end = _matches(rule, around)
        if end is not None:
            return Reading("score", "điểm", around.end, end, (rule,))
    return None


def _multiple(around: Around) -> Reading | None:
    whole = around.shape.value == around.shape.value.to_integral_value()
    for name in ("multiple_after", "multiple_before_base", *(() if whole else ("multiple_of_a_part",))):
        end = _matches(name, around)
        if end is not None:
            return Reading("multiple", "lần", around.end, end, (name,))
    return None


def _money(around: Around) -> Reading | None:
    counted = read_unit(around.text, around.original, around.end, guess=False)
    if counted is None or counted.unit is None or counted.kind != "money":
        return None
    kind: Kind = "ratio" if around.shape.denominator is not None else "money"
    name = counted.unit.name or "VND"
    if counted.per is None:
        return Reading(kind, name, around.end, counted.end, ("money",))
    if counted.per.lower() in _TIMES and _matches("income_per_head", around) is not None:
        return Reading(kind, f"{name}/người", around.end, counted.end, ("money", "income_per_head"))
    return Reading(kind, f"{name}/{counted.per}", around.end, counted.end, ("money",))


def _ratio(around: Around) -> Reading | None:
    shape = around.shape
    if shape.denominator is None:
        return None
    if shape.between is not None and shape.between[0] < shape.between[1]:
        counted = read_unit(around.text, around.original, shape.between[0])
        if counted is not None:
            return Reading("ratio", counted.words, around.end, around.end, ("ratio",))
    counted = read_unit(around.text, around.original, around.end)
    if counted is None and _matches("rank_of_all_provinces", around) is not None:
        return Reading("rank", "tỉnh, thành phố", around.end, around.end, ("rank_of_all_provinces",))
    if counted is None and shape.magnitude >= _MILLION:
        return Reading("ratio", "VND", around.end, around.end, ("ratio", "money_without_currency"))
    if counted is None:
        return Reading("ratio", None, around.end, around.end, ("ratio",), found_unit=False)
    return Reading("ratio", counted.words, around.end, counted.end, ("ratio", f"unit_{counted.kind}"))


def _count(around: Around) -> Reading | None:
    counted = read_unit(around.text, around.original, around.end)
    if counted is None or (counted.unit is None and around.shape.magnitude >= _MILLION):
        return None
    return Reading("count", _with_per(counted), around.end, counted.end, ("count", f"unit_{counted.kind}"))


def _with_per(counted: Counted) -> str:
    words = (counted.unit.name if counted.unit is not None else None) or counted.words
    return words if counted.per is None else f"{words}/{counted.per}"


def _bare(around: Around) -> Reading:
    """Return what a number without unit is: millions are money unless things were counted on the left."""
    end = around.end
    things = around.shape.magnitude >= _MILLION and _matches("things_counted_on_the_left", around) is not None
    if around.shape.magnitude >= _MILLION and not things:
        return Reading("money", "VND", end, end, ("money_without_currency",), found_unit=False)
    if around.shape.value >= _SMALLEST_PRICE and _matches("price_on_the_left", around) is not None:
        return Reading("money", "VND", end, end, ("price_on_the_left",), found_unit=False)
    pattern = rules.find_rule(_STEP, "unit_on_the_left").left
    match = pattern.match(around.text, around.lowest, around.start) if pattern is not None else None
    noun = unit_at(around.text, match.start("noun")) if match is not None else None
    unit = None
    if match is not None and noun is not None and noun.kind == "noun":
        unit = around.original[match.start("noun") : match.start("noun") + len(noun.form)]
    found = [
        "count",
        *(["unit_on_the_left"] if unit else []),
        *(["things_counted_on_the_left"] if things else []),
    ]
    return Reading("count", unit, end, end, tuple(found), found_unit=False)
