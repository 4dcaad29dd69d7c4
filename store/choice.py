"""Which value is shown of the reports of one observation, and by what rule; values are never averaged.

Reports that agree, each as far as it is exact, are shown by the most exact of them. Where they disagree, a
report of a later day takes the place of an earlier one when it says that it corrects, when the earlier
one was an estimate and it is none, or when both are of one paper and of one known indicator or article; only
a correction may be less exact than what it corrects.
Copies of a report go with it. If those that remain agree, the observation was revised; if not, it is in
conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from store.agreement import Reported, agree, bounds_of

Rule = Literal[
    "only", "same", "most_exact", "correction", "final_over_estimate", "later_edition", "unresolved"
]
Role = Literal["shown", "agrees", "superseded", "differs"]

_REVISIONS: tuple[Rule, ...] = ("correction", "final_over_estimate", "later_edition")  # the strongest first


@dataclass(frozen=True)
class Report:
    """One figure as far as the choice between figures asks."""

    figure_id: str
    source: str | None
    cluster: str  # of its article and the copies of it
    published_on: str  # "" when not known
    confidence: float
    canonical: bool  # its indicator is in the catalogue
    corrects: bool
    estimate: bool
    said: Reported

    @cached_property
    def bounds(self) -> tuple[Decimal, Decimal]:
        """The least and the greatest value that it can stand for."""
        return bounds_of(self.said)


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of the reports of one observation."""

    shown: Report
    rule: Rule
    conflict: bool
    revised: bool
    roles: dict[str, Role]  # by the id of the figure


def choose(reports: Sequence[Report]) -> Choice:
    """Return the report to show, why, and what the others are to it; the order of the reports is no matter.

    Raises ValueError without a report.
    """
    if not reports:
        raise ValueError("there is no report to choose from")
    if len(reports) == 1:
        return Choice(reports[0], "only", False, False, {reports[0].figure_id: "shown"})
    if not _disagree_anywhere(reports):
        shown = min(reports, key=_most_exact)
        return Choice(shown, _rule_of_agreement(reports), False, False, _roles(shown, reports, ()))
    superseded, rules = _superseded(reports)
    standing = [report for report in reports if report.figure_id not in superseded]
    revised = bool(superseded)
    if _disagree_anywhere(standing):
        shown = min(standing, key=_surest)
        return Choice(shown, "unresolved", True, revised, _roles(shown, reports, superseded))
    shown = min(standing, key=_most_exact)
    rule = next(rule for rule in _REVISIONS if rule in rules)
    return Choice(shown, rule, False, True, _roles(shown, reports, superseded))


def _rule_of_agreement(reports: Sequence[Report]) -> Rule:
    values = {(r.said.value, r.said.value_max, r.said.denominator, r.said.comparator) for r in reports}
    return "same" if len(values) == 1 else "most_exact"


def _disagree_anywhere(reports: Sequence[Report]) -> bool:
    return not agree(report.said for report in reports)


def _disagree(one: Report, other: Report) -> bool:
    apart = one.bounds[0] > other.bounds[1] or other.bounds[0] > one.bounds[1]
    return apart or len({one.said.denominator, other.said.denominator} - {None}) > 1


def _superseded(reports: Sequence[Report]) -> tuple[set[str], set[Rule]]:
    """Return the ids of the figures that later ones take the place of, and the rules that say so."""
    dated = sorted((report for report in reports if report.published_on), key=lambda r: r.published_on)
    gone: set[str] = set()
    rules: set[Rule] = set()
    for place, earlier in enumerate(dated):
        for later in dated[place + 1 :]:
            if later.published_on > earlier.published_on and _disagree(earlier, later):
                rule = _revision(earlier, later)
                if rule is not None:
                    gone.add(earlier.figure_id)
                    rules.add(rule)
    return gone | _reprints(reports, gone), rules


def _reprints(reports: Sequence[Report], gone: set[str]) -> set[str]:
    """Return the ids of figures that only repeat, in a copy of its article, a value that was superseded."""
    revised = [report for report in reports if report.figure_id in gone]
    standing = [report for report in reports if report.figure_id not in gone]
    return {
        copy.figure_id
        for copy in standing
        for report in revised
        if copy.cluster == report.cluster and not _disagree(copy, report)
    }


def _revision(earlier: Report, later: Report) -> Rule | None:
    """Return the rule by which a later report takes the place of an earlier one that it contradicts."""
    if later.corrects:
        return "correction"
    if _width(later) > _width(earlier):
        return None  # a rounded number does not revise an exact one
    if earlier.estimate and not later.estimate:
        return "final_over_estimate"
    same_paper = earlier.source is not None and earlier.source == later.source
    if same_paper and (later.canonical or earlier.cluster == later.cluster):
        return "later_edition"
    return None


def _roles(shown: Report, reports: Sequence[Report], superseded: set[str] | tuple[()]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for report in reports:
        if report.figure_id in superseded:
            roles[report.figure_id] = "superseded"
        else:
            roles[report.figure_id] = "differs" if _disagree(shown, report) else "agrees"
    return roles | {shown.figure_id: "shown"}


def _most_exact(report: Report) -> tuple[object, ...]:
    return (_width(report), report.said.denominator is None, *_surest(report))


def _width(report: Report) -> Decimal:
    return report.bounds[1] - report.bounds[0]


def _surest(report: Report) -> tuple[object, ...]:
    """Order by confidence, then the newest, then by id."""
    newest_first = (*(-ord(sign) for sign in report.published_on), 1)  # an unknown day comes last
    return (-report.confidence, newest_first, report.figure_id)
