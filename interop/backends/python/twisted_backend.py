# SPDX-License-Identifier: Apache-2.0
"""A backend in Twisted with Autobahn: python twisted_backend.py"""

import os
from urllib.parse import urlsplit

import txredisapi
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from autobahn.websocket.types import ConnectionDeny
from twisted.internet import defer, reactor

from realtime_ticket import Refused, asking_the_store, holder_of, key, ticket_in

REDIS = urlsplit(os.environ["REDIS_URL"])
# txredisapi never sends a command twice (T5): it fails what a lost connection left unanswered, and tries to reconnect.
txredisapi.RedisFactory.initialDelay, txredisapi.RedisFactory.maxDelay = 0.1, 1
STORE = txredisapi.lazyConnection(REDIS.hostname, REDIS.port, charset=None, connectTimeout=1, replyTimeout=1)


class Realtime(WebSocketServerProtocol):
    @defer.inlineCallbacks
    def onConnect(self, request):
        try:
            ticket = ticket_in(self.http_request_uri.partition("?")[2])
            with asking_the_store():
                # Both go out on the same connection (T15). Without one, txredisapi waits for it: no longer than this.
                taken = STORE.execute_command("GETDEL", key(ticket))
                told = STORE.execute_command("INFO", "replication")
                value, info = yield defer.gatherResults([taken, told], consumeErrors=True).addTimeout(1.5, reactor)
            origin = request.headers.get("origin")
            self.holder = holder_of(value, info, [] if origin is None else [origin])
        except Refused as refused:
            # Autobahn sends the status alone, without a body.
            raise ConnectionDeny(refused.status, "Refused") from None

    def onOpen(self):
        self.sendMessage(self.holder["username"].encode())


factory = WebSocketServerFactory()
factory.protocol = Realtime
reactor.listenTCP(int(os.environ["PORT"]), factory, interface="127.0.0.1")
reactor.run()
