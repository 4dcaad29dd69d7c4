"""Follows a page that forwards at once to another, as Scrapy does, and looks only where one can be meant."""

from __future__ import annotations

from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Request, Response

_WITHIN = 4 * 4096  # bytes of the 4,096 characters in which Scrapy looks


class RefreshMiddleware(MetaRefreshMiddleware):
    """Downloader middleware in the place of Scrapy's, which decodes every page as a whole first."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the answer, or the request for where it forwards to."""
        if b"refresh" not in response.body[:_WITHIN].lower():
            return response
        return super().process_response(request, response)
