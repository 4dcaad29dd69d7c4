"""`python -m extract.train`: trains the choosers on annotated texts and writes data/models.

The texts are real articles, beside the project, and invented ones, in data/passages. The invented ones teach
which words and which time belong to a figure. Whose a figure is depends on what papers are about, and
confidence on how often the program errs on them: those two are learnt from the real ones alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import click

from extract import confidence, confidence_training, exchange, linear, sentences
from extract.analysis import Analysis
from extract.annotation import Annotated
from extract.phrase import chooser, indicator_training
from extract.place import gazetteer, places_model
from extract.quantity import guards, quantities
from extract.time import periods_model, times

TAUGHT = ("seeds.jsonl", "train.jsonl")  # dev.jsonl is only measured on
INVENTED = Path(__file__).resolve().parents[1] / "data" / "passages"

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
    """Train every chooser; the same texts give the same files. Example: python -m extract.train"""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    invented = sorted(INVENTED.glob("*.jsonl"))
    paths = [*(gold / name for name in TAUGHT), *invented]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:16]
    documents = [document for path in paths for document in read(path, invented=path in invented)]
    real = [document for document in documents if not document.invented]
    indicators = indicator_training.train(documents)
    chooser.save(chooser.MODEL_FILE, indicators.vocabulary, indicators.passes, trained_on=digest)
    logger.info("%s: %d words", chooser.MODEL_FILE.name, len(indicators.vocabulary))
    for model, taught in ((periods_model, documents), (places_model, real)):
        weights = model.train(taught)
        model.save(weights, trained_on=digest)
        logger.info("%s: %d weights", model.PATH.name, len(weights))
    folds = [[(documents[number], links) for number, links in fold] for fold in indicators.folds]
    weights = confidence_training.train(folds)
    linear.save(confidence.MODEL_FILE, weights, feature_version=confidence.FEATURE_VERSION, trained_on=digest)
    logger.info("%s: %d weights", confidence.MODEL_FILE.name, len(weights))


def read(path: Path, *, invented: bool) -> Iterator[Annotated]:
    """Yield the annotated texts of a file as the gazetteer leaves them."""
    lines = path.read_text(encoding="utf-8").splitlines()
    figures = {document["id"]: document["figures"] for document in map(json.loads, lines)}
    for article in exchange.read_documents(path):
        analysis = Analysis(article=article, text=article.text)
        for step in (sentences.segment, times.find, guards.guard, quantities.read, gazetteer.mark):
            analysis = step(analysis)
        yield Annotated(analysis, figures[article.id], invented)


if __name__ == "__main__":
    main()
