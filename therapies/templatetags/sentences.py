"""Names inside sentences: ``{{ cancer.name|within }}``."""

from django import template

from therapies.narrowing import within

register = template.Library()
register.filter("within", within)
