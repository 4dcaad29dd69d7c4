"""How programs of the trade read the data from an address; ADDRESS stands for it."""

from __future__ import annotations

EXCEL = "Excel"  # its steps name menus: the words are in data/labels.toml

SNIPPETS = {
    "R": """library(readr)
figures <- read_csv("ADDRESS", col_types = cols(.default = "c"))
figures$value <- as.numeric(figures$value)""",
    "pandas": """import pandas as pd

figures = pd.read_csv(
    "ADDRESS",
    dtype={"record_id": str, "place_id": str, "indicator_id": str},
)""",
    "Stata": """import delimited using "ADDRESS", varnames(1) encoding("utf-8") ///
    bindquote(strict) clear""",
    EXCEL: "",
    "curl": 'curl --fail --location --remote-header-name --remote-name "ADDRESS"',
}
