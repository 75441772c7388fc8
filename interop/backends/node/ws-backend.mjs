// SPDX-License-Identifier: Apache-2.0
// A backend with ws: node ws-backend.mjs

import {createServer} from 'node:http';
import {createClient, RESP_TYPES} from 'redis';
import {WebSocketServer} from 'ws';
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

const realtime = new WebSocketServer({noServer: true});
realtime.on('connection', (socket, request, holder) => socket.send(holder.username));

const server = createServer((request, response) => response.writeHead(426).end());
server.on('upgrade', async (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  try {
    const holder = await admit(request, store);
    realtime.handleUpgrade(request, socket, head, opened => realtime.emit('connection', opened, request, holder));
  } catch (fault) {
    (fault instanceof Refused ? fault : new Refused(503)).endHandshake(socket);
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');
