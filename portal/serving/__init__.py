"""How bytes leave: finished pages in front of Django, each rendered once per change and handed out as it is."""
