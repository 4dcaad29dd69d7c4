"""The `chiso` command: crawl, extract, explain, export and browse the figures of provincial news."""

from __future__ import annotations

import click

from commands import crawling, extraction, importing, release, report, reviews, serving, sources, watching


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chiso")
def main() -> None:
    """Turn what Vietnamese provincial news reports in prose into a table with a sentence behind every number.

    \b
    Example: chiso explain "Đến nay, 24/29 nhiệm vụ đã hoàn thành, đạt 82,8%."
    """


for command in (
    crawling.crawl,
    crawling.update,
    extraction.explain,
    extraction.extract,
    extraction.figures,
    importing.import_command,
    release.export,
    release.release,
    report.report,
    reviews.review,
    serving.app,
    serving.demo,
    sources.sources,
    watching.status,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
