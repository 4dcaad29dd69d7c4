"""How to cite a release: as text, BibTeX and Citation File Format.

The day of access is left to whoever cites: the same data give the same files on any day.
"""

from __future__ import annotations

import json

from store.release.edition import TITLE, Choice, Edition, suffix

_PROGRAM = "Chỉ số"


def citation(edition: Edition, choice: Choice) -> str:
    """Return one sentence that names the data, the state they are in and what was chosen of them."""
    return f"{_PROGRAM} ({_year(edition)}). {_title(choice)} [data set], release {edition.version}."


def bibtex(edition: Edition, choice: Choice) -> str:
    """Return a BibTeX entry; its key tells the release."""
    digits = edition.version.partition("+")[2]
    fields = {
        "author": f"{{{_PROGRAM}}}",
        "title": f"{{{_title(choice)}}}",
        "year": _year(edition),
        "version": edition.version,
        "note": "Data set; cite the articles of single figures, too",
    }
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{chiso_{digits}{suffix(choice.filters).replace('-', '_')},\n{told}}}\n"


def cff(edition: Edition, choice: Choice) -> str:
    """Return a CITATION.cff, version 1.2.0, of a data set. Its values are JSON strings, which YAML reads."""
    fields = {
        "cff-version": "1.2.0",
        "message": "If you use these data, cite them as below, and the article of each single figure.",
        "type": "dataset",
        "title": _title(choice),
        "version": edition.version,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in fields.items()]
    if edition.built_at:
        lines.append(f"date-released: {edition.built_at[:10]}")
    return "\n".join([*lines, "authors:", f"  - name: {json.dumps(_PROGRAM, ensure_ascii=False)}"]) + "\n"


def _title(choice: Choice) -> str:
    parts = [suffix(choice.filters).lstrip("-"), "harmonised to the 34 provinces" if choice.harmonise else ""]
    told = "; ".join(part for part in parts if part)
    return f"{TITLE} ({told})" if told else TITLE


def _year(edition: Edition) -> str:
    return edition.built_at[:4] if edition.built_at else "n.d."
