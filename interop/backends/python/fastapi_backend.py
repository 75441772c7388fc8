# SPDX-License-Identifier: Apache-2.0
"""A backend in FastAPI or Starlette: python fastapi_backend.py"""

import logging
import os

import uvicorn
from fastapi import FastAPI, Response, WebSocket, WebSocketDisconnect
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from realtime_ticket import Refused, asking_the_store, holder_of, redemption, ticket_in

# A GETDEL whose answer is lost may have run, and is not sent again (T5). By default, Redis(host=...) would: ten times.
STORE = Redis.from_url(os.environ["REDIS_URL"], socket_timeout=1, socket_connect_timeout=1, retry=Retry(NoBackoff(), 0))

# uvicorn 0.54 takes a refusal for a forgotten handshake, and says so each time: anybody could fill the log.
logging.getLogger("uvicorn.error").addFilter(lambda line: "without completing handshake" not in line.getMessage())

app = FastAPI()


@app.websocket("/realtime")
async def realtime(websocket: WebSocket):
    try:
        ticket = ticket_in(websocket.url.query)
        with asking_the_store():
            value, info = await redemption(STORE, ticket).execute()
        holder = holder_of(value, info, websocket.headers.getlist("Origin"))
    except Refused as refused:
        await websocket.send_denial_response(Response(refused.body, refused.status, refused.headers))
        return
    await websocket.accept()
    await websocket.send_text(holder["username"])
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        pass


if __name__ == "__main__":
    # At the level info, uvicorn logs the address of each WebSocket, with the ticket in it (T13).
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning", access_log=False)
