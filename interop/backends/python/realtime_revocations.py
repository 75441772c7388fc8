# SPDX-License-Identifier: Apache-2.0
"""Ends connections when their logins end, with asyncio and redis-py; the rules (T16, T17) are in protocol.md."""

import asyncio
import contextlib
import hashlib
import logging
import re
import secrets
import time

from realtime_ticket import SESSION, Refused, history_in, members_of, redemption

KEY = "ticket-revocations"
REMEMBERED = 360  # Seconds: the longest life of a ticket, and a minute for clocks.
ADDED_AGAIN = 50  # Seconds.
NAMES = {"session": SESSION, "holder": re.compile("(?s).+"), "ticket": re.compile("[0-9a-f]{64}")}
REASONS = {3000: "unauthorized", 3003: "forbidden"}
LOG = logging.getLogger(__name__)


def revocation(text):
    """The kind and the name of what an entry ends, and the code to close with; None if it cannot be read."""
    members = members_of(text) or {}
    named = [(kind, members[kind]) for kind in NAMES if kind in members]
    if len(named) != 1:
        return None
    kind, name = named[0]
    good = NAMES[kind].fullmatch(name) if isinstance(name, str) else kind == "holder" and type(name) is int
    return (named[0], 3003 if members.get("code") == 3003 else 3000) if good else None


def place(revision):
    return tuple(map(int, revision.split("-")))


def place_of(entries):
    return place(entries[0][0].decode()) if entries else (0, 0)


def by_clock(revision):
    """This id, if another can come above it; else whoever follows is behind until the stream is deleted."""
    if revision[0] < 10**15:
        return revision
    raise ValueError


class Revocations:
    """What was revoked lately, and the open connections that it ends."""

    def __init__(self, store):
        self.store = store
        self.told = {}  # Revision, code and time of each, by kind and name, the oldest first.
        self.lost = None  # Up to where something was lost, and when that was known.
        self.logins = set()
        self.named = {}  # The same by kind and name.
        self.ending = set()  # Those of them that something was told of.
        self.looked = 0  # When all were looked at.
        self.position = None  # Up to where it has been told; None: that is to be found out.
        self.last = None  # The highest entry that it knew of, which must be there still.
        self.gone = False
        self.history = None
        self.heard = time.monotonic()

    async def follow(self):
        """Is told what is revoked, for ever."""
        failed = False
        while True:
            try:
                await (self.begin() if self.position is None else self.read())
                failed = False
            except Exception as fault:
                if not failed:
                    LOG.warning("Nobody is told what is revoked: %s", type(fault).__name__)
                failed = True
                await self.store.connection_pool.disconnect(inuse_connections=False)  # The others may be as dead.
                await asyncio.sleep(0.1)
            self.end()

    def end(self):
        """Closes what has ended: of those that something was told of, and about twice a second of all."""
        due, self.ending = self.ending & self.logins, set()
        if time.monotonic() > self.looked + 0.25:
            due, self.looked = list(self.logins), time.monotonic()
        for login in due:
            login.close_if_over()

    async def begin(self):
        end, info = await self.pipeline().xrevrange(KEY, count=1).execute_command("INFO replication").execute()
        at, known, history = by_clock(place_of(end)), self.last or (0, 0), history_in(info)
        # In another history, what was revoked within a minute is added again, and what is older is not.
        self.gone |= self.history not in (None, history) and self.heard < time.monotonic() - ADDED_AGAIN
        if self.gone and at <= known:
            # So that there is an end that all that is lost is before, whatever the clock of Redis says.
            above = "%d-0" % (known[0] + 1)
            await self.store.xadd(KEY, {"r": '{"session":"%s"}' % secrets.token_hex(16)}, above, maxlen=100_000)
            return
        if self.gone:
            self.lost, self.looked = (at, time.monotonic()), 0
        if self.gone or not self.last:
            self.last = at if end else None
        self.gone, self.history = False, history
        self.position = (max(0, (self.last or at)[0] - REMEMBERED * 1000), 0)

    async def read(self):
        last = "%d-%d" % (self.last or self.position)
        step = self.pipeline().xrevrange(KEY, last, last, 1).xread({KEY: "%d-%d" % self.position}, 1000, 500)
        there, streams, info = await step.execute_command("INFO replication").execute()
        self.gone = self.last is not None and not there
        if self.gone or history_in(info) != self.history:
            self.position = None
            return
        for entry, fields in dict(streams or []).get(KEY.encode(), []):
            self.tell(by_clock(place(entry.decode())), revocation(fields.get(b"r", b"")))
        self.heard = time.monotonic()
        while self.told and self.told[oldest := next(iter(self.told))][2] < self.heard - REMEMBERED:
            del self.told[oldest]
        if self.lost and self.lost[1] < self.heard - REMEMBERED:
            self.lost = None

    def pipeline(self):
        return self.store.pipeline(transaction=False)

    def tell(self, revision, revoked):
        self.position, self.last = revision, max(self.last or revision, revision)
        if revoked is None:
            LOG.warning("The entry %d-%d cannot be read: whatever was to end has not ended", *revision)
            return
        name, code = revoked
        if name not in self.told or self.told[name][0] < revision:
            self.told.pop(name, None)
            self.told[name] = (revision, code, time.monotonic())
            self.ending |= self.named.get(name, set())

    def add(self, login):
        self.logins.add(login)
        for name in login.names:
            self.named.setdefault(name, set()).add(login)

    def remove(self, login):
        self.logins.discard(login)
        for name in login.names:
            named = self.named.get(name, set())
            named.discard(login)
            if not named:
                self.named.pop(name, None)

    async def redeem(self, ticket):
        """What the store had and told of this ticket, and the login that its connection ends with."""
        since = self.last or (0, 0)
        value, info, end = await redemption(self.store, ticket).xrevrange(KEY, count=1).execute()
        end = place_of(end)

        def is_told():
            return self.position is not None and self.position >= end and self.history == history_in(info)

        patience = time.monotonic() + 0.75
        while not is_told() and time.monotonic() < min(patience, self.heard + 3):
            await asyncio.sleep(0.005)
        # Where the end is before what had been read, the stream is another one.
        return value, info, Login(self, ticket, is_told() and since <= end)


class Login:
    """What a ticket and its connection belong to."""

    def __init__(self, revocations, ticket, current):
        self.revocations = revocations
        self.current = current
        self.names = [("ticket", hashlib.sha256(ticket.encode()).hexdigest())]

    def check(self, holder, rt):
        """Refuses what has ended, for holder_of."""
        self.revision = place(rt["revision"]) if "revision" in rt else None
        self.until = rt.get("until", float("inf")) / 1000
        self.names += [("holder", holder["id"])] + [("session", rt[name]) for name in rt if name == "session"]
        if "session" in rt and not self.current:
            raise Refused(503)
        if self.code():
            raise Refused(401)

    def code(self):
        """What to close with by now, or 0."""
        codes = [3000 if self.until <= time.time() else 0]
        for kind, name in self.names:
            revision, code, _ = self.revocations.told.get((kind, name), ((0, 0), 0, 0))
            codes.append(0 if kind == "holder" and self.knows(revision) else code)
        lost = self.revocations.lost
        if lost and (self.revision or len(self.names) == 3) and not self.knows(lost[0]):
            codes.append(3000)
        return max(codes)

    def knows(self, revision):
        return self.revision is not None and self.revision >= revision

    @contextlib.contextmanager
    def opened(self, close):
        """As long as this lasts, the end of the login cancels it and closes the connection: close(code, reason) is a task."""
        self.close, self.task, self.over = close, asyncio.current_task(), False
        self.revocations.add(self)
        try:
            self.close_if_over()
            yield
        except asyncio.CancelledError:
            if not self.over or getattr(self.task, "uncancel", int)() > 0:
                raise
        finally:
            self.revocations.remove(self)

    def close_if_over(self):
        if code := self.code():
            self.revocations.remove(self)
            self.over = True
            self.closing = asyncio.create_task(self.close(code, REASONS[code]))
            self.task.cancel()  # Whoever is told to go is heard no more.
