"""The syllable tokenizer loses no character and keeps numbers whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language
from spacy.vocab import Vocab

from extract.tokenizer import SyllableTokenizer

TOKENIZER = SyllableTokenizer(Vocab())


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            "Đạt 78.000/119.000 hồ sơ (65,1%).",
            ["Đạt", "78.000/119.000", "hồ", "sơ", "(", "65,1", "%", ")", "."],
        ),
        ("TP.HCM, 3/12/2024", ["TP", ".", "HCM", ",", "3/12/2024"]),
        ("xã  Ea\u00a0Kly\n", ["xã", " ", "Ea", "\u00a0", "Kly", "\n"]),
        ("LĐ-TB&XH", ["LĐ", "-", "TB", "&", "XH"]),
        ("40ha", ["40", "ha"]),
        ("", []),
    ],
)
def test_tokens(text, tokens):
    assert [token.text for token in TOKENIZER(text)] == tokens


@given(st.text(alphabet=st.sampled_from("aĐế ô19.,/% \n\t\u00a0\u0301(x)")))
def test_offsets_are_exact(text):
    doc = TOKENIZER(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_serves_a_spacy_pipeline():
    nlp = Language()
    nlp.tokenizer = SyllableTokenizer(nlp.vocab)
    assert [doc.text for doc in nlp.pipe(["Hà Nội", "Huế 1,5%"])] == ["Hà Nội", "Huế 1,5%"]
