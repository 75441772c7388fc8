# SPDX-License-Identifier: Apache-2.0
"""A backend in gevent with gevent-websocket: python gevent_backend.py"""

from gevent import monkey

monkey.patch_all()

import os  # noqa: E402

from gevent.pywsgi import WSGIServer  # noqa: E402
from geventwebsocket.handler import WebSocketHandler  # noqa: E402
from redis import Redis  # noqa: E402
from redis.backoff import NoBackoff  # noqa: E402
from redis.retry import Retry  # noqa: E402

from realtime_ticket import Refused, asking_the_store, holder_of, redemption, ticket_in  # noqa: E402

# A GETDEL whose answer is lost may have run, and is not sent again (T5). By default, Redis(host=...) would: ten times.
STORE = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))


class TicketHandler(WebSocketHandler):
    def upgrade_connection(self):
        try:
            ticket = ticket_in(self.environ["QUERY_STRING"])
            with asking_the_store():
                value, info = redemption(STORE, ticket).execute()
            self.environ["holder"] = holder_of(value, info, self.headers.get_all("Origin", []))
        except Refused as refused:
            self.start_response(f"{refused.status} Refused", list(refused.headers.items()))
            return [refused.body]
        return super().upgrade_connection()


def realtime(environ, start_response):
    if "holder" not in environ:
        start_response("426 Upgrade Required", [])
        return []
    websocket = environ["wsgi.websocket"]
    websocket.send(environ["holder"]["username"])
    while websocket.receive() is not None:
        pass
    return []


# With a log, gevent writes the address of each request into it, with the ticket in it (T13).
WSGIServer(("127.0.0.1", int(os.environ["PORT"])), realtime, log=None, handler_class=TicketHandler).serve_forever()
