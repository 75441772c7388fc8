# SPDX-License-Identifier: Apache-2.0
"""A backend with websockets whose connections end with the login: python websockets_revocations_backend.py"""

import asyncio
import contextlib
import os

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from websockets import Headers, Response
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

from realtime_revocations import Revocations
from realtime_ticket import Refused, asking_the_store, holder_of, ticket_in

# A GETDEL whose answer is lost may have run, and is not sent again (T5). By default, Redis(host=...) would: ten times.
STORE = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))
REVOCATIONS = Revocations(STORE)


async def admit(connection, request):
    if request.method != "GET":
        return None  # websockets refuses it, but later than here, where it would use up a ticket.
    try:
        ticket = ticket_in(request.path.partition("?")[2])
        with asking_the_store():
            value, info, connection.login = await REVOCATIONS.redeem(ticket)
        connection.holder = holder_of(value, info, request.headers.get_all("Origin"), connection.login.check)
    except Refused as refused:
        headers = Headers(refused.headers, **{"Content-Length": str(len(refused.body))})
        return Response(refused.status, "Refused", headers, refused.body)


async def realtime(connection):
    with contextlib.suppress(ConnectionClosed), connection.login.opened(connection.close):
        await connection.send(connection.holder["username"])
        async for message in connection:
            pass


async def main():
    async with serve(realtime, "127.0.0.1", int(os.environ["PORT"]), process_request=admit, close_timeout=5):
        await REVOCATIONS.follow()


asyncio.run(main())
