"""Where the content of a page stands: what a source's selectors find, in lxml's own elements."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from lxml.etree import XPath
from parsel.csstranslator import HTMLTranslator


def elements(root: Any, selectors: Iterable[str]) -> list[Any]:
    """Return the elements below `root` that CSS selectors find, of each in the order of the page."""
    return [element for css in selectors for element in _compiled(css)(root)]


@functools.cache
def _compiled(css: str) -> XPath:
    return XPath(HTMLTranslator().css_to_xpath(css))
