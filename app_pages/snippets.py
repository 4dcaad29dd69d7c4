"""How programs of the trade read the data from an address; ADDRESS stands for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snippet:
    """Lines to copy; `text` is "" where the words are in data/labels.toml, because they name menus."""

    language: str | None
    text: str = ""


SNIPPETS = {
    "R": Snippet(
        "r",
        """library(readr)
figures <- read_csv("ADDRESS", col_types = cols(.default = "c"))
figures$value <- as.numeric(figures$value)""",
    ),
    "pandas": Snippet(
        "python",
        """import pandas as pd

figures = pd.read_csv(
    "ADDRESS",
    dtype={"record_id": str, "place_id": str, "indicator_id": str},
)""",
    ),
    "Stata": Snippet(
        None,
        """import delimited using "ADDRESS", varnames(1) encoding("utf-8") ///
    bindquote(strict) clear""",
    ),
    "Excel": Snippet(None),
    "curl": Snippet("bash", 'curl --fail --location --remote-header-name --remote-name "ADDRESS"'),
}
