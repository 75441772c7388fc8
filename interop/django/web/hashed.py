# SPDX-License-Identifier: Apache-2.0
"""Settings of a site that issues in our form."""

import os

from .common import *

REALTIME_TICKET_EXPIRE = 10
REALTIME_TICKET_REDIS = {
    "host": "127.0.0.1",
    "port": int(os.environ["REDIS_PORT"]),
    "db": 0,
    "socket_timeout": 1,
    "password": None,
}
REALTIME_TICKET_ORIGIN = os.environ["ORIGIN"]
CSRF_FAILURE_VIEW = "realtime_ticket.csrf_failure"

TICKETS = "realtime_ticket"
