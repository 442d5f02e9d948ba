"""The API: every public table, read-only, as any day. What there is to ask, and how it is told, the tables declare."""
