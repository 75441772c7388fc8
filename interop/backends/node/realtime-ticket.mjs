// SPDX-License-Identifier: Apache-2.0
// What a backend does with a ticket, in any framework; the rules (T2 and so on) are in protocol.md.

import {createHash} from 'node:crypto';
import {STATUS_CODES} from 'node:http';

// COMPATIBLE_PREFIX is set in compatible mode, where the key is the ticket after this prefix, which may be empty.
const {AUDIENCE, COMPATIBLE_PREFIX: PREFIX} = process.env;
const MESSAGES = {401: 'unauthorized', 403: 'forbidden', 503: 'unavailable'};
const IS_TICKET = /^[A-Za-z0-9_-]{22,64}$/;
const STRING_OR_NAME = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
const UTF8 = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

/** What a connection request that is not let in is answered with (T11). */
export class Refused extends Error {
  constructor(status) {
    super(`refused with ${status}`);
    this.status = status;
    this.headers = {'Content-Type': 'application/json', 'Cache-Control': 'no-store'};
    if (status === 401) this.headers['WWW-Authenticate'] = 'Ticket';
    this.body = JSON.stringify({status: 'error', message: MESSAGES[status]});
  }

  /** The answer on the socket of a handshake. */
  endHandshake(socket) {
    const headers = {...this.headers, 'Content-Length': this.body.length, Connection: 'close'};
    const lines = Object.entries(headers).map(([name, text]) => `${name}: ${text}\r\n`);
    socket.end(`HTTP/1.1 ${this.status} ${STATUS_CODES[this.status]}\r\n${lines.join('')}\r\n${this.body}`);
  }
}

/** Redeems the ticket of a request: the user it stands for, or Refused. The store is one of ioredis. */
export async function admit(request, store) {
  const [value, info] = await answersTo(redemption(store, ticketIn(request.url)));
  return holderOf(value, info, request.headersDistinct.origin ?? []);
}

/** Takes the ticket and, behind it on the same connection, asks in which history (T4, T15): a pipeline of ioredis. */
export const redemption = (store, ticket) => store.pipeline().getdelBuffer(keyOf(ticket)).info('replication');

/** What the store answers. Nobody is let in by a fault (T5). A key of another type is no fault: there is no ticket (T8). */
export async function answersTo(pipeline) {
  const answers = await pipeline.exec();
  const fault = answers.find(([fault]) => fault)?.[0];
  if (fault?.message.startsWith('WRONGTYPE')) throw new Refused(401);
  if (fault) {
    console.warn('The store failed:', fault.constructor.name);
    throw new Refused(503);
  }
  return answers.map(([, answer]) => answer);
}

/** The one ticket in an address (T10), well-formed (T2): a client must not name any other key of the store. */
export function ticketIn(url) {
  const mark = url.indexOf('?');
  // Behind an empty parameter, because a question mark that begins the text would be left out.
  const tickets = new URLSearchParams(mark < 0 ? '' : '&' + url.slice(mark + 1)).getAll('ticket');
  if (tickets.length !== 1 || !IS_TICKET.test(tickets[0])) throw new Refused(401);
  return tickets[0];
}

/** Where the store has it (T7). */
export function keyOf(ticket, prefix = PREFIX) {
  return prefix === undefined ? 'ticket:' + createHash('sha256').update(ticket).digest('hex') : prefix + ticket;
}

/** The user a ticket stands for, from what the store had and told, and the request's Origin headers (T8, T15, T9). */
export function holderOf(value, info, origins, audience = AUDIENCE, check = () => {}) {
  const members = value === null ? undefined : read(value);
  if (members === undefined) throw new Refused(401);
  const {rt = {}, ...holder} = members;
  if (!isOfHistory(rt.history, info)) {
    console.warn('A ticket is refused that is of another history than the data of Redis');
    throw new Refused(401);
  }
  check(holder, rt); // Whether the login has ended (T16, T17), where that is followed.
  const wrongOrigin = rt.origin !== undefined && origins.some(origin => origin !== rt.origin);
  if (wrongOrigin || (rt.audience !== undefined && rt.audience !== audience)) throw new Refused(403);
  return holder;
}

/** The history that INFO replication tells of (T15): the last, since before it stand the names that replicas announce, line breaks included. */
export const historyIn = info => info.split(/\r?\n/).filter(line => line.startsWith('master_replid:')).at(-1);

/** Whether INFO replication, asked behind a redemption, shows a primary of the ticket's history (T15). */
export function isOfHistory(history, info) {
  if (history === undefined) return true; // The issuer does not say.
  const role = info.split(/\r?\n/).find(line => line.startsWith('role:'));
  return history.length === 40 && role === 'role:master' && historyIn(info) === 'master_replid:' + history;
}

/** The members of a JSON object, read as strictly as T8 says, or undefined. */
export function membersOf(value) {
  try {
    const text = UTF8.decode(value);
    const members = JSON.parse(text);
    // JSON.parse keeps the last of two members with one name.
    const names = [...text.matchAll(STRING_OR_NAME)].filter(([, colon]) => colon).length;
    return isObject(members) && value.length <= 4096 && names === count(members, 1) ? members : undefined;
  } catch {
    return undefined;
  }
}

// The members of a value, or undefined if it is not what T8 says.
function read(value) {
  const members = membersOf(value);
  return members !== undefined && isHolder(members) && isRt(members.rt === undefined ? {} : members.rt) ? members : undefined;
}

// JSON.parse rounds integers beyond 2^53: whose id that is must not depend on it.
export const isId = id => Number.isSafeInteger(id) || isText(id);
const isHolder = ({id, username}) => isId(id) && isText(username);

const isRt = rt =>
  isObject(rt) &&
  isName(rt.audience) &&
  isName(rt.origin) &&
  (!('issued_at' in rt) || Number.isSafeInteger(rt.issued_at)) &&
  (!('authorities' in rt) || (Array.isArray(rt.authorities) && rt.authorities.every(isText))) &&
  (!('history' in rt) || typeof rt.history === 'string') &&
  (!('session' in rt) || matches(rt.session, /^[0-9a-f]{1,64}$/)) &&
  (!('until' in rt) || (Number.isInteger(rt.until) && Math.abs(rt.until) <= 2 ** 63)) &&
  (!('revision' in rt) || matches(rt.revision, /^(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})$/));
export const matches = (text, pattern) => typeof text === 'string' && pattern.test(text);
const isText = text => typeof text === 'string' && text !== '';
const isName = text => text === undefined || (isText(text) && text.length <= 512);
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value);

// How many members there are at all depths; throws for what JSON has and we do not take.
function count(value, depth) {
  if (typeof value === 'string' ? !value.isWellFormed() : value === Infinity || value === -Infinity) throw new RangeError();
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > 16 || !Object.keys(value).every(name => name.isWellFormed())) throw new RangeError();
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, inside) => sum + count(inside, depth + 1), own);
}
