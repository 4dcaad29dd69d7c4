"""Names of places that stay apart where the 63 old and the 34 new provinces share one."""

from __future__ import annotations

from functools import cache

from app_pages.labels import label
from extract.place.provinces import COUNTRY_ID, Unit, units


def place_text(place_id: str | None, lang: str, *, name: str | None = None, short: bool = False) -> str:
    """Return the place's name, told apart from its namesake: "Quảng Ngãi (34, gồm Kon Tum)", "Kon Tum".

    A place without an id keeps the `name` that the article gives; without either, the text says so.
    `short` leaves out what a new province includes.
    """
    if place_id == COUNTRY_ID:
        return label(lang, "place.VN")
    unit = units().get(place_id or "")
    if unit is None:
        return name or place_id or label(lang, "place.none")
    if unit.name not in _shared_names():
        return unit.name
    if unit.list == 63:
        return label(lang, "place.old", name=unit.name)
    others = [] if short else _absorbed(unit)
    return label(lang, "place.new_with" if others else "place.new", name=unit.name, others=", ".join(others))


def place_option(place_id: str, lang: str) -> str:
    """Return the place's name with its plain spelling, so that typing "dak lak" finds "Đắk Lắk"."""
    text = place_text(place_id, lang)
    unit = units().get(place_id)
    plain = unit.ascii if unit else "Viet Nam"
    return text if plain in text else f"{text} · {plain}"


@cache
def _shared_names() -> frozenset[str]:
    old = {unit.name for unit in units().values() if unit.list == 63}
    return frozenset(old & {unit.name for unit in units().values() if unit.list == 34})


def _absorbed(unit: Unit) -> list[str]:
    """Return the names of the other old provinces that a new one includes."""
    merged = [old.name for old in units().values() if old.merged_into == unit.id]
    return [name for name in merged if name != unit.name]
