// SPDX-License-Identifier: Apache-2.0
// What the protocol's test vectors say is what realtime-ticket.mjs does: VECTORS=protocol-vectors.json node --test

import assert from 'node:assert/strict';
import {EventEmitter} from 'node:events';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {Login, revocation, Revocations} from './realtime-revocations.mjs';
import {holderOf, keyOf, ticketIn} from './realtime-ticket.mjs';

const vectors = JSON.parse(readFileSync(process.env.VECTORS, 'utf8'));
const data = ({hex, value, parts}) =>
  hex === undefined ? Buffer.from(value ?? parts.map(([text, times]) => text.repeat(times)).join('')) : Buffer.from(hex, 'hex');
const info = history => `role:master\r\nmaster_replid:${history}\r\n`;
const refused = (status, action) => assert.throws(action, {status});

function each(name, section, check) {
  assert.ok(section.length > 0);
  test(name, () => section.forEach(vector => check(vector)));
}

each('T7: a ticket has this key', vectors.tickets, ({ticket, key, compatible_keys}) => {
  assert.equal(keyOf(ticketIn('/?ticket=' + ticket)), key);
  for (const [prefix, compatible] of Object.entries(compatible_keys)) assert.equal(keyOf(ticket, prefix), compatible);
});

each('T2: anything else is refused', vectors.refused_tickets, ({text}) =>
  refused(401, () => ticketIn('/?ticket=' + encodeURIComponent(text.toWellFormed()))));

each('T10: one well-formed ticket is found in a query', vectors.queries, ({query, tickets}) => {
  const url = query === null ? '/' : '/?' + query;
  if (tickets.length === 1 && /^[A-Za-z0-9_-]{22,64}$/.test(tickets[0])) assert.equal(ticketIn(url), tickets[0]);
  else refused(401, () => ticketIn(url));
});

each('T8: a value is read', vectors.values, vector => {
  const {id, username, attributes, rt} = vector;
  const read = () => holderOf(data(vector), info(rt.history), [], rt.audience);
  if (id.string === undefined && !Number.isSafeInteger(Number(id.integer))) return refused(401, read);
  assert.deepEqual(read(), {id: id.string ?? (id.integer === '0' ? read().id : Number(id.integer)), username, ...attributes});
  return assert.equal(String(read().id), id.string ?? id.integer);
});

// 1.0 and 1e3 are integers to JSON.parse, and a reader may take them.
const hidden = /:-?\d+(\.0(e1)?|[eE][03]+)[,}]/;
each('T8: anything else is nothing', vectors.nothing.filter(vector => !hidden.test(vector.value ?? '')), vector =>
  refused(401, () => holderOf(data(vector), '', [], 'chat')));

each('T9: a connection is admitted or forbidden', vectors.connections.filter(vector => vector.allowed_origins.length === 0),
  ({rt, origins, audience, status}) => {
    const value = Buffer.from(JSON.stringify({id: 1, username: 'alice', rt}));
    const read = () => holderOf(value, '', origins, audience ?? undefined);
    if (status === 200) assert.deepEqual(read(), {id: 1, username: 'alice'});
    else refused(status, read);
  });

each('T15: a ticket is of this history or refused', vectors.histories, ({history, info: told, admitted}) => {
  const rt = history === null ? {} : {history};
  const read = () => holderOf(Buffer.from(JSON.stringify({id: 1, username: 'alice', rt})), told, []);
  if (admitted) assert.deepEqual(read(), {id: 1, username: 'alice'});
  else refused(401, read);
});

const holder = {id: 1, username: 'alice'};
const read = (members, check) => holderOf(Buffer.from(JSON.stringify(members)), '', [], members.rt.audience, check);

// 2^63 and the integer below it are one number to JSON.parse.
each('T16, T17: a login is read', vectors.logins.filter(({why}) => why !== 'until beyond 64 bits'), vector => {
  const {session, until, revision} = vector;
  let rt;
  const check = (_, read) => { rt = read; };
  if (vector.nothing) return refused(401, () => read({...holder, rt: vector.rt}, check));
  read({...holder, rt: vector.rt}, check);
  return assert.deepEqual([rt.session ?? null, rt.until ?? null, rt.revision ?? null], [session, until, revision]);
});

// A holder whose id is no safe integer has no ticket here.
const cannotBeRead = ({nothing, id}) => nothing || (id.integer && !Number.isSafeInteger(Number(id.integer)));
each('T16: a revocation is read', vectors.revocations.filter(({text}) => !hidden.test(text)), vector => {
  const {text, kind, id, code} = vector;
  const name = () => JSON.stringify([kind, id.string ?? Number(id.integer)]);
  assert.deepEqual(revocation(text), cannotBeRead(vector) ? undefined : {name: name(), code});
});

// Nobody tells it anything.
const following = () => new Revocations({duplicate: () => new EventEmitter()});

function login({id = {integer: '1'}, rt, status}, told = []) {
  const revocations = following();
  for (const [revision, text] of told) {
    if (text === null) revocations.lost = {revision, at: 0};
    else revocations.tell(revision, revocation(text));
  }
  const one = new Login(revocations, 'AAECAwQFBgcICQoLDA0ODxAREhM', true);
  const members = {id: id.string ?? Number(id.integer), username: 'alice', rt};
  const opened = () => read(members, (...read) => one.check(...read));
  if (status === 200) opened();
  else refused(status, opened);
}

each('T16: a ticket is admitted or revoked', vectors.revoked, vector => login(vector, vector.told));

test('T16: whoever is told to go is heard no more, and goes', context => {
  context.mock.timers.enable({apis: ['setTimeout']});
  const heard = [];
  const told = [];
  const socket = new EventEmitter().on('message', message => heard.push(message));
  Object.assign(socket, {close: code => told.push(code), terminate: () => told.push('terminated')});
  const revocations = following();
  const one = new Login(revocations, 'AAECAwQFBgcICQoLDA0ODxAREhM', true);
  read({...holder, rt: {}}, (...read) => one.check(...read));
  one.opened(socket);
  socket.emit('message', 'before');

  revocations.tell('1-0', revocation('{"holder":1,"code":3003}'));
  revocations.end();
  socket.emit('message', 'after');
  context.mock.timers.tick(5_000);

  assert.deepEqual(heard, ['before']);
  assert.deepEqual(told, [3003, 'terminated']);
});

test('T16: what nothing was told of is looked at twice a second', context => {
  let now = 1000;
  context.mock.method(performance, 'now', () => now);
  const revocations = following();
  const lookedAt = [];
  for (const id of [1, 2]) {
    const one = new Login(revocations, `AAECAwQFBgcICQoLDA0ODxAREh${id}`, true);
    one.check({id}, {session: '5e5510'});
    one.closeIfOver = () => lookedAt.push(id);
    revocations.add(one);
  }
  revocations.end();
  lookedAt.length = 0;

  revocations.tell('1-0', revocation('{"holder":2}'));
  revocations.end();
  assert.deepEqual(lookedAt, [2]);

  now += 1000;
  revocations.end();
  assert.deepEqual(lookedAt, [2, 1, 2]);
  for (const one of revocations.logins) revocations.remove(one);
  assert.equal(revocations.logins.size + revocations.named.size, 0);
});

test('T17: a ticket is admitted until its deadline', context => {
  let now;
  context.mock.method(Date, 'now', () => now);
  for (const vector of vectors.deadlines) {
    now = vector.now;
    login(vector);
  }
});
