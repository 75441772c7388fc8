# SPDX-License-Identifier: Apache-2.0
"""Issues realtime tickets to the logged-in users of a Django project."""

import functools
import hashlib
import json
import logging
import secrets
import time

import redis
from django.conf import settings
from django.http import JsonResponse
from django.template.response import SimpleTemplateResponse
from django.views import csrf
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST
from redis.backoff import NoBackoff
from redis.retry import Retry

LOG = logging.getLogger(__name__)
# No command is sent a second time, so that a page waits for one timeout at most.
STORE = redis.Redis(**settings.REALTIME_TICKET_REDIS, retry=Retry(NoBackoff(), 0))


def issue(user, origin):
    """A ticket for this user, bound to the origin of a page; None if there is no user or the store is down."""
    if not user.is_authenticated:
        return None
    ticket = secrets.token_urlsafe(20)
    rt = {"issued_at": time.time_ns() // 1_000_000}
    if origin:
        rt["origin"] = origin
    value = {"id": user.pk if isinstance(user.pk, int) else str(user.pk), "username": user.get_username(), "rt": rt}
    key = "ticket:" + hashlib.sha256(ticket.encode("ascii")).hexdigest()
    try:
        kept = STORE.set(key, json.dumps(value), nx=True, px=settings.REALTIME_TICKET_EXPIRE * 1000)
    except redis.RedisError as fault:
        LOG.warning("No ticket could be issued: %s", type(fault).__name__)
        return None
    return ticket if kept else None


@require_POST
@csrf_protect
def ticket(request):
    """Answers with a ticket that is bound to the page which asks: the CSRF protection has compared its Origin."""
    if not request.user.is_authenticated:
        return answer(401, {"status": "error", "message": "unauthorized"})
    issued = issue(request.user, request.headers.get("Origin") or settings.REALTIME_TICKET_ORIGIN)
    if issued is None:
        return answer(503, {"status": "error", "message": "unavailable"})
    return answer(200, {"status": "ok", "message": issued, "expires_in": settings.REALTIME_TICKET_EXPIRE})


def is_shown(request):
    """Whether a page is shown to its user now: no HEAD, no prefetch, and from another site a navigation only."""
    sent = request.headers
    prefetch = any(sent.get(name, "").lower().startswith("prefetch") for name in ("Sec-Purpose", "Purpose", "X-Moz"))
    own = sent.get("Sec-Fetch-Site", "none") in ("same-origin", "none")
    navigation = sent.get("Sec-Fetch-Mode") == "navigate" and sent.get("Sec-Fetch-Dest") == "document"
    return request.method != "HEAD" and not prefetch and (own or navigation)


def realtime_ticket(view):
    """Puts `realtime_ticket` into the context of the view's TemplateResponse; it may be None."""

    @functools.wraps(view)
    def with_ticket(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        if isinstance(response, SimpleTemplateResponse):
            issued = issue(request.user, settings.REALTIME_TICKET_ORIGIN) if is_shown(request) else None
            response.context_data = {**(response.context_data or {}), "realtime_ticket": issued}
            response.headers["Cache-Control"] = "no-store"
        return response

    return with_ticket


def csrf_failure(request, reason=""):
    """For CSRF_FAILURE_VIEW: where tickets are issued, a refusal is JSON as well."""
    if request.resolver_match and request.resolver_match.func is ticket:
        return answer(403, {"status": "error", "message": "forbidden"})
    return csrf.csrf_failure(request, reason)


def answer(status, body):
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
