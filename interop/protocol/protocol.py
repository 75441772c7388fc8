# SPDX-License-Identifier: Apache-2.0
"""The protocol in Python, written from docs/protocol.md alone: what a gate decides. The store is left out."""

import hashlib
import json
import re
from decimal import Decimal
from urllib.parse import unquote_plus

TICKET = re.compile(r"[A-Za-z0-9_-]{22,64}")
BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
HOLDER = {"id": (int, str), "username": (str,)}
RT = {"audience": str, "origin": str, "issued_at": int, "authorities": list, "history": str}
HISTORY = re.compile(r"[0-9a-f]{40}")


def is_ticket(text):
    return TICKET.fullmatch(text) is not None


def sha256(ticket):
    return hashlib.sha256(ticket.encode("ascii")).hexdigest()


def fingerprint(ticket):
    return sha256(ticket)[:8]


def key(ticket):
    return "ticket:" + sha256(ticket)


def read(value):
    """The members of a value as the store had it, in bytes, or None for nothing (T8)."""
    if len(value) > 4096:
        return None
    try:
        members = json.loads(
            value.decode("utf-8"), object_pairs_hook=unique, parse_constant=refuse, parse_float=Decimal
        )
        check(members, 1)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return members if isinstance(members, dict) and is_holder(members) and is_rt(members.get("rt", {})) else None


def refusal(rt, origins, audience, allowed_origins):
    """None, or 403 for a ticket that is bound to something else (T9)."""
    for origin in origins:
        if rt.get("origin", origin) != origin or (allowed_origins and origin not in allowed_origins):
            return 403
    return None if rt.get("audience", audience) == audience else 403


def is_of_history(history, info):
    """Whether a ticket is let in by a server that answers INFO replication with this, behind the redemption (T15)."""
    roles = [line for line in info.splitlines() if line.startswith("role:")]
    histories = [line for line in info.splitlines() if line.startswith("master_replid:")]
    return history is None or bool(
        HISTORY.fullmatch(history) and roles[:1] == ["role:master"] and histories[-1:] == ["master_replid:" + history]
    )


def tickets_in_query(query):
    pairs = [part.partition("=") for part in (query or "").split("&")]
    return [decoded(text) for name, _, text in pairs if decoded(name) == "ticket"]


def subprotocols(lines):
    """The tickets among the offered subprotocols, and the others."""
    offered = [item.strip(" \t") for item in ",".join(lines).split(",")]
    tickets = [item.removeprefix("ticket.") for item in offered if item.startswith("ticket.")]
    return tickets, [item for item in offered if item and not item.startswith("ticket.")]


def decoded(text):
    return text if BROKEN_ESCAPE.search(text) else unquote_plus(text)


def is_holder(members):
    return all(type(members.get(name)) in types and members[name] != "" for name, types in HOLDER.items())


def is_rt(rt):
    return (
        isinstance(rt, dict)
        and all(type(rt[name]) is of_type for name, of_type in RT.items() if name in rt)
        and all(1 <= len(rt[name]) <= 512 for name in ("audience", "origin") if name in rt)
        and -(2**63) <= rt.get("issued_at", 0) < 2**63
        and all(isinstance(authority, str) and authority for authority in rt.get("authorities", []))
    )


def unique(pairs):
    members = dict(pairs)
    return members if len(members) == len(pairs) else refuse("a duplicate name")


def refuse(what):
    raise ValueError(what)


def check(value, depth):
    """Raises ValueError for what is no Unicode text, nests too deep or is too long a number."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, (dict, list)):
        if depth > 16:
            refuse("too deep")
        for element in [*value, *value.values()] if isinstance(value, dict) else value:
            check(element, depth + 1)
    elif isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        if len(digits) > 1000 or abs(exponent) > 1000:
            refuse("too long")
    elif isinstance(value, int) and abs(value) >= 10**1000:
        refuse("too long")
