"""Readers of FDA's files: bytes in, typed records out, one row at a time.

``recognise.open_file`` tells from the content what a file is and gives a ``Reading``. Nothing here knows Django,
the database or our facts; ``therapies/compare/comparison.py`` compares.
"""
