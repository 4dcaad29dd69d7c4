"""Reads archives of pages that others have fetched, so that nobody has to be asked again."""
