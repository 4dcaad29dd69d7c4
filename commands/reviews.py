"""`chiso review`: what people say of single figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from commands.asking import Trouble, db_option, for_people, json_option, reviews_option, stacked
from commands.showing import console, show

LISTED = ("id", "figure_id", "action", "state", "said")

reason_option = click.option("--reason", required=True, help="Why, in your words.")
by_option = click.option("--by", "reviewer", required=True, help="Your name.")
after_option = click.option(
    "--after",
    "seen",
    type=click.IntRange(min=0),
    metavar="REVIEW_ID",
    help="Refuse when another review than this came last; 0: when there is any.",
)
figure_argument = click.argument("figure_id", metavar="FIGURE_ID")
databases = stacked(db_option, reviews_option, json_option, for_people)
judging = stacked(figure_argument, reason_option, by_option, after_option, databases)


@click.group()
def review() -> None:
    """Confirm, reject or correct figures; nothing that was said is ever deleted.

    Reviews outlive `chiso extract --all` and the database of figures. Rejected figures leave the
    observations and exports; corrected ones are merged with their corrected values.

    \b
    Example: chiso review confirm 3f1c9a0b7d5e2468 --reason "as printed" --by "Lan"
    """


@review.command()
@judging
def confirm(figure_id: str, **said: Any) -> None:
    """Say that a figure is as its sentence has it.

    \b
    Example: chiso review confirm 3f1c9a0b7d5e2468 --reason "as printed" --by "Lan"
    """
    from store.reviews import confirm as decide

    judge(decide, figure_id, **said)


@review.command()
@judging
def reject(figure_id: str, **said: Any) -> None:
    """Say that a figure is none, or is not worth keeping.

    \b
    Example: chiso review reject 3f1c9a0b7d5e2468 --reason "the number of a road" --by "Lan"
    """
    from store.reviews import reject as decide

    judge(decide, figure_id, **said)


@review.command()
@figure_argument
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="FIELD=VALUE",
    help="A corrected field; nothing after = empties it. May be repeated.",
)
@reason_option
@by_option
@after_option
@databases
def correct(figure_id: str, settings: tuple[str, ...], **said: Any) -> None:
    """Put other values in the place of extracted ones; these are kept beside them.

    \b
    Fields: value, value_max, denominator, comparator, unit, kind, measure, status, negated,
    place_id, locality, period, indicator, indicator_id, base.
    Example: chiso review correct 3f1c9a0b7d5e2468 --set value=78500 --set place_id=VN63-51 \\
               --reason "a digit was lost" --by "Lan"
    """
    from store.reviews import correct as decide

    judge(decide, figure_id, fields(settings), **said)


@review.command()
@click.argument("review_id", type=click.IntRange(min=1), metavar="REVIEW_ID")
@reason_option
@by_option
@databases
def undo(review_id: int, **said: Any) -> None:
    """Take a review back; the one before it holds again. Both stay in the list.

    \b
    Example: chiso review undo 12 --reason "wrong figure" --by "Lan"
    """
    from store.reviews import undo as decide

    judge(decide, review_id, **said)


@review.command("list")
@click.option("--figure", "figure_id", metavar="FIGURE_ID", help="Only those of this figure.")
@databases
def list_all(figure_id: str | None, db: Path, reviews: Path | None, as_json: bool) -> None:
    """List the reviews, the oldest first, and what has become of each.

    State: holds; outdated (the figure is extracted otherwise now, and a confirmation counts no more);
    orphaned (the figure is not extracted any more); followed (by a newer review); undone; undo.

    \b
    Example: chiso review list --figure 3f1c9a0b7d5e2468
    """
    from store.review_history import list_reviews

    found = list_reviews(db, figure_id=figure_id, reviews_path=reviews)
    if not found and not as_json:
        click.echo("There are no reviews.")
        return
    rows = [row(each.review, as_json=as_json, state=each.state) for each in found]
    show(rows, "Reviews", as_json=as_json, columns=LISTED)


def judge(
    decide: Callable[..., Any],
    *about: Any,
    db: Path,
    reviews: Path | None,
    as_json: bool,
    reason: str,
    reviewer: str,
    seen: int | None = None,
) -> None:
    """Let a function of store.reviews write what somebody says now of a figure or a review, and show it."""
    from store.reviews import Statement

    said = Statement(reason=reason, reviewer=reviewer, at=datetime.now(UTC), seen=seen)
    show_written(decide(db, *about, said, reviews_path=reviews), as_json=as_json)


def fields(settings: tuple[str, ...]) -> dict[str, str]:
    """Return the values by field; raises Trouble where one is not FIELD=VALUE or a field comes twice."""
    found: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            raise Trouble(f"--set takes FIELD=VALUE, as value=78500, not {setting[:40]!r}.")
        if name in found:
            raise Trouble(f"--set gives {name[:40]} twice.")
        found[name] = value
    return found


def row(review: Any, *, as_json: bool, **more: Any) -> dict[str, Any]:
    """Return a review as a row: all of it for machines, with what was `said` in one column for people."""
    if as_json:
        return asdict(review) | more
    changes = [f"{name}={'' if value is None else value}" for name, value in review.changes.items()]
    said = f"{review.reason} ({review.reviewer}, {review.reviewed_at[:10]})"
    return asdict(review) | more | {"said": "\n".join([*changes, said])}


def show_written(written: Any, *, as_json: bool) -> None:
    """Say which review was written."""
    shown = row(written.review, as_json=as_json, applied=written.applied)
    show([shown], "Review", as_json=as_json, columns=("id", "figure_id", "action", "said"))
    if not written.applied and not as_json:
        console.print("The review is kept. The figures are busy: the next build carries it out.")
