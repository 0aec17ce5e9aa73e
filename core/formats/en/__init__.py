"""Dates of the English pages."""
