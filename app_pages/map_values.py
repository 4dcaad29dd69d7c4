"""What the map and the ranking show: a value, "no data" or "not comparable" for each province of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app_pages import data
from app_pages.address import HARMONISED
from app_pages.compare_chart import full_value, when_text
from app_pages.labels import label
from app_pages.places import place_text
from app_pages.selection import Selection, is_rank
from store.indicators import indicators
from store.places import places

LATEST = "latest"
REGIMES = ("63", "34", HARMONISED)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of one province. `level` is None where it has no colour: `state` then tells why."""

    place_id: str
    name: str
    level: float | None
    value: str  # in words; "no data", or why nothing can be compared
    when: str
    state: str  # value, missing, incomparable
    row: Row | None


@dataclass(frozen=True, slots=True)
class MapRequest:
    """What to draw of a selection."""

    selection: Selection
    regime: str  # 63, 34, h34
    slot: str  # a period's code, or "latest"
    status: str

    @property
    def list(self) -> str:
        """The list of provinces whose grid is drawn."""
        return "63" if self.regime == "63" else "34"


def told(request: MapRequest, lang: str) -> list[Told]:
    """Return what is known of every province of the list, in the order of the list."""
    by_place = {row["place_id"]: row for row in rows_of(request)}
    return [
        _told(place.id, by_place.get(place.id), request, lang)
        for place in places().values()
        if place.unit_regime == request.list
    ]


def rows_of(request: MapRequest) -> Sequence[Row]:
    """Return the newest value of each province of the list."""
    form = request.selection.form
    if form is None:
        return []
    slot = None if request.slot == LATEST else request.slot
    asked = (request.selection.indicator, form.code, request.selection.span, slot, request.status)
    if request.regime == HARMONISED:
        return data.harmonised_values(*asked)
    rows = data.newest_values(*asked)
    return [row for row in rows if places()[row["place_id"]].unit_regime == request.regime]


def ranked(found: Sequence[Told], selection: Selection) -> list[Told]:
    """Return those with a value, the best first: by rank, by the indicator's direction, else the highest."""
    known = [one for one in found if one.level is not None]
    lowest_first = is_rank(selection) or indicators().get(selection.indicator, {}).get("direction") == "down"
    return sorted(known, key=lambda one: ((one.level or 0) * (1 if lowest_first else -1), one.name))


def _told(place_id: str, row: Row | None, request: MapRequest, lang: str) -> Told:
    form, name = request.selection.form, place_text(place_id, lang, short=True)
    if row is None or form is None:
        return Told(place_id, name, None, label(lang, "overview.no_data"), "–", "missing", None)
    when = when_text(row, lang)
    if row.get("comparable", True) and row["level"] is not None:
        return Told(place_id, name, row["level"], full_value(row, form, lang), when, "value", row)
    reason = label(lang, f"reason.{row['reason']}") if row.get("reason") else label(lang, "chart.no_level")
    if row["value"] is not None:
        reason = f"{full_value(row, form, lang)} ({reason})"
    return Told(place_id, name, None, reason, when, "incomparable", row)


def full_words(words: str, request: MapRequest, lang: str) -> str:
    """Return what a chart shows with the list of provinces and whether these are targets."""
    return f"{words}, {label(lang, f'map.reg_{request.regime}')}, {label(lang, f'status.{request.status}')}"


def asked_of(request: MapRequest, view: str, chosen: str | None) -> dict[str, str | None]:
    """Return the parameters of what is shown, also of what the page chose."""
    selection = request.selection
    shown = {"ind": selection.indicator, "form": selection.form.code if selection.form else None}
    shown |= {"per": selection.span, "reg": request.regime, "st": request.status, "v": view, "p": chosen}
    return shown | {"period": request.slot if view == "map" else None}
