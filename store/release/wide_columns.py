"""The columns of the wide table: one for each indicator in one form, kind of number, unit and basis.

A name is made of an indicator's id and what tells its forms apart, in letters that every program takes:
`poor_households__count_ho`, `pci__rank_of_63`, `grdp__percent_change__vs_cung_ky`. What a number needs
beside it stands in columns with the same beginning: `__num` and `__den` of a ratio, `__max` of a range,
`__comparator` of bounds, `__conflict` of marked conflicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import regex

from store.columns import Column
from store.indicators import indicators
from store.keys import unit_of, words_of
from store.release.tables import Row

Form = tuple[str, ...]  # indicator, kind, unit, measure, negated, base, out of how many

_LONGEST_BASE = 40  # characters of a name
_OTHER = regex.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The columns of one form of an indicator."""

    name: str
    ratio: bool
    ranges: bool  # some value is a range
    bounds: bool  # some value is not exact
    marks: bool  # conflicts are marked
    columns: tuple[Column, ...]


def form_of(row: Mapping[str, Any]) -> Form:
    """Return what must be equal of numbers in one column; ranks out of how many or of which list."""
    among = ""
    if row["kind"] == "rank" and row["measure"] == "level":
        among = row["denominator_text"] or f"unstated_{row['place_id'][2:4] or 'country'}"
    return (
        row["indicator_id"],
        row["kind"],
        unit_of(row),
        row["measure"],
        str(int(row["negated"])),
        words_of(row["base"]),
        among,
    )


def groups_of(forms: Mapping[Form, Mapping[str, bool]], *, marked: Iterable[Form]) -> dict[Form, Group]:
    """Return the columns of each form, in the order of their names.

    `forms` tells of each whether it has `ranges` and `bounds`; `marked` are those with marked conflicts.
    """
    marks = set(marked)
    names: dict[Form, str] = {}
    taken: set[str] = set()
    for form in sorted(forms):
        name = wanted = _name(form)
        number = 1
        while name in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name)
        names[form] = name
    return {
        form: _group(form, name, forms[form]["ranges"], forms[form]["bounds"], form in marks)
        for form, name in sorted(names.items(), key=lambda named: named[1])
    }


def values_of(group: Group, row: Row | None, *, conflict: bool) -> tuple[Any, ...]:
    """Return the cells of one form in the order of its columns; None for all where there is no row."""
    told = [row["value_text"] if row else None]
    if group.ratio:
        told.append(row["denominator_text"] if row else None)
    if group.ranges:
        told.append(row["value_max_text"] if row else None)
    if group.bounds:
        told.append(row["comparator"] if row else None)
    if group.marks:
        told.append(conflict or None)
    return tuple(told)


def _group(form: Form, name: str, ranges: bool, bounds: bool, marks: bool) -> Group:
    ratio = form[1] == "ratio"
    vi, en = _meaning(form)

    def column(end: str, kind: str, more_vi: str, more_en: str, **rules: Any) -> Column:
        return Column(name=f"{name}{end}", type=kind, vi=f"{vi}{more_vi}", en=f"{en}{more_en}", **rules)

    unit = form[2] or None
    found = [column("__num" if ratio else "", "number", "", ": numerator" if ratio else "", unit=unit)]
    if ratio:
        found.append(column("__den", "number", ": mẫu số", ": denominator", unit=unit))
    if ranges:
        found.append(column("__max", "number", ": đầu kia của khoảng", ": other end of the range", unit=unit))
    if bounds:
        limits = ("eq", "approx", "gt", "ge", "lt", "le")
        found.append(column("__comparator", "text", ": so sánh", ": bound", enum=limits))
    if marks:
        found.append(
            column("__conflict", "boolean", ": các bài mâu thuẫn", ": reports contradict each other")
        )
    return Group(name=name, ratio=ratio, ranges=ranges, bounds=bounds, marks=marks, columns=tuple(found))


def _name(form: Form) -> str:
    indicator, kind, unit, measure, negated, base, among = form
    if among:
        what = f"rank_{among}" if among.startswith("unstated") else f"rank_of_{_ascii(among)}"
    elif kind == "percent" and unit == "%":
        what = "percent"
    else:
        what = "_".join(filter(None, [kind, _ascii(unit)]))
    parts = [indicator, what + ("_change" if measure == "difference" else "") + ("_not" * (negated == "1"))]
    if base:
        parts.append(f"vs_{_ascii(base)[:_LONGEST_BASE].rstrip('_')}")
    return "__".join(parts)


def _meaning(form: Form) -> tuple[str, str]:
    indicator, kind, unit, measure, negated, base, among = form
    entry = indicators().get(indicator, {})
    told = [kind, unit, "change" * (measure == "difference"), "those that are not" * (negated == "1")]
    told += [f"relative to “{base}”" * bool(base), f"out of {among}" * bool(among)]
    detail = ", ".join(filter(None, told))
    return (
        f"{entry.get('name_vi', indicator)} ({detail})",
        f"{entry.get('name_en', indicator)} ({detail})",
    )


def _ascii(words: str) -> str:
    return _OTHER.sub("_", words.replace("%", " percent ")).strip("_")
