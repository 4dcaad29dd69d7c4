"""What extraction raises for people to read."""

from __future__ import annotations


class CleanError(ValueError):
    """A page or file from which no article can be made; the message is one sentence that says why."""
