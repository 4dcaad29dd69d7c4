"""A quantity in the making: what its neighbours need to know of it beyond the quantity itself."""

from __future__ import annotations

from dataclasses import dataclass

from extract.analysis import Quantity


@dataclass(frozen=True, slots=True)
class Draft:
    """A quantity with the magnitude it was read with, and whether words beside it gave its unit."""

    quantity: Quantity
    magnitude: int
    found_unit: bool
    sign: int
