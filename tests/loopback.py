"""Asking a server of the test's own, on loopback."""

import ssl
from typing import Final

NOBODY: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts no certificate, for plain addresses: to read all who are trusted takes a client 30 ms."""
