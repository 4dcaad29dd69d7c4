"""Folding keeps every offset, and nothing a person types is read as search syntax."""

from __future__ import annotations

import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.search import fold, match_query

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"


def test_every_vietnamese_letter_folds_to_plain_ascii() -> None:
    for text in (VIETNAMESE, VIETNAMESE.upper(), unicodedata.normalize("NFD", VIETNAMESE)):
        assert fold(text).isascii()
        assert set(fold(text)) <= set("abcdefghijklmnopqrstuvxy")
    assert fold("Đắk Lắk") == fold("ÐẮK LẮK") == "dak lak"


@given(st.text())
def test_folding_keeps_the_length_of_nfc_text(text: str) -> None:
    assert len(fold(text)) == len(unicodedata.normalize("NFC", text))


@given(st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " 0123456789.,/%"))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(unicodedata.normalize("NFD", text))


@pytest.fixture(scope="module")
def index() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5 (text, tokenize = 'unicode61 remove_diacritics 0')")
    connection.execute("INSERT INTO t VALUES (?)", [fold("Đắk Lắk có 24/29 xã, đạt 92,5% near or a")])
    return connection


def found(index: sqlite3.Connection, words: str) -> bool:
    match = match_query(words)
    return bool(match and index.execute("SELECT 1 FROM t WHERE t MATCH ?", [match]).fetchone())


@pytest.mark.parametrize(
    "words", ["đắk", "DAK LAK", "dak la", "lắk đắk", "92,5", "92,5%", "24/29 xa", "a OR", "NEAR("]
)
def test_words_are_found_with_and_without_marks(index: sqlite3.Connection, words: str) -> None:
    assert found(index, words)


@pytest.mark.parametrize("words", ["đak nong", "ak", "2,59", "near NOT or"])
def test_all_words_must_be_there(index: sqlite3.Connection, words: str) -> None:
    assert not found(index, words)


@pytest.mark.parametrize("words", ["", " ", '"', "*", "()", "-", "^", "\0", "- *", '"" ""'])
def test_signs_alone_ask_for_nothing(words: str) -> None:
    assert match_query(words) is None


@given(st.text())
def test_nothing_typed_is_an_error(index: sqlite3.Connection, words: str) -> None:
    found(index, words)


@given(
    st.lists(
        st.sampled_from(
            ['"', "*", "NEAR(", ")", "OR", "AND", "NOT", "a", ":", "{", "}", "^", "+", "\0", "-", " "]
        )
    )
)
def test_search_syntax_is_only_words(index: sqlite3.Connection, parts: list[str]) -> None:
    found(index, "".join(parts))
    found(index, " ".join(parts))


def test_a_query_of_a_thousand_words_is_cut() -> None:
    assert (match_query("a " * 1000) or "").count('"a"') == 32
