"""One search over all that readers see, in one table, the same on SQLite and PostgreSQL.

``indexing`` writes a row for each page in the transaction of the verb that changes it. ``lexicon`` holds names and
known words in the memory of a process while the index stays the same; ``texts`` asks the database for words in texts;
``spelling`` finds what somebody meant; ``finding`` puts in order what was found; ``missing`` tells what a question
asks for and no page has; ``suggesting`` answers while somebody types; ``misses`` counts what was not found.
"""
