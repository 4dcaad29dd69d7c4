"""What a worker process does: from a page to its article and figures. No database is opened or imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Any

from store.records import Article, Figure, Page
from store.ruleset import ruleset

LARGEST_PAGE = 64 * 2**20  # bytes; more than the crawler accepts, of attachments too
LONGEST_REASON = 500  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """Of the program parts that made an article and its figures."""

    cleaner_version: str
    extractor_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one page: an article and its figures, or the reason why there is none."""

    article: Article | None = None
    figures: tuple[Figure, ...] = ()
    stage: str = ""
    reason: str = ""


def derive_page(
    task: tuple[Any, ...],
    *,
    clean: Callable[..., Article],
    extract: Callable[[Article], Sequence[Figure]],
    refusal: type[Exception],
) -> Outcome:
    """Return the article and the figures of a page, or why there are none; runs in a worker process.

    A task is what `clean` is called with: a page, its source, and the page that links it where it is an
    attachment. `clean` raises `refusal` where a page is no article; whatever else goes wrong is told with
    its place.
    """
    page: Page | Outcome = task[0]
    if isinstance(page, Outcome):
        return page
    if len(page.body) > LARGEST_PAGE:
        return Outcome(stage="clean", reason=f"the page is larger than {LARGEST_PAGE} bytes")
    stage = "clean"
    try:
        article = clean(*task)
        stage = "extract"
        return Outcome(article=article, figures=tuple(extract(article)))
    except refusal as error:
        return Outcome(stage=stage, reason=str(error)[:LONGEST_REASON])
    except Exception as error:  # one page must not end the build
        place = extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return Outcome(stage=stage, reason=f"{type(error).__name__}: {error} ({where})"[:LONGEST_REASON])


def load_extraction() -> tuple[Callable[[Any], Outcome], Versions]:
    """Import the cleaner and the extractor; runs in a worker process."""
    from extract.clean import CLEANER_VERSION, clean
    from extract.errors import CleanError
    from extract.pipeline import EXTRACTOR_VERSION, extract

    work = partial(derive_page, clean=clean, extract=extract, refusal=CleanError)
    edition = f"{EXTRACTOR_VERSION}+{ruleset()}"  # an edited rule file is a reason to extract again
    return work, Versions(cleaner_version=CLEANER_VERSION, extractor_version=edition)
