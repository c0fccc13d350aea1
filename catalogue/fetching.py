"""Asks a web address whether it is there, and nothing more. A leaf.

For commands and tasks: no page of the site waits for another site. Addresses are typed by people and come from imports,
so a name is resolved once, every address it has must be public (or in LINK_CHECK_NETWORKS), and the connection goes to
that very address, on every redirect anew.
"""

import contextlib
import enum
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

TIMEOUT = 10.0  # seconds for each step
DEADLINE = 30.0  # seconds for a request, however slowly it drips
REDIRECTS = 5
REDIRECTING = {301, 302, 303, 307, 308}
# The page may well be there: it wants a sign-in, or sends away whoever is no browser.
REFUSING = {401, 403, 405, 406, 407, 416, 429, 451, 999}
GONE = {404, 410}
PLAIN = "/%:@!$&'()*+,;=~?"  # characters of paths and queries that stay as they are


class Verdict(enum.Enum):
    """What an address is."""

    FINE = "fine"
    FAILING = "failing"  # may pass
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at an address; ``reason`` in words an editor reads, "" for one that is fine."""

    verdict: Verdict
    reason: str = ""


class ForbiddenAddressError(ValueError):
    """A name leads into a private network."""


def look(url: str) -> Finding:
    """Ask for an address, by HEAD and where that fails by GET, and follow its redirects. Never raises."""
    try:
        for _ in range(REDIRECTS + 1):
            status, location = _ask(url)
            if status not in REDIRECTING or not location:
                return _judge(status)
            url = urljoin(url, location)
    except ForbiddenAddressError:
        return Finding(Verdict.GONE, "leads into a private network")
    except socket.gaierror:
        return Finding(Verdict.FAILING, "no such host")
    except TimeoutError:
        return Finding(Verdict.FAILING, "does not answer in time")
    except ssl.SSLError:
        return Finding(Verdict.FAILING, "its certificate does not hold")
    except OSError:
        return Finding(Verdict.FAILING, "no connection")
    except (http.client.HTTPException, ValueError):
        return Finding(Verdict.FAILING, "answers what no browser understands")
    return Finding(Verdict.FAILING, f"more than {REDIRECTS} redirects")


def _judge(status: int) -> Finding:
    if status in GONE:
        return Finding(Verdict.GONE, f"answers {status}")
    if status >= 400 and status not in REFUSING:
        return Finding(Verdict.FAILING, f"answers {status}")
    return Finding(Verdict.FINE)


def _ask(url: str) -> tuple[int, str]:
    try:
        status, location = _request("HEAD", url)
    except http.client.HTTPException:
        status, location = 0, ""
    return (status, location) if 200 <= status < 400 else _request("GET", url)


def _request(method: str, url: str) -> tuple[int, str]:
    """Status and Location of one request; the body is not read. Raises OSError, HTTPException, ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("This is no address of the web.")
    is_secure = parts.scheme == "https"
    host, port = parts.hostname.encode("idna").decode(), parts.port or (443 if is_secure else 80)
    connection = http.client.HTTPConnection(host, port)
    connection.default_port = 443 if is_secure else 80  # what Host may leave out
    target = quote(parts.path or "/", safe=PLAIN) + (f"?{quote(parts.query, safe=PLAIN)}" if parts.query else "")
    with _connect(host, port) as plain:
        connection.sock = _encrypted(plain, host) if is_secure else plain
        timer = threading.Timer(DEADLINE, _shut, [connection.sock])
        timer.start()
        try:
            if isinstance(connection.sock, ssl.SSLSocket):
                connection.sock.do_handshake()
            connection.request(method, target, headers=_headers(method))
            response = connection.getresponse()
            return response.status, response.getheader("Location") or ""
        finally:
            timer.cancel()
            connection.close()


def _headers(method: str) -> dict[str, str]:
    agent = f"Mozilla/5.0 (compatible; {settings.SITE_NAME} link check; +{settings.SITE_URL})"
    wanted = {"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
    return wanted | ({"Range": "bytes=0-0"} if method == "GET" else {})


def _connect(host: str, port: int) -> socket.socket:
    """A connection to one of the addresses of a name. Raises ForbiddenAddressError when one of them is private."""
    found = list(dict.fromkeys(str(facts[4][0]) for facts in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
    if not all(is_allowed(address) for address in found):
        raise ForbiddenAddressError(host)
    for address in found[:-1]:
        try:
            return socket.create_connection((address, port), TIMEOUT)
        except OSError:
            continue
    return socket.create_connection((found[-1], port), TIMEOUT)


def is_allowed(text: str) -> bool:
    """Whether a link may lead to an IP address: a public one, or one of LINK_CHECK_NETWORKS.

    >>> [is_allowed(text) for text in ("93.184.215.14", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1")]
    [True, False, False, False]
    """
    address: Any = ipaddress.ip_address(text.partition("%")[0])
    inner = (address.ipv4_mapped or address.sixtofour or _translated(address)) if address.version == 6 else None
    address = inner or address
    is_public = address.is_global and not address.is_multicast and not address.is_reserved
    return is_public or any(address in network for network in settings.LINK_CHECK_NETWORKS)


def _translated(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address behind one of NAT64 (RFC 6052)."""
    is_nat64 = address in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if is_nat64 else None


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
