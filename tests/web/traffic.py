"""The traffic of the browser tests, and what of it would break the promise that nothing of the visitor's leaves.

Every context of every test is watched (conftest.py): pages, their workers, their service worker, their sockets.
"""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request, WebSocket

LOCAL = ("blob", "data", "about")  # these stay within the browser


class Traffic:
    """What has been asked for that may not be, in words; `watch` a context to have its requests in it."""

    def __init__(self) -> None:
        self.breaches: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Judges each request of the context. Its homes are the addresses that a test has opened in it."""
        homes: set[str] = set()
        context.on("request", lambda request: self._judge(request, homes))
        context.on("page", self._watch_sockets)
        for page in context.pages:
            self._watch_sockets(page)

    def take(self) -> list[str]:
        """The breaches since the last call."""
        breaches, self.breaches = self.breaches, []
        return breaches

    def _judge(self, request: Request, homes: set[str]) -> None:
        address = urlsplit(request.url)
        if address.scheme in LOCAL:
            return
        opened = request.is_navigation_request() and address.hostname == "127.0.0.1"
        if opened:
            homes.add(address.netloc)
        if request.method != "GET" or request.post_data_buffer:
            self.breaches.append(f"{request.method} {request.url}: only GET is allowed")
        if address.netloc not in homes:
            self.breaches.append(f"{request.url}: off the origin")
        if address.query and not opened:
            self.breaches.append(f"{request.url}: a query may carry anything away")

    def _watch_sockets(self, page: Page) -> None:
        def judge(socket: WebSocket) -> None:
            self.breaches.append(f"{socket.url}: a socket may carry anything away")

        page.on("websocket", judge)
