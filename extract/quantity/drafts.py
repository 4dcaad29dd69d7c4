"""A quantity in the making: what its neighbours need to know of it beyond the quantity itself."""

from __future__ import annotations

from typing import NamedTuple

from extract.analysis import Quantity


class Draft(NamedTuple):
    """A quantity with the magnitude it was read with, and whether words beside it gave its unit."""

    quantity: Quantity
    magnitude: int
    found_unit: bool
    sign: int
