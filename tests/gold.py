"""The annotated real articles beside the project, where they are present."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from types import ModuleType

from extract import exchange, pipeline

GOLD = Path(__file__).resolve().parents[2] / "shared" / "gold"


@cache
def scorer() -> ModuleType:
    """Return the scoring program of the gold set as a module."""
    spec = importlib.util.spec_from_file_location("gold_score", GOLD / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def score(name: str, *, nlp: bool = True) -> dict[str, float]:
    """Return the measures of one gold file, extracted afresh."""
    path = GOLD / f"{name}.jsonl"
    found = {
        article.id: [exchange.as_json(figure) for figure in pipeline.extract(article, nlp=nlp)]
        for article in exchange.read_documents(path)
    }
    return scorer().score(scorer().load(path), found)[0]
