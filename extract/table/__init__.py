"""Figures of tables: one for every numeric cell, read with its headings."""
