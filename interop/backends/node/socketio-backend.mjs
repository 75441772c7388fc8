// SPDX-License-Identifier: Apache-2.0
// A backend in Socket.IO: node socketio-backend.mjs

import {createServer} from 'node:http';
import {Redis} from 'ioredis';
import {Server} from 'socket.io';
import {admit, Refused} from './realtime-ticket.mjs';

// ioredis sends a command up to 20 times, and again what a lost connection left unanswered. A GETDEL may have run: never twice (T5).
const store = new Redis(process.env.REDIS_URL, {
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  connectTimeout: 1000,
  commandTimeout: 1000,
  socketTimeout: 1000,
});
store.on('error', fault => console.warn('The store:', fault.code ?? fault.constructor.name));

const server = createServer((request, response) => response.writeHead(426).end());
// WebSocket alone: with long-polling, one connection is many requests, and a ticket opens one.
const io = new Server({transports: ['websocket'], serveClient: false});
io.on('connection', socket => socket.send(socket.request.holder.username));

// Socket.IO's own hook, allowRequest, cannot choose the status. So it is asked only for what has been admitted.
io.attach(server);
const [upgrade] = server.listeners('upgrade');
server.removeAllListeners('upgrade').on('upgrade', async (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  try {
    request.holder = await admit(request, store);
    upgrade(request, socket, head);
  } catch (fault) {
    (fault instanceof Refused ? fault : new Refused(503)).endHandshake(socket);
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');
