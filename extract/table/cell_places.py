"""Whose a table figure is: the place in the heading of its row or column or over the table; the locality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from extract.analysis import Link, Mention, Quantity
from extract.place import gazetteer, provinces
from extract.place.scene import Scene
from extract.table.headings import NUMBERING, begins_with, is_in, read_heading
from extract.table.sheets import Entry, Sheet
from extract.text import fold
from store.records import Cell

_STATED, _OVER_TABLE, _FRAME = 0.9, 0.85, 0.8
_NO_LOCALITY = Link(None, 0.6, ("locality:none",))
_NOWHERE = ("region", "foreign")


@dataclass(frozen=True, slots=True)
class Named:
    """What a heading names: a place, a locality, or what lies in no province (`nowhere`)."""

    place: str | None = None
    locality: str | None = None
    nowhere: bool = False
    whole: bool = True  # the heading says nothing else


@dataclass(frozen=True, slots=True)
class Setting:
    """Where the figures of one table can lie, as far as they share it."""

    scene: Scene
    captions: tuple[str, ...]  # lines over the table, the nearest first
    of_provinces: bool  # its rows are provinces
    of_localities: bool  # its rows are places or bodies, by what stands over their names
    provinces_of_all: int | None = None  # 63 or 34 where its rows are all of them


def setting(sheet: Sheet, captions: Sequence[str], scene: Scene) -> Setting:
    """Return where the figures of `sheet` can lie."""
    labels = [label for label in map(plain_label, sheet.labels) if not is_in(label, "total")]
    resolved = [name for label in labels if (name := provinces.resolve(label)) is not None]
    return Setting(
        scene,
        tuple(captions),
        of_provinces=len(resolved) >= 2 and 2 * len(resolved) >= len(labels),
        of_localities=begins_with(sheet.label_heading, "locality_column"),
        provinces_of_all=_size_of_all(frozenset(resolved) - {provinces.COUNTRY}),
    )


def _size_of_all(names: frozenset[str]) -> int | None:
    """Return 63 or 34 where the names are those of all provinces before or since the merger."""
    return next((len(every) for every in _all_provinces() if names == every), None)


@cache
def _all_provinces() -> tuple[frozenset[str], ...]:
    units = provinces.units().values()
    return tuple(frozenset(unit.name for unit in units if unit.list == size) for size in (63, 34))


def plain_label(written: str) -> str:
    """Return a heading without its numbering, bullets and the marks at its end."""
    text = " ".join(fold(written).split())
    match = NUMBERING.match(text)
    return text[match.end() if match else 0 :].strip(" .,:;-*")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a figure lies, and the headings that say so."""

    place: Link
    locality: Link
    headings: frozenset[str] = frozenset()


def place_of(entry: Entry, where: Setting) -> Placed:
    """Return the place of a figure and its locality, by its headings, the table's, or the article."""
    locality = _NO_LOCALITY
    read: list[str] = []
    for rule, cells in (("row", entry.row), ("column", entry.column)):
        for cell in reversed(cells):
            is_label = rule == "row" and cell is cells[-1] and where.of_localities
            named = _named(cell, where, is_label=is_label)
            if named is None:
                continue
            if named.whole:
                read.append(cell.text)
            if named.locality is not None and locality.value is None:
                locality = Link(named.locality, _STATED, (f"locality:{rule}_heading",), _span(cell))
            if named.place is not None or named.nowhere:
                place = Link(named.place, _STATED, (f"place:{rule}_heading",), _span(cell))
                return Placed(place, locality, frozenset(read))
    return Placed(*_over_table(where, locality), frozenset(read))


def ranked_among(quantity: Quantity, where: Setting, placed: Placed) -> Quantity:
    """Return the rank of a province among all where the table has a row for each; others as they are."""
    if quantity.kind != "rank" or quantity.measure != "level" or quantity.denominator is not None:
        return quantity
    if where.provinces_of_all is None or placed.place.value in (None, provinces.COUNTRY):
        return quantity
    whole = Decimal(where.provinces_of_all)
    return replace(quantity, denominator=whole, rules=(*quantity.rules, "cell_rank_of_all_rows"))


def _over_table(where: Setting, locality: Link) -> tuple[Link, Link]:
    """Return the place that the lines over the table name, else whose the article is."""
    if where.of_provinces and locality.value is None:
        return Link(None, _FRAME, ("place:all_rows",)), locality
    for caption in where.captions:
        for mention in gazetteer.find(fold(caption)):
            if mention.label == "locality" and locality.value is None:
                locality = Link(mention.name, _OVER_TABLE, ("locality:caption",))
            if mention.role == "oblique":
                continue
            if mention.label == "province":
                return Link(where.scene.current(mention.name), _OVER_TABLE, ("place:caption",)), locality
            if mention.label == "country":
                return Link(provinces.COUNTRY, _OVER_TABLE, ("place:caption",)), locality
    home = _home_of(locality.value, where.scene) if locality.value else None
    if home is not None:
        return Link(home, _OVER_TABLE, ("place:of_locality",)), locality
    return Link(where.scene.article_place, _FRAME, ("place:frame",)), locality


def _named(cell: Cell, where: Setting, *, is_label: bool) -> Named | None:
    """Return what a heading names; None when it names no place."""
    label = plain_label(cell.text)
    if not label or is_in(label, "total") or read_heading(cell.text).times:
        return None
    resolved = provinces.resolve(label)
    if resolved == provinces.COUNTRY:
        return Named(place=resolved)
    mentions = _mentions(label)
    whole = next((m for m in mentions if m.start <= 1 and m.end >= len(label) - 1), None)
    if resolved is not None and (
        where.of_provinces or (whole and whole.label == "province" and not is_label)
    ):
        return _province(resolved, label, where.scene)
    if whole is not None and whole.label in _NOWHERE:
        return Named(nowhere=True)
    if whole is not None and whole.label in ("own_province", "own_locality"):
        return None
    if is_label:
        explicit = (
            whole is not None and whole.label == "province" and label.lower().startswith(("tỉnh", "tp"))
        )
        return _province(resolved, label, where.scene) if resolved and explicit else Named(locality=label)
    if _home_of(label, where.scene) is not None:
        return Named(locality=label)
    return _in_words(mentions, where.scene)


def _province(name: str, label: str, scene: Scene) -> Named:
    """Return a province as its article calls it; one that was merged keeps its old name as the locality."""
    current = scene.current(name)
    return Named(place=current, locality=label if current != name else None)


def _in_words(mentions: Sequence[Mention], scene: Scene) -> Named | None:
    """Return what the first mention inside a longer heading says ("Thu ngân sách huyện Trà Bồng")."""
    for mention in mentions:
        if mention.role == "oblique":
            continue
        if mention.label in ("locality", "agency"):
            return Named(locality=mention.name, whole=False)
        if mention.label == "province":
            return Named(place=scene.current(mention.name), whole=False)
        if mention.label == "country":
            return Named(place=provinces.COUNTRY, whole=False)
    return None


def _home_of(locality: str, scene: Scene) -> str | None:
    """Return the province of a district of that name; the article's own where several have one."""
    found = gazetteer.province_of(locality)
    return None if found is None else scene.current(found)


@lru_cache(maxsize=4096)
def _mentions(label: str) -> tuple[Mention, ...]:
    return tuple(gazetteer.find(label))


def without_places(words: str) -> str:
    """Return the words of a heading without the provinces and localities that they name."""
    for mention in reversed(_mentions(words)):
        if mention.label in ("province", "country", "own_province", "locality"):
            before = words[: mention.start].rstrip()
            for preposition in ("tỉnh", "thành phố", "TP", "của", "tại", "ở", "trên địa bàn"):
                if (
                    before.lower().endswith(f" {preposition}".lower())
                    or before.lower() == preposition.lower()
                ):
                    before = before[: len(before) - len(preposition)].rstrip()
            words = f"{before} {words[mention.end :].lstrip()}".strip()
    return words


def _span(cell: Cell) -> tuple[int, int] | None:
    return (cell.start, cell.end) if cell.start >= 0 else None
