# SPDX-License-Identifier: Apache-2.0
"""A backend in Cyclone, for long-polling: its WebSockets do not work on Python 3. python cyclone_backend.py"""

import os
from urllib.parse import urlsplit

import txredisapi
from cyclone.web import Application, RequestHandler
from twisted.internet import defer, reactor

from realtime_ticket import Refused, asking_the_store, holder_of, key, ticket_in

REDIS = urlsplit(os.environ["REDIS_URL"])
# txredisapi never sends a command twice (T5): it fails what a lost connection left unanswered, and tries to reconnect.
txredisapi.RedisFactory.initialDelay, txredisapi.RedisFactory.maxDelay = 0.1, 1
STORE = txredisapi.lazyConnection(REDIS.hostname, REDIS.port, charset=None, connectTimeout=1, replyTimeout=1)


class Realtime(RequestHandler):
    @defer.inlineCallbacks
    def get(self):
        try:
            ticket = ticket_in(self.request.query)
            with asking_the_store():
                # Both go out on the same connection (T15). Without one, txredisapi waits for it: no longer than this.
                taken = STORE.execute_command("GETDEL", key(ticket))
                told = STORE.execute_command("INFO", "replication")
                value, info = yield defer.gatherResults([taken, told], consumeErrors=True).addTimeout(1.5, reactor)
            holder = holder_of(value, info, self.request.headers.get_list("Origin"))
        except Refused as refused:
            self.set_status(refused.status)
            for name, text in refused.headers.items():
                self.set_header(name, text)
            self.finish(refused.body)
        else:
            self.finish(holder["username"])


application = Application([("/realtime", Realtime)], log_function=lambda handler: None)
reactor.listenTCP(int(os.environ["PORT"]), application, interface="127.0.0.1")
reactor.run()
