"""A spaCy tokenizer for Vietnamese: one token per syllable, number or sign, nothing lost, nothing rewritten.

`spacy.blank("vi")` needs pyvi and cuts inside numbers; this one keeps `1.234,5` and `78.000/119.000` whole,
and the text of its Doc is the text that came in, to the character.
"""

from __future__ import annotations

from spacy.tokens import Doc
from spacy.util import DummyTokenizer
from spacy.vocab import Vocab

from extract.text import TOKEN


class SyllableTokenizer(DummyTokenizer):  # type: ignore[misc]  # spaCy is not typed
    """Callable that turns a text into a Doc; usable as `nlp.tokenizer`."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the Doc of `text`; `doc.text == text`, so that `token.idx` is an offset into it."""
        words: list[str] = []
        spaces: list[bool] = []
        for match in TOKEN.finditer(text):
            piece = match[0]
            if piece == " " and spaces and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(piece)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)
