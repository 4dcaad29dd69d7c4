"""The part that a name plays in its clause: whether a figure behind it can be its own.

A place that is only compared with, bordered on, ranked among or passed through is `oblique`, and so are the
names listed behind it; and a body that only assigns or is asked for something.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import regex

from extract import rules
from extract.analysis import Mention

WINDOW = 40  # characters before a name in which its role is looked for
_LISTS = Path(__file__).resolve().parents[2] / "data" / "gazetteer.toml"
_HEDGE = r"(?:(?:hơn|gần|khoảng|trên)\s++)?"
# What ends where a name begins is matched backwards from there.
KIND_BEFORE = regex.compile(r"(?ri)(?:tỉnh|thành phố|tp\.?|t\.p\.?)\s*+")
_CLAUSE_START = regex.compile(r"(?r)(?:^|[.;:,(“\"\n…–-])\s*")
_AS_EXAMPLE = regex.compile(r"(?ri)(?<!\p{L})như:?\s++")
_NUMBER_IN_CLAUSE = regex.compile(r"[^.,;:()\n\d]{1,40}\d")
_NUMBER_NEXT = regex.compile(rf"\s*+[:(]?\s*+{_HEDGE}\d")
_OWN_NUMBER = regex.compile(rf"\s*+(?:\(|là |chỉ |với )\s*+(?:đạt\s++|chỉ\s++)?{_HEDGE}\d")
_JOINT = regex.compile(r"\s*+(?:,|và|hay|hoặc|-|–)\s*+(?:(?:tỉnh|thành phố|TP)\.?\s*+)?")
_SENTENCE_END = regex.compile(r"[.!?…]\s|\n")
_LISTED = ("province", "locality", "foreign", "region")
_NATIONAL = ("country", "central_body")


@dataclass(frozen=True, slots=True)
class _Roles:
    before: tuple[tuple[str, regex.Pattern[str]], ...]
    compared: regex.Pattern[str]
    ranked: regex.Pattern[str]
    asked: regex.Pattern[str]
    gives: regex.Pattern[str]
    contrasted: regex.Pattern[str]
    subject_verb: regex.Pattern[str]
    for_example: regex.Pattern[str]
    dealt_with: regex.Pattern[str]


def with_roles(mentions: Iterable[Mention], text: str) -> list[Mention]:
    """Return mentions, given in text order, with their roles."""
    found: list[Mention] = []
    last: Mention | None = None
    for mention in mentions:
        marked = _with_role(mention, text)
        if last is not None and last.role == "oblique" and _goes_on(last, marked, text):
            marked = replace(marked, role="oblique")
        found.append(marked)
        if mention.label in _LISTED:
            last = marked
    return found


def in_contrast(text: str, start: int) -> bool:
    """Say whether a name at `start` is set against another place ("trong khi Vĩnh Long đạt 93%")."""
    return _roles().contrasted.match(text[max(0, start - WINDOW) : start]) is not None


def _goes_on(first: Mention, second: Mention, text: str) -> bool:
    """Say whether a list that the first name is in goes on with the second."""
    if first.label == second.label == "foreign":  # "ở nước ngoài, gồm Đài Loan 840 người, Nhật Bản 590 người"
        return _SENTENCE_END.search(text, first.end, second.start) is None
    if second.label not in _LISTED or second.role != "mention":
        return False
    return _JOINT.fullmatch(text, first.end, second.start) is not None


def _with_role(mention: Mention, text: str) -> Mention:
    roles = _roles()
    before = text[max(0, mention.start - WINDOW) : mention.start]
    kind = KIND_BEFORE.match(before)
    before = before[: kind.start()] if kind else before
    if mention.label == "foreign" and roles.dealt_with.match(before):
        return replace(mention, role="oblique")
    # "nhiều nơi như Thái Bình nợ 20 tỷ đồng": with a verb or a number behind it, an example is a subject.
    example = _AS_EXAMPLE.match(before)
    if roles.for_example.match(before) or (example and _NUMBER_IN_CLAUSE.match(text, mention.end)):
        return replace(mention, role="subject")
    opens = _CLAUSE_START.match(before) or example
    if opens and (roles.subject_verb.match(text, mention.end) or _NUMBER_NEXT.match(text, mention.end)):
        return replace(mention, role="subject")
    if mention.label in _NATIONAL and _is_aside(mention, before, text):
        return replace(mention, role="oblique")
    if roles.compared.match(before):
        return replace(mention, role="subject" if _OWN_NUMBER.match(text, mention.end) else "oblique")
    for role, pattern in roles.before:
        if pattern.match(before):
            return replace(mention, role=role)
    return mention


def _is_aside(mention: Mention, before: str, text: str) -> bool:
    """Say whether the country is only what a rank is of, or a body only assigns or is asked for something."""
    roles = _roles()
    if mention.label == "country" and roles.ranked.match(before):
        return True
    return roles.asked.match(before) is not None or roles.gives.match(text, mention.end) is not None


@cache
def _roles() -> _Roles:
    with _LISTS.open("rb") as file:
        roles = tomllib.load(file)["roles"]
    linked = rf"(?:\s(?:{_any(roles['compared_links'])})){{0,4}}"
    return _Roles(
        before=tuple((role, _ending_in(roles[role])) for role in ("locative", "possessive", "oblique")),
        compared=_ending_in(roles["compared"], linked),
        ranked=_ending_in(
            roles["ranked"],
            r"(?: (?:\d{1,2}|nhất|nhì|hai|ba|tư))?(?:/\d\d)?(?: của| trong| trên)?",
        ),
        asked=_ending_in(roles["asked"]),
        gives=regex.compile(rf" (?:đã )?(?:{_any(roles['gives'])})(?!\p{{L}})(?! ban)"),
        contrasted=_ending_in(roles["contrasted"], r"(?: đó)?,?(?: ở| tại| tỉnh| thành phố| TP\.?){0,2}"),
        subject_verb=regex.compile(rf"\s++(?:{_any(roles['subject_verbs'])})(?!\p{{L}})"),
        dealt_with=_ending_in(roles["dealt_with"]),
        for_example=regex.compile(rf"(?ri)(?<!\p{{L}})(?:{_any(roles['example'])})(?: như| là| tại)?:?\s++"),
    )


def _ending_in(words: Sequence[str], then: str = "") -> regex.Pattern[str]:
    """Return the pattern, matched backwards, of some words and what may stand between them and a name."""
    return regex.compile(rf"(?ri)(?:(?<!\p{{L}})|(?=,))(?:{_any(words)}){then}\s++")


def _any(words: Sequence[str]) -> str:
    return rules.either([regex.escape(word) for word in sorted(words, key=len, reverse=True)])
