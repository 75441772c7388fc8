# SPDX-License-Identifier: Apache-2.0
"""A backend in Tornado: python tornado_backend.py"""

import asyncio
import os

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from tornado.web import Application
from tornado.websocket import WebSocketHandler

from realtime_ticket import Refused, asking_the_store, holder_of, redemption, ticket_in

# A GETDEL whose answer is lost may have run, and is not sent again (T5). By default, Redis(host=...) would: ten times.
STORE = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


class Realtime(WebSocketHandler):
    async def get(self):
        try:
            ticket = ticket_in(self.request.query)
            with asking_the_store():
                value, info = await redemption(STORE, ticket).execute()
            self.holder = holder_of(value, info, self.request.headers.get_list("Origin"))
        except Refused as refused:
            self.set_status(refused.status)
            for name, text in refused.headers.items():
                self.set_header(name, text)
            self.finish(refused.body)
        else:
            await super().get()

    def check_origin(self, origin):
        return True  # holder_of did, by what the ticket is bound to.

    def open(self):
        self.write_message(self.holder["username"])


async def main():
    # Tornado logs the address of what it refuses, with the ticket in it (T13).
    application = Application([("/realtime", Realtime)], log_function=lambda handler: None)
    application.listen(int(os.environ["PORT"]), "127.0.0.1")
    await asyncio.Event().wait()


asyncio.run(main())
