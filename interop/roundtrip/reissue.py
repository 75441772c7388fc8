# SPDX-License-Identifier: Apache-2.0
"""For each ticket on a line: takes its value, reads it, and issues it on under a new ticket: python reissue.py <redis port>"""

import hashlib
import json
import secrets
import sys

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry


def key(ticket):
    return "ticket:" + hashlib.sha256(ticket.encode("ascii")).hexdigest()


def main(port):
    # Nothing is sent a second time (T5).
    store = redis.Redis(port=port, socket_timeout=10, retry=Retry(NoBackoff(), 0))
    for line in sys.stdin:
        value = json.loads(store.getdel(key(line.strip())))
        ticket = secrets.token_urlsafe(20)
        store.set(key(ticket), json.dumps(value), nx=True, px=60_000)
        print(ticket, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
