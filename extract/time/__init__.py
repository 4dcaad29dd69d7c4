"""Expressions of time, and which of them is the period of a figure."""
