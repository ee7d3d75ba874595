"""A kernel's messages reach the page at once. Jupyter's own connection lets a small one wait until the one before it is acknowledged: up to 40 ms."""

from __future__ import annotations

import asyncio

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """The line between page and kernel, without Nagle's algorithm: an answer to a gesture is small, and follows a small message on its heels."""

    def connect(self) -> asyncio.Future[None] | None:  # type: ignore[override]
        """Begin to pass messages on."""
        self.websocket_handler.set_nodelay(True)
        made: asyncio.Future[None] | None = super().connect()
        return made
