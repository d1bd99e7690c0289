"""Judges the shapes themselves, before they judge the data."""
