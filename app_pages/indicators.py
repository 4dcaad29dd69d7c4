"""Names of the indicators of the catalogue."""

from __future__ import annotations

from store.indicators import indicators, themes
from store.search import fold


def indicator_text(indicator_id: str, lang: str) -> str:
    """Return the name of an indicator in a language, its id when the catalogue does not know it.

    A key that is no id, "~" and a phrase, gives the phrase.
    """
    return indicators().get(indicator_id, {}).get(f"name_{lang}", indicator_id.removeprefix("~"))


def indicator_option(indicator_id: str, lang: str) -> str:
    """Return an indicator's name with its plain spelling, so that typing without diacritics finds it."""
    text = indicator_text(indicator_id, lang)
    plain = fold(text)
    return text if plain == text.lower() else f"{text} · {plain}"


def theme_text(theme: str, lang: str) -> str:
    """Return the name of a theme in a language, its id when the catalogue does not know it."""
    return themes().get(theme, {}).get(f"name_{lang}", theme)


def themes_of(indicator_id: str) -> tuple[str, ...]:
    """Return the ids of an indicator's themes from the widest to its own; () when it has none."""
    found: list[str] = []
    theme = indicators().get(indicator_id, {}).get("theme")
    while theme and theme not in found:
        found.insert(0, theme)
        theme = themes().get(theme, {}).get("parent")
    return tuple(found)
