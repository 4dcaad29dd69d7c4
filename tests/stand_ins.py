"""Stand-ins for the cleaner and the extractor: small modules make for workers that start soon."""

from __future__ import annotations

import dataclasses
import os
import time
from decimal import Decimal
from functools import partial
from typing import Any

from store.deriving import Versions, derive_page
from store.records import Article, Figure, Page, Source
from tests.store_samples import figure


class RefusalError(Exception):
    """What the stand-in cleaner raises for a page without an article."""


def clean(page: Page, source: Source | None) -> Article:
    text = page.body.decode()
    if "captcha" in text:
        raise RefusalError("a captcha page")
    if "hang" in text:
        time.sleep(600)
    if "crash" in text:
        os._exit(3)
    if "killed" in text:
        os.kill(os.getpid(), 9)
    return Article(
        id=page.id,
        url=page.url,
        title="Tin",
        text=f"Tin\n{text}\nHết." if "surrogate" not in text else "\ud800",
        source=page.source,
        site_province=source.province if source else None,
        published=page.fetched_at[:10],
        cleaner_version="c1",
    )


def extract(article: Article, *, version: str) -> list[Figure]:
    number = article.text.split("\n")[1].split(" ")[0] if "\n" in article.text else ""
    if not number.isdigit():
        raise ValueError(f"no number in {article.title}")
    told = {"value": Decimal(number), "denominator": None, "kind": "count", "extractor_version": version}
    return [figure(number, of=article, **told)]


def load(version: str = "e1") -> tuple[Any, Versions]:
    work = partial(derive_page, clean=clean, extract=partial(extract, version=version), refusal=RefusalError)
    return work, Versions(cleaner_version="c1", extractor_version=version)


def load_newer() -> tuple[Any, Versions]:
    return load("e2")


def load_other() -> tuple[Any, Versions]:
    work, versions = load("e2")
    return lambda *job: _doubled(work(*job)), versions


def _doubled(outcome: Any) -> Any:
    doubled = tuple(dataclasses.replace(one, value=one.value * 2) for one in outcome.figures)
    return dataclasses.replace(outcome, figures=doubled)


def load_nothing() -> tuple[Any, Versions]:
    raise ImportError("no model here")


def die_loading() -> tuple[Any, Versions]:
    os._exit(4)
