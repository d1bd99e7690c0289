"""What ``benchmarks/serving.py`` is made of: servers, queries, load, figures, the page."""
