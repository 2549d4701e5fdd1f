"""The review as a page of the browser: the widget's front end, served to this machine only, behind a random token.

The token is the first part of every path. Whoever doesn't know it gets 404 for everything, another host name (a page
that was rebound to 127.0.0.1) or another origin gets 403, and the page may load nothing from anywhere else.
"""

from __future__ import annotations

import hmac
import json
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from annotator.review_desk import FRONTEND, Desk

HOST = "127.0.0.1"
MAX_REQUEST = 1_000_000
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Review of labels</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="review.css">
<style>body { margin: 0; } @media (prefers-color-scheme: dark) { body { background: #16191d; } }</style>
</head>
<body>
<main id="review"></main>
<noscript>The review needs JavaScript.</noscript>
<script type="module" src="start.js"></script>
</body>
</html>
"""
_START = 'import { page } from "./review.js";\npage(document.getElementById("review"));\n'
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class ReviewServer(ThreadingHTTPServer):
    """Serves one desk on 127.0.0.1.

    Parameters
    ----------
    desk : Desk
        The reviewer at work.
    port : int
        Port to listen on; 0 takes a free one.
    """

    daemon_threads = True

    def __init__(self, desk: Desk, port: int = 0) -> None:
        self.desk, self.token = desk, secrets.token_urlsafe(24)
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        """Address of the page, token and all."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def content(self, name: str) -> tuple[str, bytes] | None:
        """Type and bytes of a file of the page, or None where there is no such file."""
        if name == "":
            return "text/html", _PAGE.encode()
        if name == "start.js":
            return "text/javascript", _START.encode()
        if name in ("review.js", "review.css"):
            kind = "text/javascript" if name.endswith(".js") else "text/css"
            return kind, (FRONTEND / name).read_bytes()
        return None


class _Handler(BaseHTTPRequestHandler):
    """Answers GET for the page and POST for the desk; says nothing on the terminal."""

    server: ReviewServer
    server_version, sys_version = "annotator", ""
    protocol_version = "HTTP/1.1"
    timeout = 60
    # Head and body in one packet, at once: the other way, every answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        name = self._name()
        found = None if name is None else self.server.content(name)
        if found is not None:
            self._send(200, *found)
        elif name is not None:
            self._refuse(404)

    def do_POST(self) -> None:
        name = self._name()
        length = self.headers.get("Content-Length", "")
        if name is None:
            return
        if name != "api":
            self._refuse(404)
        elif not (length.isascii() and length.isdigit()):
            self._refuse(411)
        elif not 0 < int(length[:12]) <= MAX_REQUEST:
            self._refuse(413)
        else:
            self._answer(self.rfile.read(int(length)))

    def _answer(self, body: bytes) -> None:
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            request = None
        if isinstance(request, dict):
            self._send(200, "application/json", json.dumps(self.server.desk.handle(request)).encode("ascii"))
        else:
            self._refuse(400)

    def _name(self) -> str | None:
        """Name of what is wanted behind the token; None, with the refusal sent, for strangers."""
        hosts = {f"{name}:{self.server.server_port}" for name in (HOST, "localhost")}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in hosts or (origin is not None and urlsplit(origin).netloc not in hosts):
            self._refuse(403)
            return None
        token, slash, name = urlsplit(self.path).path.removeprefix("/").partition("/")
        if not slash or not hmac.compare_digest(token.encode("utf-8", "replace"), self.server.token.encode()):
            self._refuse(404)
            return None
        return name

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        headers = {
            "Content-Type": f"{kind}; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": _POLICY,
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._send(status, "text/plain", b"")

    def log_message(self, format: str, *arguments: Any) -> None:
        """Keep the terminal for what matters, and the token out of it."""
