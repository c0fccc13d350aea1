"""A mail server for tests, which can be down in two ways: ``with MailServer() as server: server.refuses = True``."""

import contextlib
import random
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Self


class MailServer:
    """Listens on 127.0.0.1; ``mails`` are the texts it has taken."""

    def __init__(self, port: int = 0) -> None:
        self.mails: list[str] = []
        self.is_silent = False  # takes connections and never says a word
        self.answer_to_recipient = "250 Fine"
        ours = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                ours._talk(self)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        def make(at: int) -> Server:
            return Server(("127.0.0.1", at), Talk)

        self.make: Callable[[int], Server] = make
        self.server: socketserver.ThreadingTCPServer | None = None
        self.port = port
        self.start()

    def start(self) -> None:
        """Take connections, on the port it had before."""
        self.server = server = self._bound()
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _bound(self) -> socketserver.ThreadingTCPServer:
        if self.port:
            return self.make(self.port)
        # Below the ports that systems give to clients: one of those would be somebody's by the time it is asked for again.
        while True:
            with contextlib.suppress(OSError):
                return self.make(random.randrange(20_000, 32_000))

    def stop(self) -> None:
        """Refuse connections."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    def _talk(self, talk: socketserver.StreamRequestHandler) -> None:
        while self.is_silent:
            time.sleep(0.1)

        def say(text: str) -> None:
            talk.wfile.write(f"{text}\r\n".encode())

        say("220 here")
        while words := talk.rfile.readline().decode().strip().upper():
            if words.startswith("DATA"):
                say("354 Go on")
                lines = []
                while (line := talk.rfile.readline().decode()) != ".\r\n" and line:
                    lines.append(line)
                self.mails.append("".join(lines))
            say(self.answer_to_recipient if words.startswith("RCPT") else "250 Fine")
            if words.startswith("QUIT"):
                return
