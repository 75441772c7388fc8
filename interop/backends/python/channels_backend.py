# SPDX-License-Identifier: Apache-2.0
"""A backend in Django Channels, served by uvicorn: python channels_backend.py"""

import logging
import os

import django
import uvicorn
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter
from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from realtime_ticket import Refused, asking_the_store, holder_of, redemption, ticket_in

# A GETDEL whose answer is lost may have run, and is not sent again (T5). By default, Redis(host=...) would: ten times.
STORE = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))

# uvicorn 0.54 takes a refusal for a forgotten handshake, and says so each time: anybody could fill the log.
logging.getLogger("uvicorn.error").addFilter(lambda line: "without completing handshake" not in line.getMessage())


class TicketMiddleware:
    """Takes the place of AuthMiddlewareStack and AllowedHostsOriginValidator."""

    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        try:
            ticket = ticket_in(scope["query_string"].decode("latin-1"))
            with asking_the_store():
                value, info = await redemption(STORE, ticket).execute()
            origins = [text.decode("latin-1") for name, text in scope["headers"] if name == b"origin"]
            holder = holder_of(value, info, origins)
        except Refused as refused:
            headers = [(name.lower().encode(), text.encode()) for name, text in refused.headers.items()]
            # Daphne does not know these messages: it answers 403 to everything if the middleware sends websocket.close.
            await send({"type": "websocket.http.response.start", "status": refused.status, "headers": headers})
            await send({"type": "websocket.http.response.body", "body": refused.body})
        else:
            await self.app({**scope, "holder": holder}, receive, send)


class Realtime(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()
        await self.send(self.scope["holder"]["username"])


settings.configure()
django.setup()
app = ProtocolTypeRouter({"websocket": TicketMiddleware(Realtime.as_asgi())})

if __name__ == "__main__":
    # At the level info, uvicorn logs the address of each WebSocket, with the ticket in it (T13).
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
