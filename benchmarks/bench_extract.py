"""What extraction costs and what it is worth: `make bench-extract`.

Prints, in one run: articles per second and core of cleaning, of every extraction step and of the whole chain,
each as a ratio to `trafilatura.extract` on the same pages, in rounds that alternate between them; where the
annotated articles are present, scores with and without word segmentation and how far a confidence can be
believed. The pages are the sample site's, light and full of figures, and pages as heavy as a real paper's
(benchmarks/heavy_pages.py) around annotated articles. Texts of 100 kB follow: the articles in one, in one
paragraph, and texts made to be slow. ARGS="--articles FOLDER" puts text files of your own on heavy pages:
annotated articles hold three times as many figures as those of an ordinary day.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import regex
import trafilatura

from benchmarks.heavy_pages import heavy_page
from crawler import sample_site
from extract import exchange, pipeline
from extract.analysis import Analysis
from extract.clean import clean
from store.records import Article, Page, Source
from store.sources import load_sources
from tests import gold
from tests.test_offsets import HOSTILE

ROUNDS = 9
YARDSTICK, WITHOUT_NLP, WITH_NLP = "trafilatura.extract", "extract without nlp", "extract with nlp"
LONG = 100_000  # characters of a long text
NEW_SENTENCE = regex.compile(r"(?<=[.!?…] )(?=\p{Lu})")
PARAGRAPH = 250  # characters of a paragraph where an annotated article has lost its own
MEASURES = (
    *("record_f1", "detection_f1", "value", "kind", "comparator", "unit", "measure", "status", "negated"),
    *("place", "period", "period_stated", "indicator"),
)
Pages = list[tuple[Page, Source | None]]
BANDS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.01)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=Path, help="folder of text files to measure on, too")
    folder: Path | None = parser.parse_args().articles
    pages = sample_pages()
    light = [clean(page, source) for page, source in pages]
    print_pages("pages of the sample site", pages, light)
    articles = annotated_articles("seeds", "dev") or light
    for article in annotated_articles("train"):
        pipeline.extract(article)  # as in the middle of a long run: common words and phrases are known
    print_pages("pages as heavy as real ones", heavy_pages(articles), articles)
    if folder is not None:
        own = text_files(folder)
        print_pages(f"the articles of {folder}, on such pages", heavy_pages(own), own)
    print_long([article.text for article in articles])
    if gold.GOLD.is_dir():
        print_scores()
        print_reliability()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process: {peak:.0f} MB")


def sample_pages() -> Pages:
    """Return the article pages of the sample site with their sources, made without a socket."""
    site = sample_site.load_site()
    sources = load_sources()
    found: Pages = []
    for paper in site.papers:
        source = sources[f"sample-{paper.fields['layout']}"]
        for article in paper.articles:
            answer = sample_site.render(
                site, article["path"], origin="http://127.0.0.1:1", now=article["published"]
            )
            found.append((page_of(source.id, article["path"], answer.body), source))
    return found


def annotated_articles(*names: str) -> list[Article]:
    """Return the annotated articles of some files; [] where they are not present."""
    if not gold.GOLD.is_dir():
        return []
    return [article for name in names for article in exchange.read_documents(gold.GOLD / f"{name}.jsonl")]


def text_files(folder: Path) -> list[Article]:
    """Return the text files of a folder as articles."""
    return [
        Article(id=path.stem, url="", title="", text=path.read_text("utf-8"))
        for path in sorted(folder.glob("*.txt"))
    ]


def heavy_pages(articles: Iterable[Article]) -> Pages:
    return [(heavy_page_of(article, number), None) for number, article in enumerate(articles)]


def heavy_page_of(article: Article, number: int) -> Page:
    """Return a page as heavy as a real one with the article."""
    lines = [line.strip() for line in article.text.splitlines() if line.strip()]
    title = article.title or lines[0][:100]
    body = list(paragraphs(line for line in lines if line != title))
    return page_of("heavy", f"/{number}.html", heavy_page(title, body, number).encode())


def paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines, those of many sentences as several."""
    for line in lines:
        said = ""
        for sentence in NEW_SENTENCE.split(line):
            said += sentence
            if len(said) >= PARAGRAPH:
                yield said.strip()
                said = ""
        if said.strip():
            yield said.strip()


def page_of(source: str, path: str, body: bytes) -> Page:
    return Page(
        id=path,
        url=f"http://127.0.0.1{path}",
        fetched_url=f"http://127.0.0.1{path}",
        source=source,
        fetched_at="2026-11-01T00:00:00+00:00",
        status=200,
        content_type="text/html; charset=utf-8",
        body=body,
    )


def rounds_of(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each of some works, a number a round; all are done in turn in every round.

    What slows a busy machine down for a while then slows all of them, and their ratios hold.
    """
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            before = time.process_time()
            work()
            spent[name].append(time.process_time() - before)
    return spent


def print_pages(what: str, pages: Pages, articles: list[Article]) -> None:
    """Print what the pages weigh, how much of the articles trafilatura finds on them, and what steps cost."""
    chain = time_chain(pages, articles)
    steps = time_steps(articles)
    found = [words_found(page, article) for (page, _), article in zip(pages, articles, strict=True)]
    bytes_each = statistics.mean(len(page.body) for page, _ in pages)
    letters = statistics.mean(len(article.text) for article in articles)
    figures = statistics.mean(len(pipeline.extract(article, nlp=False)) for article in articles)
    print(
        f"\n{what}: {len(pages)} of {bytes_each / 1000:.0f} kB, an article of {letters:.0f} characters with "
        f"{figures:.0f} figures,\nof whose words trafilatura finds {statistics.mean(found):.0%}, "
        f"at least {min(found):.0%}"
    )
    print_times({name: min(spent) for name, spent in chain.items()} | steps, len(pages))
    print_ratios(chain)


def words_found(page: Page, article: Article) -> float:
    """Return the share of the article's words that trafilatura finds on the page."""
    found = set((trafilatura.extract(page.body) or "").split())
    words = article.text.split()
    return sum(word in found for word in words) / len(words)


def time_chain(pages: Pages, articles: list[Article]) -> dict[str, list[float]]:
    """Return CPU seconds by what was done to all pages or articles, a number a round.

    The first time is apart: later on, what is remembered of words and phrases holds all of these articles'.
    """
    extract: dict[str, Callable[[], object]] = {
        WITH_NLP: lambda: [pipeline.extract(article) for article in articles],
    }
    first = {f"{name}, first time": spent for name, spent in rounds_of(extract, 1).items()}
    works: dict[str, Callable[[], object]] = {
        YARDSTICK: lambda: [trafilatura.extract(page.body) for page, _ in pages],
        "clean": lambda: [clean(page, source) for page, source in pages],
        WITHOUT_NLP: lambda: [pipeline.extract(article, nlp=False) for article in articles],
    }
    rounds_of(works, 1)  # what is loaded or remembered once is not counted
    return rounds_of(works | extract, ROUNDS) | first


def time_steps(articles: list[Article]) -> dict[str, float]:
    """Return the least CPU seconds of each step over all articles, without nlp."""
    times: dict[str, float] = {}
    started = [Analysis(article=article, text=article.text, nlp=False) for article in articles]
    for step in pipeline.STEPS:
        name = f"  {step.__module__.rpartition('.')[2]}.{step.__name__}"
        work = {name: lambda step=step, started=started: [step(analysis) for analysis in started]}
        times[name] = min(rounds_of(work, ROUNDS)[name])
        started = [step(analysis) for analysis in started]
    return times


def print_ratios(chain: dict[str, list[float]]) -> None:
    """Print what extraction costs beside trafilatura, by the least of all rounds and from round to round."""
    yardstick = chain[YARDSTICK]
    for name in (WITHOUT_NLP, WITH_NLP):
        ratios = [mine / its for mine, its in zip(chain[name], yardstick, strict=True)]
        print(
            f"{name}: {min(chain[name]) / min(yardstick):.2f} times trafilatura "
            f"({len(ratios)} rounds in turn, from {min(ratios):.2f} to {max(ratios):.2f})"
        )


def print_times(times: dict[str, float], articles: int) -> None:
    yardstick = times[YARDSTICK]
    print(f"{'':34}{'ms/article':>12}{'articles/s':>12}{'of trafilatura':>16}   (one core; steps: no nlp)")
    for name, spent in times.items():
        print(f"{name:34}{1000 * spent / articles:12.2f}{articles / spent:12.0f}{spent / yardstick:15.2f}x")


def print_long(texts: list[str]) -> None:
    """Print the CPU seconds that texts of LONG characters take."""
    joined = "\n".join(texts)
    long = {
        "the articles in one text": joined,
        "… in one paragraph": joined.replace("\n", " "),
        "… in one sentence": joined.replace("\n", " ").replace(". ", ", "),
        **{f"hostile: {name}": text for name, text in HOSTILE.items()},
    }
    print(f"\n{'seconds per 100 kB':42}{'without nlp':>12}{'with nlp':>12}{'figures':>10}")
    for name, text in long.items():
        article = Article(id=name, url="", title="", text=(text * (LONG // len(text) + 1))[:LONG])
        spent = []
        for nlp in (False, True):
            before = time.process_time()
            count = len(pipeline.extract(article, nlp=nlp))
            spent.append(time.process_time() - before)
        print(f"{name:42}{spent[0]:12.2f}{spent[1]:12.2f}{count:10}")


def print_scores() -> None:
    names = ("seeds", "train", "dev")
    columns = {
        f"{name}{' no nlp' if not nlp else ''}": gold.score(name, nlp=nlp)
        for name in names
        for nlp in (True, False)
    }
    print("\n" + " " * 16 + "".join(f"{name:>15}" for name in columns))
    for measure in MEASURES:
        print(f"{measure:16}" + "".join(f"{column[measure]:15.3f}" for column in columns.values()))


def print_reliability() -> None:
    """Print, per band of confidence, how many figures there are and which share is wholly right."""
    print("\nconfidence     figures   right (dev)   figures   right (train, seen in training)")
    dev, train = list(judged("dev")), list(judged("train"))
    for low, high in pairwise(BANDS):
        cells = [band(pairs, low, high) for pairs in (dev, train)]
        print(
            f"{low:.1f} to {min(high, 1):.1f}  " + "".join(f"{count:10}{share:>13}" for count, share in cells)
        )


def band(pairs: Iterable[tuple[float, bool]], low: float, high: float) -> tuple[int, str]:
    right = [whole for confidence, whole in pairs if low <= confidence < high]
    return len(right), f"{sum(right) / len(right):.2f}" if right else "-"


def judged(name: str) -> Iterable[tuple[float, bool]]:
    """Yield confidence and whether all scored fields are right, for every figure found in a gold file."""
    module = gold.scorer()
    truth = module.load(gold.GOLD / f"{name}.jsonl")
    for article in exchange.read_documents(gold.GOLD / f"{name}.jsonl"):
        found = [exchange.as_json(figure) for figure in pipeline.extract(article)]
        pairs, _, extra = module.match(truth[article.id], found)
        yield from ((figure["confidence"], False) for figure in extra)
        yield from ((p["confidence"], right(module, g, p)) for g, p in pairs if not g.get("optional"))


def right(module: object, truth: dict, found: dict) -> bool:
    fields = ("value", "kind", "measure", "status", "negated", "place", "period")
    return module.overlap_f1(truth["indicator"], found["indicator"]) >= 0.5 and all(
        module.agrees(field, truth, found) for field in fields
    )


if __name__ == "__main__":
    main()
