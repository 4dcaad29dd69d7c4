"""Fixtures that several test files share: the database that the demo builds from the sample site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

import chiso

# A busy machine is no defect: tests say nothing about time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


@dataclass(frozen=True)
class Demo:
    """The files that `chiso demo` left, and what it printed."""

    pages: Path
    db: Path
    out: Path
    printed: str


def command(*words: str | Path) -> Result:
    """Run `chiso` with these words."""
    return CliRunner().invoke(chiso.main, [str(word) for word in words], catch_exceptions=False)


def run_demo(folder: Path) -> Demo:
    """Run the demo without the app; its files go to `folder`."""
    demo = {"pages": folder / "pages.db", "db": folder / "chiso.db", "out": folder / "export"}
    options = [word for name, path in demo.items() for word in (f"--{name}", path)]
    result = command("demo", "--no-app", "--site-port", "18470", *options)
    assert result.exit_code == 0, result.output
    return Demo(printed=result.output, **demo)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The whole path on the sample site, run once per session."""
    return run_demo(tmp_path_factory.mktemp("demo"))
