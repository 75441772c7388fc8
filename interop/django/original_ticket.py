# SPDX-License-Identifier: Apache-2.0
"""Issues tickets in the form of the original package, weaknesses included: what those who come from it have running."""

import json
import uuid

import redis
from django.conf import settings
from django.http import JsonResponse
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST
from redis.backoff import NoBackoff
from redis.retry import Retry

# As redis-py was in its time, without sending again what failed.
STORE = redis.Redis(**settings.REALTIME_TICKET_REDIS, retry=Retry(NoBackoff(), 0))


def issue(user):
    if not user.is_authenticated:
        raise ValueError("Not logged in")
    ticket = str(uuid.uuid4())
    STORE.set(ticket, json.dumps({"id": user.pk, "username": user.get_username()}, default=str))
    STORE.expire(ticket, settings.REALTIME_TICKET_EXPIRE)
    return ticket


@require_POST
@csrf_protect
def ticket(request):
    try:
        return JsonResponse({"status": "ok", "message": issue(request.user)})
    except Exception as fault:
        return JsonResponse({"status": "error", "message": str(fault)})


class RealtimeTicketMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def process_template_response(self, request, response):
        try:
            issued = issue(request.user)
        except Exception:
            issued = None
        response.context_data = {**(response.context_data or {}), "realtime_ticket": issued}
        return response


realtime_ticket = decorator_from_middleware(RealtimeTicketMiddleware)
