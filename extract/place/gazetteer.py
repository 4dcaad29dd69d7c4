"""The names of places, agencies and programmes, found in gazetteers and behind words of their kind.

A province inside the name of something else (a street, a person, a district, a firm) is no mention of the
province; inside the name of an agency it is one.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

import regex

from extract import rules
from extract.analysis import Analysis, Mention
from extract.place import provinces
from extract.place.names import Names
from extract.place.overlaps import Spans, longest
from extract.place.roles import KIND_BEFORE, WINDOW, with_roles
from extract.text import lower
from extract.word_lists import WordList, syllables_of

_DATA = Path(__file__).resolve().parents[2] / "data"
_NAME = r"\p{Lu}[\p{L}\p{M}'’]*+(?:[ -]\p{Lu}[\p{L}\p{M}'’]*+){0,3}"
_NUMBER = r"\d{1,3}(?!\d|[.,/]\d|%)"  # of a ward, a city district
_LISTED = regex.compile(rf"(?:, | và |, và )(?P<name>{_NAME})")
# A further one with its own number: "huyện Ba Vì với 94%; tiếp đến là Thạch Thất (93%), Quốc Oai 92%".
_WITH_A_NUMBER = regex.compile(
    r"[^\n]{0,120}?(?:[,;]|(?<!\p{L})(?:và|là|theo|đến|nhì|ba))\x20(?P<name>"
    + _NAME
    + r")(?=\x20(?:\(|với\x20|đạt\x20|là\x20|có\x20){0,2}(?:(?:hơn|gần|khoảng|trên)\x20)?\d)"
)
# What ends where a name begins is matched backwards from there.
_LISTED_BEFORE = regex.compile(r"(?r)(?:,|và|-|–)\s*")
_ENDS_IN_KIND = regex.compile(r"(?i)(?:tỉnh|thành phố|tp|huyện|xã|phường|quận)$")
_NEIGHBOUR = regex.compile(r"\s*(?:,|và|-|–)\s*")


@dataclass(frozen=True, slots=True)
class _Lists:
    any_case: Names  # in small letters
    exact: Names  # in letters as written
    names: MappingProxyType[str, str]  # surface of a province or town, as written → canonical name
    locality: WordList
    agency: WordList
    company: WordList
    killed_after: regex.Pattern[str]
    killed_before: regex.Pattern[str]
    plural_before: regex.Pattern[str]
    not_own_after: regex.Pattern[str]
    branch_after: regex.Pattern[str]
    only_after_kind: frozenset[str]
    central_cities: frozenset[str]


def mark(analysis: Analysis) -> Analysis:
    """Return the analysis with its mentions in text order; one may lie inside an agency's."""
    return replace(analysis, mentions=tuple(find(analysis.text)))


def find(text: str) -> list[Mention]:
    """Return the mentions in `text`, in order; the longer of two that begin together comes first."""
    lists = _lists()
    lowered = lower(text)
    words = syllables_of(lowered)
    localities = lists.locality.matches(text, lowered, words)
    framed = [mention for match in localities for mention in _localities(match, text, lists)]
    framed += [
        Mention(m.start(), m.end(), label, m[0])
        for label, heads in (("agency", lists.agency), ("company", lists.company))
        for m in heads.matches(text, lowered, words)
    ]
    found = list(longest(_listed(text, lists)))
    frames = Spans.of(framed)
    kept = [m for m in found if m.label != "homonym" and not _is_part_of(m, frames, text)]
    every = [*kept, *_outside(framed, kept)]
    return with_roles(sorted(every, key=lambda m: (m.start, -m.end)), text)


@lru_cache(maxsize=4096)
def province_of(locality: str) -> str | None:
    """Return the province of a district or town named as in the text ("huyện Trà Bồng", "Đà Lạt").

    None when no province had such a district before the districts were abolished, or several had.
    """
    kind, name = _split_kind(locality)
    owners = _districts().get(name, ())
    of_kind = {province for district_kind, province in owners if kind in ("", district_kind)}
    return next(iter(of_kind)) if len(of_kind) == 1 else None


@lru_cache(maxsize=128)
def namesakes(province: str | None) -> frozenset[str]:
    """Return the districts of a province that are named like another province ("Hòa Bình" of Bạc Liêu)."""
    others = _districts().keys() & set(provinces.names()) - {province}
    return frozenset(name for name in others if any(owner == province for _, owner in _districts()[name]))


def _split_kind(locality: str) -> tuple[str, str]:
    match = regex.match(r"(?i)(huyện|thị xã|thành phố|quận|tp\.?|tx\.?|t\.x\.?|q\.)\s*(.+)", locality)
    if match is None:
        return "", locality
    kind = match[1].lower().rstrip(".")
    return {"tp": "thành phố", "tx": "thị xã", "t.x": "thị xã", "q": "quận"}.get(kind, kind), match[2]


@cache
def _districts() -> MappingProxyType[str, tuple[tuple[str, str], ...]]:
    """Return the districts before 1 July 2025 by name: their kind and their province."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in _district_rows():
        found[row["name"]] = (*found.get(row["name"], ()), (row["kind"], row["province"]))
    return MappingProxyType(found)


def _district_rows() -> list[dict[str, str]]:
    with (_DATA / "districts.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _listed(text: str, lists: _Lists) -> Iterator[Mention]:
    """Yield what stands in the lists, overlaps included."""
    lowered = lower(text)
    words = syllables_of(lowered)
    for label, start, end in chain(lists.any_case.spans(lowered, words), lists.exact.spans(text, words)):
        surface = text[start:end]
        if label == "province":
            if _means_province(text, start, end, lists):
                yield Mention(start, end, label, lists.names[surface])
        elif label in ("own_province", "own_locality"):
            if _points_home(text, start, end, lists):
                yield Mention(start, end, label, surface)
        elif label == "country":
            yield Mention(start, end, label, provinces.COUNTRY)
        else:
            branch = label == "central_body" and lists.branch_after.match(text, end)
            body = "agency" if branch else "central_body"
            yield Mention(start, end, body if label in ("ministry", "central_body") else label, surface)


def _points_home(text: str, start: int, end: int, lists: _Lists) -> bool:
    """Say whether "của tỉnh" means the text's own: no name follows ("của tỉnh Sơn La"), no plural leads."""
    if _ENDS_IN_KIND.search(text, start, end) and lists.not_own_after.match(text, end):
        return False
    return lists.plural_before.match(text[max(0, start - WINDOW) : start]) is None


def _means_province(text: str, start: int, end: int, lists: _Lists) -> bool:
    """Say whether the surface means the province and not a person, a street or a firm."""
    before = text[max(0, start - WINDOW) : start]
    if lists.killed_before.match(before) or lists.killed_after.match(text, end):
        return False
    if text[start:end] not in lists.only_after_kind or KIND_BEFORE.match(before):
        return True
    beside = _NEIGHBOUR.match(text, end)
    left = _LISTED_BEFORE.match(before)
    return (left is not None and any(before[: left.start()].endswith(n) for n in lists.names)) or (
        beside is not None and any(text.startswith(n, beside.end()) for n in lists.names)
    )


def _localities(match: regex.Match[str], text: str, lists: _Lists) -> Iterator[Mention]:
    """Yield the locality and those listed behind it ("huyện A, B và C"); none for "thành phố Hải Phòng"."""
    if match["name"] in lists.central_cities:
        return
    yield Mention(match.start(), match.end(), "locality", match[0])
    home, end = province_of(match[0]), match.end()
    while home is not None and (following := _LISTED.match(text, end)) is not None:
        name = following["name"]
        if all(province != home for _, province in _districts().get(name, ())):
            return
        yield Mention(following.start("name"), following.end(), "locality", name)
        end = following.end()
    while home is not None and (numbered := _WITH_A_NUMBER.match(text, end)) is not None:
        name = numbered["name"]
        if all(province != home for _, province in _districts().get(name, ())):
            return
        yield Mention(numbered.start("name"), numbered.end("name"), "locality", name)
        end = numbered.end()


def _is_part_of(mention: Mention, frames: Spans, text: str) -> bool:
    """Say whether a listed name is only a part of a locality's or a firm's name."""
    over = frames.over(mention)
    if any(frame.label == "locality" for frame in over):
        return True
    company = next((frame for frame in over if frame.label == "company"), None)
    if company is None or mention.label not in ("province", "locality", "foreign", "country"):
        return False
    return not KIND_BEFORE.match(text[company.start : mention.start])


def _outside(framed: Iterable[Mention], listed: Iterable[Mention]) -> Iterator[Mention]:
    """Yield the framed names that no listed body (a ministry, a national one) covers."""
    bodies = Spans.of(m for m in listed if m.label in ("central_body", "agency"))
    return (frame for frame in framed if not bodies.over(frame))


@cache
def _lists() -> _Lists:
    with (_DATA / "gazetteer.toml").open("rb") as file:
        data = tomllib.load(file)
    names = _province_surfaces()
    syllables = data["institutions"]["name_syllables"]
    guards = data["guards"]
    return _Lists(
        any_case=Names.of(
            (label, name.lower()) for label, listed in data["any_case"].items() for name in listed
        ),
        exact=Names.of(_as_written(data, names)),
        names=MappingProxyType(names),
        locality=_localities_of(data["locality"]),
        agency=_institutions(data["institutions"]["agency_heads"], syllables),
        company=_institutions(
            data["institutions"]["company_heads"], [word for word in syllables if word != "và"]
        ),
        killed_before=regex.compile(rf"(?ri)(?<!\p{{L}})(?<!thành )(?:{_any(guards['before'])})\s++"),
        killed_after=regex.compile(rf" (?:{_any(guards['after'])})(?!\p{{L}})"),
        plural_before=regex.compile(rf"(?ri)(?<!\p{{L}})(?:{_any(guards['plural'])}|\d{{1,2}})\s"),
        not_own_after=regex.compile(rf"\s\p{{Lu}}|,? ?(?:{_any(guards['not_own'])})(?!\p{{L}})"),
        branch_after=regex.compile(rf" (?:{_any(guards['branch'])})(?!\p{{L}})"),
        only_after_kind=frozenset(guards["only_after_kind"]),
        central_cities=frozenset(data["locality"]["central_cities"]),
    )


def _province_surfaces() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in provinces.names():
        for surface in provinces.surfaces(name):
            bare = regex.sub(r"^(?:Tỉnh|Thành phố)\s+", "", surface)
            for form in (surface, bare, surface.upper(), bare.upper()):
                found[form] = name
    return found


def _as_written(data: dict[str, Any], provinces_named: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield label and name of what is listed in letters as written."""
    yield from (("province", name) for name in provinces_named)
    yield from (("locality", row["name"]) for row in _district_rows() if row["bare"])
    for label, listed in data["as_written"].items():
        yield from ((label, form) for name in listed for form in (name, name.upper()))
    for name in data["institutions"]["fields"]:
        yield from (("ministry", f"Bộ {name}"), ("agency", f"Sở {name}"))


def _localities_of(kinds: dict[str, Any]) -> WordList:
    """Return the pattern of a kind of locality and a name behind it."""
    heads = [*kinds["district"], *kinds["commune"]]
    pattern = regex.compile(
        rf"(?<![\p{{L}}\p{{N}}])(?<!(?i:văn|căn|phiên|kịch|cơ|tài|bài|biên|nhật|ấn) )"
        rf"(?i:{_any(heads)})\s*(?<=[\s.])"
        rf"(?P<name>{_NAME}|{_NUMBER})"
    )
    return WordList.of(pattern, (head.partition(".")[0] for head in heads))


def _institutions(heads: Sequence[str], syllables: Iterable[str]) -> WordList:
    """Return the pattern of a head and its name, which ends in a word with a capital or in a number."""
    capital = r"\p{Lu}[\p{L}\p{M}'’]*+(?:[.&-](?=\p{L})[\p{L}\p{M}'’]++)*+"
    inside = rf"(?:{_any(syllables)}|{capital})"
    pattern = regex.compile(
        rf"(?<![\p{{L}}\p{{N}}])(?:{_any(heads)})(?: {inside}){{0,9}} (?:{capital}|{_NUMBER})"
    )
    return WordList.of(pattern, heads)


def _any(words: Iterable[str]) -> str:
    """Return an alternation of `words`, the longest first so that none hides the other."""
    return rules.either([regex.escape(word) for word in sorted(words, key=len, reverse=True)])
