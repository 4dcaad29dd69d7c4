"""Names of the indicators of the catalogue."""

from __future__ import annotations

from store.indicators import indicators


def indicator_text(indicator_id: str, lang: str) -> str:
    """Return the name of an indicator in a language, its id when the catalogue does not know it.

    A key that is no id, "~" and a phrase, gives the phrase.
    """
    return indicators().get(indicator_id, {}).get(f"name_{lang}", indicator_id.removeprefix("~"))
