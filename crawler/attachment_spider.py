"""The part of the spider that fetches the reports which hang on articles and listings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from parsel import Selector
from scrapy.http import Request, Response, TextResponse

from crawler import attachments
from crawler.addresses import page_id
from crawler.answers import refusal
from crawler.file_names import file_name
from crawler.frontier import Frontier
from crawler.source_spider import SourceSpider
from store.records import Attachment, Page

WALLS = frozenset({"captcha", "reload", "blocked", "server_error"})  # of the host, not of one address
_ATTACHMENT = 11  # priority: a report is fetched with its article


class AttachmentSpider(SourceSpider):
    """A spider that asks for the files which the pages it reads lead to."""

    frontier: Frontier

    def parse_attachment(self, response: Response, linked_from: str) -> Iterator[Page]:
        """Yield a PDF or Word file as a page; count what is another kind of file, or none."""
        self._stop_if_asked()
        if response.status != 200:  # 206 is a part of a file
            self._count("http_error")
            response.meta["left"] = "http_error"
            return
        kind = attachments.kind_of(response.body)
        if kind == "other":
            asked = response.meta["asked"]
            left = refusal(response.body, asked=asked, final=asked, source=self.source, port=self.port)
            response.meta["left"] = left = left or "attachment_other"
            self._count(left)
            self.note_answer(failed=left in WALLS)
            return
        self.note_answer(failed=False)
        if kind == "unsupported":
            self._count("attachment_unsupported")
            return
        self._count("attachments")
        url = attachments.address(response.meta["asked"], self.source, port=self.port)
        page = self._page(response, url)
        name = file_name(response.headers.get("Content-Disposition"))
        yield replace(page, attachment=Attachment(linked_from=linked_from, name=name))

    def _attachments(
        self, response: Response, linked_from: str, parse: Callable[[], Selector] | None = None
    ) -> Iterator[Request]:
        """Yield requests for the files that a page leads to and that nobody has asked for."""
        if not self.source.max_attachment_bytes or not isinstance(response, TextResponse):
            return
        selector = parse() if parse else response.selector
        found = attachments.links(selector, response.body, response.url, self.source, port=self.port)
        self._count("attachment_foreign", found.foreign)
        self._count("attachment_unsupported", found.unsupported)
        self._count("attachment_capped", found.capped)
        for url in found.files:
            standing = self.frontier.standing(self.frontier.key_of(url, "attachment"))
            if standing != "new":
                self._count("attachment_known")
                continue
            yield Request(
                url,
                self.parse_attachment,
                errback=self.failed,
                dont_filter=True,
                priority=_ATTACHMENT,
                meta={"download_maxsize": self.source.max_attachment_bytes},
                cb_kwargs={"linked_from": linked_from},
            )

    def _page(self, response: Response, url: str) -> Page:
        content_type = response.headers.get("Content-Type")
        return Page(
            id=page_id(url),
            url=url,
            fetched_url=response.url,
            source=self.source.id,
            fetched_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            status=response.status,
            content_type=content_type.decode("latin-1") if content_type is not None else None,
            body=response.body,
        )
