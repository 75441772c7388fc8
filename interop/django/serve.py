# SPDX-License-Identifier: Apache-2.0
"""Serves the site on a free port of the loopback interface, and says which: python serve.py web.hashed"""

import json
import os
import socket
import sys
import threading
from pathlib import Path

import django
import waitress

VECTORS = Path(__file__).parents[2] / "docs" / "protocol-vectors.json"


def names():
    values = json.loads(VECTORS.read_text("utf-8"))["values"]
    return dict.fromkeys(["alice", *(value["username"] for value in values if len(value["username"]) <= 150)])


def end_with_who_started_this():
    sys.stdin.read()
    os._exit(0)


def main(settings):
    threading.Thread(target=end_with_who_started_this, daemon=True).start()
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    os.environ["ORIGIN"] = f"http://127.0.0.1:{port}"
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()

    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from people.login import make_people

    call_command("migrate", run_syncdb=True, verbosity=0)
    make_people(names())
    server = waitress.create_server(get_wsgi_application(), sockets=[listening], threads=4)
    print(f"listening {port}", flush=True)
    server.run()


if __name__ == "__main__":
    main(sys.argv[1])
