"""What the commands ask for: shared options, and how a problem is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce, wraps
from pathlib import Path
from typing import Any, ClassVar

import click

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data"

path_type = click.Path(path_type=Path, dir_okay=False)
folder_type = click.Path(path_type=Path, file_okay=False)
port_type = click.IntRange(1024, 65535)
pages_option = click.option(
    "--pages",
    type=path_type,
    envvar="CHISO_PAGES",
    default=DATA / "pages.db",
    show_default="data/pages.db",
    help="Database of raw pages.",
)
db_option = click.option(
    "--db",
    type=path_type,
    envvar="CHISO_DB",
    default=DATA / "chiso.db",
    show_default="data/chiso.db",
    help="Database of articles, figures and observations.",
)


class Duration(click.ParamType):
    """A length of time such as 90s, 30m or 2h; a bare number is seconds."""

    name = "duration"
    _units: ClassVar[dict[str, int]] = {"": 1, "s": 1, "m": 60, "h": 3600}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds; ends the command with a sentence when `value` is no length of time."""
        found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)([smh]?)", str(value).strip())
        if found is None:
            self.fail(f"{value!r} is no length of time; write 90s, 30m or 2h.", param, ctx)
        return float(found[1]) * self._units[found[2]]


budget_option = click.option(
    "--budget",
    type=Duration(),
    help="End the crawl after so long (90s, 30m, 2h); what is left is asked next time.",
)
REGISTRY = DATA / "sources"
registry_option = click.option(
    "--sources",
    "registry",
    type=click.Path(path_type=Path),
    envvar="CHISO_SOURCES",
    default=REGISTRY,
    show_default="data/sources",
    help="Registry of papers and portals: a TOML file, or a folder of them.",
)
releases_option = click.option(
    "--releases",
    type=folder_type,
    envvar="CHISO_RELEASES",
    default=DATA / "releases",
    show_default="data/releases",
    help="Folder of frozen releases.",
)
reviews_option = click.option(
    "--reviews",
    type=path_type,
    envvar="CHISO_REVIEWS",
    show_default="reviews.db beside the figures",
    help="Database of reviews.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
province_option = click.option("--province", help="Whose paper or report it is, spelled as you like.")
published_option = click.option("--published", help="Publication date, YYYY-MM-DD or YYYY.")
app_port_option = click.option(
    "--port", type=port_type, default=8501, show_default=True, help="Port of the app."
)


Command = Callable[..., Any]


class Trouble(click.ClickException):
    """A problem that a person can mend: one sentence, exit code 2."""

    exit_code = 2


def for_people(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command end in one clear sentence and exit code 2 where it would end in a traceback."""

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        from crawler.run import CrawlError
        from extract.errors import CleanError
        from extract.exchange import ExchangeError
        from extract.inputs import InputError
        from store.errors import StoreError
        from store.sources import SourceError

        try:
            return command(*args, **kwargs)
        except (CleanError, CrawlError, ExchangeError, InputError, SourceError, StoreError) as error:
            raise Trouble(str(error)) from error
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            raise Trouble(f"{where}{error.strerror or error}.") from error

    return wrapped


def stacked(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Return all of them as one, in the order in which they would stand above a function."""

    def decorate(command: Command) -> Command:
        return reduce(lambda inner, outer: outer(inner), reversed(decorators), command)

    return decorate


# of the commands that make figures of pages
build_options = stacked(pages_option, db_option, registry_option, reviews_option, json_option, for_people)
