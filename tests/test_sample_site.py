from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from parsel import Selector

from crawler.feeds import read_feed, read_sitemap
from crawler.sample_site import LOCAL, Answer, Site, load_site, render
from store.pages import iter_pages, list_runs, read_pages
from tests.conftest import Demo

ORIGIN = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=LOCAL)
SAMPLES = ("sample-onecms", "sample-zce", "sample-aid")


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site()


def ask(site: Site, address: str) -> Answer:
    return render(site, address, origin=ORIGIN, now=NOW)


def headings(answer: Answer) -> list[str]:
    return Selector(text=answer.body.decode()).css("h3 a::text, h2 a::text").getall()


def test_every_article_answers_under_each_of_its_addresses(site: Site) -> None:
    for paper in site.papers:
        for article in paper.articles:
            for path in filter(
                None, (article["path"], *article.get("duplicates", ()), article["print_path"])
            ):
                answer = ask(site, path)
                assert answer.status == 200
                title = " ".join(Selector(text=answer.body.decode()).css("title::text").get("").split())
                assert article["title"] in title, path


def test_two_articles_have_further_addresses(site: Site) -> None:
    assert sum("duplicates" in article for paper in site.papers for article in paper.articles) >= 2


def test_rendering_depends_on_its_arguments_alone(site: Site) -> None:
    for paper in site.papers:
        for path in (paper.fields["prefix"], paper.articles[0]["path"]):
            assert ask(site, path) == ask(site, path)


def test_sections_are_paged_and_repeat_their_last_page(site: Site) -> None:
    for paper in site.papers:
        section = next(section for section in paper.fields["sections"] if section.get("all"))
        size = paper.fields["page_size"]
        pages = -(-len(paper.articles) // size)
        addresses = [
            section["path"]
            if number == 1
            else paper.fields["page_path"].format(section=section["slug"], page=number)
            for number in range(1, pages + 2)
        ]
        listed = [headings(ask(site, address)) for address in addresses]
        assert [title for page in listed[:pages] for title in page] == [a["title"] for a in paper.articles]
        assert listed[pages] == listed[pages - 1]
        if "?" in paper.fields["page_path"]:
            assert headings(ask(site, addresses[1].replace("=2", "=x"))) == listed[0]


def test_feed_and_sitemap_name_every_article(site: Site) -> None:
    for paper in site.papers:
        links = {ORIGIN + article["path"] for article in paper.articles}
        if "rss_path" in paper.fields:
            entries = read_feed(ask(site, paper.fields["rss_path"]).body, ORIGIN)
            assert {entry.url for entry in entries} == links
        if "sitemap_path" in paper.fields:
            sitemap = read_sitemap(ask(site, paper.fields["sitemap_path"]).body, ORIGIN)
            assert sitemap is not None
            assert links < {entry.url for entry in sitemap.pages}


def test_topic_pages_list_what_has_their_keyword(site: Site) -> None:
    (paper,) = (paper for paper in site.papers if paper.fields["key"] == "dong-bang")
    about = [article["title"] for article in paper.articles if "nông thôn mới" in article["keywords"]]
    assert headings(ask(site, "/dong-bang/chu-de/nong-thon-moi.html")) == about


def test_only_the_id_routes_in_the_aid_layout(site: Site) -> None:
    (paper,) = (paper for paper in site.papers if paper.fields["layout"] == "aid")
    article = paper.articles[0]
    usual = ask(site, article["path"])
    assert ask(site, f"/cao-nguyen/ten-khac-a{article['id']}.html") == usual
    assert ask(site, f"{article['path']}?utm_source=zalo") == usual
    assert ask(site, f"/cao-nguyen/print/ten-khac-a{article['id']}.html") == ask(site, article["print_path"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/robots.txt", 200),
        ("/nowhere", 404),
        ("/mien-trung/khong-co-1.html", 404),
        ("/cao-nguyen/khong-co-a1.html", 200),  # the soft 404
        ("/cao-nguyen/ban-thao/nhap", 403),
    ],
)
def test_status(site: Site, path: str, status: int) -> None:
    assert ask(site, path).status == status


def test_text_is_escaped(tmp_path: Path, site: Site) -> None:
    for name in ("articles", "templates"):
        (tmp_path / name).mkdir()
    (tmp_path / "site.toml").write_text(
        '[[paper]]\nkey = "p"\nprefix = "/p/"\nlayout = "templates"\nfront_size = 1\n'
        'article_path = "/p/{slug}.html"\nsection_path = "/p/{section}"\npage_path = "/p/{section}?p={page}"'
        '\npage_size = 1\n[[paper.sections]]\nslug = "s"\nname = "S"\n'
    )
    (tmp_path / "articles" / "a.md").write_text(
        '+++\nid = 1\nslug = "a"\npaper = "p"\nsection = "s"\nrelated = []\nkeywords = []\n'
        'title = "<b> & x"\n'
        "published = 2026-01-02T03:04:05Z\n+++\n## Mục\n\nMột < hai\n\n{ad}\n"
    )
    (tmp_path / "templates" / "templates").mkdir()
    (tmp_path / "templates" / "robots.txt").write_text("User-agent: *\n")
    (tmp_path / "templates" / "templates" / "article.html").write_text(
        "{{ article.title }}|{% for block in article.blocks %}{{ block.kind }}:{{ block.text }}|{% endfor %}"
        "{{ article.published }}"
    )
    body = ask(load_site(tmp_path), "/p/a.html").body.decode()
    assert body == "&lt;b&gt; &amp; x|subheading:Mục|paragraph:Một &lt; hai|ad:|2026-01-02 10:04:05+07:00"


def test_a_crawl_of_the_sample_site_finds_every_article_once(demo: Demo, site: Site) -> None:
    """Under the declared address, whatever the port was; test_whole_path.py crawls again, on another one."""
    with closing(read_pages(demo.pages)) as db:
        stored = sorted(page.url for page in iter_pages(db))
        outcomes = {run["source"]: run["outcome"] for run in list_runs(db)}
    assert stored == sorted(
        f"http://127.0.0.1:8470{article['path']}" for paper in site.papers for article in paper.articles
    )
    assert outcomes == dict.fromkeys(SAMPLES, "finished")
