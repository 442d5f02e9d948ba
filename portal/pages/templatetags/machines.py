"""What the head of a page tells machines."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from portal.pages import linked
from portal.publishing.linked_data import block

register = template.Library()


@register.simple_tag(takes_context=True)
def linked_data(context: Context) -> SafeString:
    """The page as JSON-LD."""
    return block(linked.nodes(context))
