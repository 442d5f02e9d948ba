"""``manage.py check_links``: ask the pages of others that readers are led to whether they still answer."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.pages.link_checks import LinkClient, check


class Command(BaseCommand):
    help = "Asks each page outside that our links lead to, politely, whether it still answers. Editors see what came."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--contact",
            default=settings.FDA_WATCH_CONTACT,
            help="An email address at which those we ask can reach you. Without it, that of the watch.",
        )

    def handle(self, *args: Any, contact: str, **options: Any) -> None:
        if not contact:
            raise CommandError("Nothing was asked. Give an email address with --contact, so that others know who asks.")
        for line in check(LinkClient(contact)):
            self.stdout.write(line)
