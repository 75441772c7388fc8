// SPDX-License-Identifier: Apache-2.0
// Ends connections when their logins end, with ioredis; the rules (T16, T17) are in protocol.md.

import {createHash, randomBytes} from 'node:crypto';
import {setTimeout as pause} from 'node:timers/promises';
import {answersTo, historyIn, holderOf, isId, matches, membersOf, redemption, Refused, ticketIn} from './realtime-ticket.mjs';

const KEY = 'ticket-revocations';
const REMEMBERED = 360_000; // The longest life of a ticket, and a minute for clocks.
const ADDED_AGAIN = 50_000;
const PATIENCE = 5_000;
const REASONS = {3000: 'unauthorized', 3003: 'forbidden'};
const IS_NAME = {
  session: name => matches(name, /^[0-9a-f]{1,64}$/),
  holder: isId,
  ticket: name => matches(name, /^[0-9a-f]{64}$/),
};

/** The name of what an entry ends, and the code to close with; undefined if it cannot be read. */
export function revocation(text) {
  const members = membersOf(Buffer.from(text)) ?? {};
  const kinds = Object.keys(IS_NAME).filter(kind => kind in members);
  const [kind] = kinds;
  const isName = IS_NAME[kind];
  if (kinds.length !== 1 || !isName(members[kind])) return undefined;
  return {name: nameOf(kind, members[kind]), code: members.code === 3003 ? 3003 : 3000};
}

// 7 is not "7".
const nameOf = (kind, id) => JSON.stringify([kind, id]);
const now = () => performance.now();
const answers = async pipeline => (await pipeline.exec()).map(([fault, answer]) => {
  if (fault) throw fault;
  return answer;
});
const idOf = entries => entries[0]?.[0] ?? '0-0';
// Two numbers of up to 20 digits, as a text that compares like them.
const place = id => id.replace(/\d+/g, digits => digits.padStart(20, '0'));
const isBelow = (id, other) => place(id) < place(other);
const timeOf = id => Number(id.split('-')[0]);
// This id, if another can come above it; else whoever follows is behind until the stream is deleted.
const byClock = id => {
  if (timeOf(id) < 1e15) return id;
  throw new RangeError(`no clock gives the id ${id}: delete the stream`);
};

/** What was revoked lately, and the open connections that it ends. */
export class Revocations {
  told = new Map(); // Revision, code and time of each, by name, the oldest first.
  lost; // Up to where something was lost, and when that was known.
  logins = new Set();
  named = new Map(); // The same by name.
  ending = new Set(); // Those of them that something was told of.
  looked = 0; // When all were looked at.
  position; // Up to where it has been told; undefined: that is to be found out.
  last; // The highest entry that it knew of, which must be there still.
  gone = false;
  history;
  heard = now();

  constructor(store) {
    this.store = store;
    this.feed = store.duplicate({retryStrategy: () => 100}).on('error', () => {});
  }

  /** Is told what is revoked, for ever. */
  async follow() {
    for (let failed = false; ; ) {
      try {
        await (this.position === undefined ? this.begin() : this.read());
        failed = false;
      } catch (fault) {
        if (!failed) console.warn('Nobody is told what is revoked:', fault.message);
        failed = true;
        await pause(100);
      }
      this.end();
    }
  }

  /** Closes what has ended: of those that something was told of, and about twice a second of all. */
  end() {
    const isTime = now() > this.looked + 250;
    const due = isTime ? this.logins : this.ending;
    if (isTime) this.looked = now();
    this.ending = new Set();
    for (const login of due) login.closeIfOver();
  }

  async begin() {
    const [entries, info] = await answers(this.feed.pipeline().xrevrange(KEY, '+', '-', 'COUNT', 1).info('replication'));
    const [end, known, history] = [byClock(idOf(entries)), this.last ?? '0-0', historyIn(info)];
    // In another history, what was revoked within a minute is added again, and what is older is not.
    this.gone ||= (this.history ?? history) !== history && this.heard < now() - ADDED_AGAIN;
    if (this.gone && !isBelow(known, end)) {
      // So that there is an end that all that is lost is before, whatever the clock of Redis says.
      const nobody = JSON.stringify({session: randomBytes(16).toString('hex')});
      return void (await this.feed.xadd(KEY, 'MAXLEN', '~', 100_000, `${timeOf(known) + 1}-0`, 'r', nobody));
    }
    if (this.gone) Object.assign(this, {lost: {revision: end, at: now()}, looked: 0});
    if (this.gone || this.last === undefined) this.last = entries.length === 0 ? undefined : end;
    Object.assign(this, {gone: false, history});
    this.position = `${Math.max(0, timeOf(this.last ?? end) - REMEMBERED)}-0`;
  }

  async read() {
    const last = this.last ?? this.position;
    const step = this.feed.pipeline().xrevrange(KEY, last, last, 'COUNT', 1);
    step.xread('COUNT', 1000, 'BLOCK', 500, 'STREAMS', KEY, this.position).info('replication');
    const [there, streams, info] = await answers(step);
    this.gone = this.last !== undefined && there.length === 0;
    if (this.gone || historyIn(info) !== this.history) return void (this.position = undefined);
    for (const [id, fields] of streams?.[0][1] ?? []) this.tell(byClock(id), revocation(fields[fields.indexOf('r') + 1]));
    this.heard = now();
    for (const [name, {at}] of this.told) {
      if (at > this.heard - REMEMBERED) break;
      this.told.delete(name);
    }
    if (this.lost?.at < this.heard - REMEMBERED) this.lost = undefined;
  }

  tell(revision, revoked) {
    this.position = revision;
    if (isBelow(this.last ?? '', revision)) this.last = revision;
    if (revoked === undefined) {
      console.warn(`The entry ${revision} cannot be read: whatever was to end has not ended`);
    } else if (isBelow(this.told.get(revoked.name)?.revision ?? '', revision)) {
      this.told.delete(revoked.name);
      this.told.set(revoked.name, {revision, code: revoked.code, at: now()});
      for (const login of this.named.get(revoked.name) ?? []) this.ending.add(login);
    }
  }

  add(login) {
    this.logins.add(login);
    for (const name of login.names) this.named.set(name, (this.named.get(name) ?? new Set()).add(login));
  }

  remove(login) {
    this.logins.delete(login);
    for (const name of login.names) {
      const named = this.named.get(name);
      named?.delete(login);
      if (named?.size === 0) this.named.delete(name);
    }
  }

  /** Redeems the ticket of a request: the login of the user it stands for, or Refused. */
  async admit(request) {
    const ticket = ticketIn(request.url);
    const since = this.last ?? '0-0';
    const [value, info, entries] = await answersTo(redemption(this.store, ticket).xrevrange(KEY, '+', '-', 'COUNT', 1));
    const end = idOf(entries);
    const isTold = () => this.position !== undefined && !isBelow(this.position, end) && this.history === historyIn(info);
    const patience = now() + 750;
    while (!isTold() && now() < Math.min(patience, this.heard + 3000)) await pause(5);
    // Where the end is before what had been read, the stream is another one.
    const login = new Login(this, ticket, isTold() && !isBelow(end, since));
    holderOf(value, info, request.headersDistinct.origin ?? [], undefined, (holder, rt) => login.check(holder, rt));
    return login;
  }
}

/** What a ticket and its connection belong to. */
export class Login {
  constructor(revocations, ticket, current) {
    Object.assign(this, {revocations, current});
    this.names = [nameOf('ticket', createHash('sha256').update(ticket).digest('hex'))];
  }

  check(holder, {session, until = Infinity, revision}) {
    Object.assign(this, {holder, session, until, revision, user: nameOf('holder', holder.id)});
    this.names.push(this.user);
    if (session !== undefined) this.names.push(nameOf('session', session));
    if (session !== undefined && !this.current) throw new Refused(503);
    if (this.code() > 0) throw new Refused(401);
  }

  /** What to close with by now, or 0. */
  code() {
    const {told, lost} = this.revocations;
    const codes = this.names.map(name => {
      const revoked = told.get(name);
      return revoked === undefined || (name === this.user && this.knows(revoked.revision)) ? 0 : revoked.code;
    });
    const isLost = lost !== undefined && (this.session ?? this.revision) !== undefined && !this.knows(lost.revision);
    return Math.max(...codes, isLost || this.until <= Date.now() ? 3000 : 0);
  }

  knows(revision) {
    return this.revision !== undefined && !isBelow(this.revision, revision);
  }

  /** Until it is closed, the end of the login closes this WebSocket of ws, whose listeners for messages are there already. */
  opened(socket) {
    this.socket = socket;
    this.revocations.add(this);
    socket.on('close', () => this.revocations.remove(this));
    this.closeIfOver();
  }

  closeIfOver() {
    const code = this.code();
    if (code === 0) return;
    this.revocations.remove(this);
    // Whoever is told to go is heard no more, and goes: ws would wait for the answer for 30 seconds.
    this.socket.removeAllListeners('message');
    this.socket.close(code, REASONS[code]);
    setTimeout(() => this.socket.terminate(), PATIENCE).unref();
  }
}
