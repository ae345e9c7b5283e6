"""A person's browser behind the council's TLS proxy: cookies, forms and redirects over plain HTTP on the loopback."""

import http.client
import re
import uuid
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import NamedTuple


class Page(NamedTuple):
    status: int
    path: str
    body: bytes
    headers: dict[str, str]

    @property
    def text(self):
        return self.body.decode()

    @property
    def hidden(self):
        """The hidden fields of all its forms by name."""
        found = _Hidden()
        found.feed(self.text)
        return found.fields

    def said(self):
        """Its words, for a message."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.text).split())[:3000]


class Visitor:
    """One session at the server on `port`, which believes it is `https://HOST`."""

    def __init__(self, port, host):
        self.port, self.host, self.cookies = port, host, {}

    def get(self, path):
        return self._follow(self._ask("GET", path))

    def send(self, path, fields, files=None, to=""):
        """Open the page at `path`, fill its form in and send it (to `to`); files are `{name: (filename, bytes)}`."""
        page = self.get(path)
        assert page.status == 200, (page.status, page.path)
        body, kind = _multipart(page.hidden | fields, files or {})
        return self._follow(self._ask("POST", to or page.path, body, {"Content-Type": kind}))

    def _ask(self, method, path, body=None, headers=None):
        told = {"Host": self.host, "X-Forwarded-Proto": "https", "Referer": f"https://{self.host}/"}
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body=body, headers=told | (headers or {}))
        answer = connection.getresponse()
        for line in answer.headers.get_all("Set-Cookie", []):
            self._keep(line)
        page = Page(answer.status, path, answer.read(), dict(answer.headers))
        connection.close()
        return page

    def _keep(self, line):
        for name, cookie in SimpleCookie(line).items():
            if cookie["max-age"] == "0":
                self.cookies.pop(name, None)
                continue
            assert cookie["secure"], f"a cookie that would travel without TLS: {line}"
            self.cookies[name] = cookie.value

    def _follow(self, page):
        for _ in range(5):
            if page.status not in (301, 302, 303):
                return page
            page = self._ask("GET", page.headers["Location"].removeprefix(f"https://{self.host}"))
        raise AssertionError(f"redirected without end to {page.path}")


class _Hidden(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields = {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[given["name"]] = given.get("value") or ""


def _multipart(fields, files):
    edge = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="{filename}"', content) for name, (filename, content) in files.items()]
    lines = [f"--{edge}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + body for head, body in parts]
    return b"\r\n".join([*lines, f"--{edge}--\r\n".encode()]), f"multipart/form-data; boundary={edge}"
