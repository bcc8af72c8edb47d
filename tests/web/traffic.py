"""The traffic of the browser tests, and what of it would break the promise that nothing of the visitor's leaves.

Every context of every test is watched (conftest.py): pages, their workers, their service worker, their sockets.
"""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, Request, Response, WebSocket

LOCAL = ("blob", "data", "about")  # these stay within the browser


class Traffic:
    """What has been asked for that may not be, in words; `watch` a context to have its requests in it."""

    def __init__(self) -> None:
        self.breaches: list[str] = []

    def watch(self, context: BrowserContext) -> None:
        """Judges each request of the context. Its homes are the addresses that a test has opened in it."""
        homes: set[str] = set()
        context.on("request", lambda request: self._judge(request, homes))
        context.on("response", self._judge_share)
        context.on("requestfailed", self._judge_lost_share)
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
        if not is_share(request) and (request.method != "GET" or request.post_data_buffer):
            self.breaches.append(f"{request.method} {request.url}: only GET is allowed")
        if address.netloc not in homes:
            self.breaches.append(f"{request.url}: off the origin")
        if address.query and not opened:
            self.breaches.append(f"{request.url}: a query may carry anything away")

    def _judge_share(self, response: Response) -> None:
        """What is shared to the installed app may go as far as its service worker, and no farther."""
        if is_share(response.request) and not response.from_service_worker:
            self.breaches.append(f"POST {response.url}: a share left the browser")

    def _judge_lost_share(self, request: Request) -> None:
        if is_share(request):
            self.breaches.append(f"POST {request.url}: a share had no service worker")

    def _watch_sockets(self, page: Page) -> None:
        def judge(socket: WebSocket) -> None:
            self.breaches.append(f"{socket.url}: a socket may carry anything away")

        page.on("websocket", judge)


def is_share(request: Request) -> bool:
    """Whether the system, or a form in its place, opens the address that the manifest names as `share_target`."""
    return request.method == "POST" and request.is_navigation_request() and urlsplit(request.url).path == "/share"
