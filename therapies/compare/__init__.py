"""The engine that compares FDA's files with our data. It knows no request, no template and no words for people.

Only what cannot be read comes as a sentence, from the readers of ``therapies/fda/``.
"""
