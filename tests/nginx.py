"""An nginx of the tests' own, with the recipes of docs/hosting."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

HOSTING = Path(__file__).resolve().parent.parent / "docs" / "hosting"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin") or shutil.which("nginx")
BELOW_A_PATH = f"server {{ listen 80; {(HOSTING / 'nginx-below-a-path.conf').read_text()} }}"


def running_nginx(folder: Path, site: str) -> Iterator[int]:
    """The port of an nginx that serves `site` (a server block that listens on port 80) from `folder`, until closed."""
    assert NGINX
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "site.conf").write_text(site.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    own = "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""  # else its workers may not read this folder
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid nginx.pid; error_log stderr; events {{}} "
        f"http {{ access_log off; {own} include site.conf; }}"
    )
    command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "stderr"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while process.poll() is None and socket.socket().connect_ex(("127.0.0.1", port)):
        time.sleep(0.02)
    yield port
    process.terminate()
    process.wait()
