"""The engine that compares FDA's files with our data. It knows no request, no template and no words for people."""
