"""Whose request it is, as far as the network tells, for what is counted by client."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

#: IPv6 addresses that end with one of IPv4, as a translator in front of a server tells those of its clients.
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def network_of(environ: Mapping[str, Any]) -> str:
    """The address as that of sign-in is told. Of IPv6, one person has a whole network, unless an address of IPv4 stands
    in it, as on a server that listens to both: all of these lie in one network. Raises PermissionDenied where there is
    none.
    """
    request = HttpRequest()
    request.META = dict(environ)
    address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    if address.version == 4:
        return str(address)
    within = address.ipv4_mapped or (address in TRANSLATED and ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return str(within or ipaddress.ip_network(f"{address}/64", strict=False))
