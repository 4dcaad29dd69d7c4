"""Which tokens of the text an annotated phrase was taken from, for training the chooser."""

from __future__ import annotations

import unicodedata

import regex

from extract.phrase.lines import Layout, Place, Token

_SYLLABLE = regex.compile(r"[^\W_]+")
_BREAK = 0.45  # what it costs to go on elsewhere in the text
_SENTENCE_BACK = 0.35
_OTHER_LINE = 0.2
_PIECE_AWAY = 0.02
_ROLE = 0.3  # numbers and hedges are seldom meant

_State = tuple[int, int]  # syllable of the phrase, position in the context


def align(phrase: str, layout: Layout, place: Place) -> set[int]:
    """Return the tokens that make up `phrase` in reading order, as near to the figure as may be.

    Syllables out of that order are looked up in the figure's sentence; those that are nowhere are left out.
    """
    tokens = layout.tokens
    context = [n for n in layout.context(place) if tokens[n].role != "sign"]
    wanted = _SYLLABLE.findall(unicodedata.normalize("NFC", phrase).lower())
    worth = [1.0 - _distance(tokens[n], place) for n in context]
    path = _best_path(wanted, [tokens[n].word for n in context], context, worth)
    found = {context[k] for _, k in path}
    placed = {j for j, _ in path}
    for syllable in (word for j, word in enumerate(wanted) if j not in placed):
        rest = [
            k
            for k, n in enumerate(context)
            if tokens[n].word == syllable and n not in found and tokens[n].sentence == place.sentence
        ]
        if rest:
            found.add(context[max(rest, key=lambda k: (worth[k], k))])
    return found


def _distance(token: Token, place: Place) -> float:
    if token.sentence != place.sentence:
        cost = _SENTENCE_BACK * (place.sentence - token.sentence)
    elif token.line != place.line:
        cost = _OTHER_LINE
    else:
        cost = _PIECE_AWAY * abs(token.piece - place.piece)
    return cost + (_ROLE if token.role in ("figure", "hedge") else 0.0)


def _best_path(wanted: list[str], words: list[str], context: list[int], worth: list[float]) -> list[_State]:
    """Return the states of the best alignment: most syllables, fewest breaks, nearest to the figure."""
    size = len(words)
    scores: dict[_State, float] = {}
    back: dict[_State, _State | None] = {}
    ended: list[tuple[float, _State | None]] = [(0.0, None)] * (size + 1)  # best that ends before a position
    for j, syllable in enumerate(wanted):
        for k in (k for k in range(size) if words[k] == syllable):
            score, source = ended[k][0] + worth[k] - _BREAK, ended[k][1]
            joined = scores.get((j - 1, k - 1))
            if joined is not None and context[k] - context[k - 1] <= 2 and joined + worth[k] >= score:
                score, source = joined + worth[k], (j - 1, k - 1)
            scores[j, k] = score
            back[j, k] = source
        run: tuple[float, _State | None] = (0.0, None)
        for k in range(size + 1):
            if k and scores.get((j, k - 1), 0.0) > run[0]:
                run = (scores[j, k - 1], (j, k - 1))
            ended[k] = max(ended[k], run, key=lambda each: each[0])
    path: list[_State] = []
    state = ended[size][1]
    while state is not None:
        path.append(state)
        state = back[state]
    return path
