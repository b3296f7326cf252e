"""A small OpenID Connect provider on loopback: says who somebody is, as a test tells it to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

SECRET = "provider's secret, long enough for HMAC-SHA-256"
CLIENT_ID = "textwell"


@dataclass
class Provider:
    """The running provider. `claims` is what its ID token and its userinfo say."""

    issuer: str
    claims: dict[str, Any]
    token_requests: list[bytes] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("/openid-configuration"):
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        if path == "/token":
            claims = {"iss": self.issuer, "aud": CLIENT_ID, "exp": 4102444800, **self.claims}
            token = jwt.encode(claims, SECRET, algorithm="HS256")
            return {"access_token": "a", "token_type": "Bearer", "id_token": token}
        return self.claims


@contextmanager
def running_provider(**claims: Any) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = json.dumps(provider.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            provider.token_requests.append(self.rfile.read(length))
            self._answer()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(issuer=f"http://127.0.0.1:{server.server_port}", claims=claims)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
