"""Step 6b: canonical indicators, where a phrase clearly names one."""

from __future__ import annotations

from extract.analysis import Quantity


def indicator_id(phrase: str, quantity: Quantity) -> str | None:
    """Return the key in data/indicators.toml that the phrase names; None when none clearly fits."""
    del phrase, quantity
    return None
