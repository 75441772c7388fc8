# SPDX-License-Identifier: Apache-2.0
"""What a backend does with a ticket, in any framework and with any Redis client; the rules (T2 and so on) are in protocol.md."""

import contextlib
import hashlib
import json
import logging
import os
import re
from urllib.parse import parse_qsl

AUDIENCE = os.environ.get("AUDIENCE")
# Set in compatible mode, where the key is the ticket after this prefix, which may be empty.
PREFIX = os.environ.get("COMPATIBLE_PREFIX")
MESSAGES = {401: "unauthorized", 403: "forbidden", 503: "unavailable"}
TICKET = re.compile("[A-Za-z0-9_-]{22,64}")
ID = {"id": (int, str), "username": (str,)}
RT = {"audience": str, "origin": str, "issued_at": int, "authorities": list, "history": str}
RT |= {"session": str, "until": int, "revision": str}
SESSION = re.compile("[0-9a-f]{1,64}")
REVISION = re.compile("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})")


class Refused(Exception):
    """What a connection request that is not let in is answered with (T11)."""

    def __init__(self, status):
        super().__init__(status)
        self.status = status
        self.headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
        if status == 401:
            self.headers["WWW-Authenticate"] = "Ticket"
        self.body = b'{"status":"error","message":"%s"}' % MESSAGES[status].encode()


def ticket_in(query):
    """The one ticket in a query (T10), well-formed (T2): a client must not name any other key of the store."""
    tickets = [value for name, value in parse_qsl(query or "", keep_blank_values=True) if name == "ticket"]
    if len(tickets) != 1 or not TICKET.fullmatch(tickets[0]):
        raise Refused(401)
    return tickets[0]


def key(ticket):
    """Where the store has it (T7)."""
    return "ticket:" + hashlib.sha256(ticket.encode()).hexdigest() if PREFIX is None else PREFIX + ticket


def redemption(store, ticket):
    """Takes the ticket and, behind it on the same connection, asks in which history (T4, T15): a pipeline of redis-py."""
    # In one text with its argument, INFO is answered in bytes, as it came.
    return store.pipeline(transaction=False).getdel(key(ticket)).execute_command("INFO replication")


@contextlib.contextmanager
def asking_the_store():
    """Nobody is let in by a fault (T5). A key of another type is no fault: there is no ticket (T8)."""
    try:
        yield
    except Exception as fault:
        if "WRONGTYPE " in str(fault):
            raise Refused(401) from None
        logging.getLogger(__name__).warning("The store failed: %s", type(fault).__name__)
        raise Refused(503) from None


def holder_of(value, info, origins, check=None):
    """The user a ticket stands for, from what the store had and told, and the request's Origin headers (T8, T15, T9)."""
    holder = read(value) if value else None
    if holder is None:
        raise Refused(401)
    rt = holder.pop("rt", {})
    if not is_of_history(rt.get("history"), info):
        logging.getLogger(__name__).warning("A ticket is refused that is of another history than the data of Redis")
        raise Refused(401)
    if check:
        check(holder, rt)  # Whether the login has ended (T16, T17), where that is followed.
    if any(rt.get("origin", origin) != origin for origin in origins) or rt.get("audience", AUDIENCE) != AUDIENCE:
        raise Refused(403)
    return holder


def history_in(info):
    """The history that INFO replication tells of (T15)."""
    # The last: before it stand the names that replicas announce, line breaks included.
    return next((line for line in reversed(info.splitlines()) if line.startswith(b"master_replid:")), None)


def is_of_history(history, info):
    """Whether INFO replication, asked behind a redemption, shows a primary of the ticket's history (T15)."""
    if history is None:
        return True  # The issuer does not say.
    role = next((line for line in info.splitlines() if line.startswith(b"role:")), None)
    return len(history) == 40 and role == b"role:master" and history_in(info) == b"master_replid:" + history.encode()


def members_of(value):
    """The members of a JSON object, read as strictly as T8 says, or None."""
    try:
        members = json.loads(str(value, "utf-8"), object_pairs_hook=unique, parse_int=integer)
        json.dumps(members, ensure_ascii=False, allow_nan=False).encode()  # Raises for unpaired surrogates and NaN.
        good = isinstance(members, dict) and len(value) <= 4096 and depth(members) <= 16
        return members if good else None
    except (ValueError, RecursionError):
        return None


def read(value):
    """The members of a value, or None if it is not what T8 says."""
    members = members_of(value)
    try:
        rt = members.get("rt", {})
        good = (
            # A bool is an int in Python, but no id.
            all(type(members[name]) in types and members[name] != "" for name, types in ID.items())
            and all(type(rt[name]) is RT[name] for name in RT.keys() & rt.keys())
            and all(1 <= len(rt.get(name, "?")) <= 512 for name in ("audience", "origin"))
            and all(-(2**63) <= rt.get(name, 0) < 2**63 for name in ("issued_at", "until"))
            and SESSION.fullmatch(rt.get("session", "0"))
            and REVISION.fullmatch(rt.get("revision", "0-0"))
            and all(isinstance(authority, str) and authority for authority in rt.get("authorities", []))
        )
        return members if good else None
    except (KeyError, AttributeError):
        return None


def unique(pairs):
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a duplicate name")
    return members


def integer(digits):
    if len(digits.lstrip("-")) > 1000:
        raise ValueError("too long")
    return int(digits)


def depth(value):
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if inside is None else 1 + max(map(depth, inside), default=0)
