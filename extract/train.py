"""`python -m extract.train`: trains the choosers on the annotated articles and writes data/models."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import click

from extract import confidence, confidence_training, exchange, linear, sentences
from extract.analysis import Analysis
from extract.phrase import chooser, indicator_training
from extract.place import gazetteer, places_model
from extract.quantity import guards, quantities
from extract.time import periods_model, times

TRAINED_ON = ("seeds.jsonl", "train.jsonl")  # dev.jsonl is only measured on

Documents = list[tuple[Analysis, list[dict[str, Any]]]]

logger = logging.getLogger(__name__)


@click.command()
@click.option(
    "--gold",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("../shared/gold"),
    show_default=True,
    help="Directory of the annotated articles.",
)
def main(gold: Path) -> None:
    """Train every chooser; the same articles give the same files. Example: python -m extract.train"""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    documents, digest = read(gold)
    analyses, figures = zip(*documents, strict=True)
    indicators = indicator_training.train(analyses, figures)
    chooser.save(chooser.MODEL_FILE, indicators.vocabulary, indicators.passes, trained_on=digest)
    logger.info("%s: %d words", chooser.MODEL_FILE.name, len(indicators.vocabulary))
    for model in (periods_model, places_model):
        weights = model.train(analyses, figures)
        model.save(weights, trained_on=digest)
        logger.info("%s: %d weights", model.PATH.name, len(weights))
    folds = [[(*documents[number], links) for number, links in fold] for fold in indicators.folds]
    weights = confidence_training.train(folds)
    linear.save(confidence.MODEL_FILE, weights, feature_version=confidence.FEATURE_VERSION, trained_on=digest)
    logger.info("%s: %d weights", confidence.MODEL_FILE.name, len(weights))


def read(gold: Path) -> tuple[Documents, str]:
    """Return the training articles as the gazetteer leaves them, their figures, and a digest of the files."""
    found: Documents = []
    digest = hashlib.sha256()
    for name in TRAINED_ON:
        path = gold / name
        digest.update(path.read_bytes())
        lines = path.read_text(encoding="utf-8").splitlines()
        annotated = {document["id"]: document["figures"] for document in map(json.loads, lines)}
        for article in exchange.read_documents(path):
            analysis = Analysis(article=article, text=article.text)
            for step in (sentences.segment, times.find, guards.guard, quantities.read, gazetteer.mark):
                analysis = step(analysis)
            found.append((analysis, annotated[article.id]))
    return found, digest.hexdigest()[:16]


if __name__ == "__main__":
    main()
