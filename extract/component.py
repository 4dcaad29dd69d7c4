"""The extraction steps as a spaCy pipeline component, `nlp.add_pipe("chiso_figures")`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from extract import pipeline
from extract.tokenizer import SyllableTokenizer
from store.records import Article, Figure

SPANS_KEY = "figures"

Doc.set_extension("site_province", default=None, force=True)
Doc.set_extension("published", default=None, force=True)
Doc.set_extension("figures", default=(), force=True)


def vietnamese() -> Language:
    """Return an empty spaCy pipeline for Vietnamese whose tokens are syllables, numbers and signs.

    It stands in for `spacy.blank("vi")`, which needs pyvi and cuts inside numbers.
    """
    nlp = Language()
    nlp.tokenizer = SyllableTokenizer(nlp.vocab)
    return nlp


@Language.factory(  # type: ignore[untyped-decorator]
    "chiso_figures",
    default_config={"site_province": None, "published": None, "use_words": True},
    assigns=["doc.spans", "doc._.figures"],
)
def make_figures_component(
    nlp: Language,  # noqa: ARG001 - spaCy hands these two to every factory
    name: str,  # noqa: ARG001
    *,
    site_province: str | None,
    published: str | None,
    use_words: bool,
) -> FiguresComponent:
    """Return the component; `doc._.site_province` and `doc._.published` go before its settings."""
    return FiguresComponent(site_province, published, use_words=use_words)


class FiguresComponent:
    """Fills `doc.spans["figures"]`, labelled by kind, and `doc._.figures` with their records."""

    def __init__(self, site_province: str | None, published: str | None, *, use_words: bool) -> None:
        self.site_province = site_province
        self.published = published
        self.use_words = use_words

    def __call__(self, doc: Doc) -> Doc:
        found = self.predict(doc)
        spans = [doc.char_span(f.start, f.end, label=f.kind, alignment_mode="expand") for f in found]
        doc.spans[SPANS_KEY] = spans
        doc._.figures = tuple(found)
        return doc

    def predict(self, doc: Doc) -> list[Figure]:
        """Return the figures of the document's text; the document itself stays as it is."""
        article = Article(
            id="doc",
            url="",
            title="",
            text=doc.text,
            site_province=doc._.site_province or self.site_province,
            published=doc._.published or self.published,
        )
        return pipeline.extract(article, nlp=self.use_words)
