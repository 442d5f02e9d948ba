"""Names inside sentences: ``{{ cancer.name|within }}``."""

from django import template

from therapies.names_in_sentences import within

register = template.Library()
register.filter("within", within)
