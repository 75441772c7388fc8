// SPDX-License-Identifier: Apache-2.0
// A backend with ws whose connections end with the login: node ws-revocations-backend.mjs

import {createServer} from 'node:http';
import {Redis} from 'ioredis';
import {WebSocketServer} from 'ws';
import {Revocations} from './realtime-revocations.mjs';
import {Refused} from './realtime-ticket.mjs';

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

const revocations = new Revocations(store);
revocations.follow();

const realtime = new WebSocketServer({noServer: true});
realtime.on('connection', (socket, request, login) => {
  socket.on('error', () => socket.terminate()); // Without it, one broken frame would end the process.
  socket.send(login.holder.username);
  login.opened(socket);
});

const server = createServer((request, response) => response.writeHead(426).end());
server.on('upgrade', async (request, socket, head) => {
  socket.on('error', () => socket.destroy());
  try {
    const login = await revocations.admit(request);
    realtime.handleUpgrade(request, socket, head, opened => realtime.emit('connection', opened, request, login));
  } catch (fault) {
    (fault instanceof Refused ? fault : new Refused(503)).endHandshake(socket);
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');
