"""Whose request it is, as far as the network tells, for what is counted by client."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def network_of(environ: Mapping[str, Any]) -> str:
    """The address as that of sign-in is told. Of IPv6, one person has a whole network. Raises PermissionDenied where
    there is none.
    """
    request = HttpRequest()
    request.META = dict(environ)
    told = get_adapter().get_client_ip(request)
    address = ipaddress.ip_address(told)
    return told if address.version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))
