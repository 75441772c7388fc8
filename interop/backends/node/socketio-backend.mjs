// SPDX-License-Identifier: Apache-2.0
// A backend in Socket.IO: node socketio-backend.mjs

import {createServer} from 'node:http';
import {createClient, RESP_TYPES} from 'redis';
import {Server} from 'socket.io';
import {admit, Refused} from './realtime-ticket.mjs';

// Without its queue, node-redis fails a command at once while there is no connection. It never sends one again whose answer was
// lost (T5): it fails those.
const store = createClient({
  url: process.env.REDIS_URL,
  disableOfflineQueue: true,
  socket: {connectTimeout: 1000, reconnectStrategy: 500},
  commandOptions: {timeout: 1000, typeMapping: {[RESP_TYPES.BLOB_STRING]: Buffer}},
});
store.on('error', fault => console.warn('The store:', fault.code ?? fault.constructor.name));
store.connect();

const server = createServer((request, response) => response.writeHead(426).end());
// WebSocket alone: with long-polling, one connection is many requests, and a ticket opens one.
const io = new Server({transports: ['websocket'], serveClient: false});
io.on('connection', socket => socket.send(socket.request.holder.username));

// Socket.IO's own hook, allowRequest, cannot choose the status. So it is asked only for what has been admitted.
io.attach(server, {path: '/realtime'});
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
