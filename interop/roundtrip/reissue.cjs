// SPDX-License-Identifier: Apache-2.0
// For each ticket on a line: takes its value, reads it, and issues it on under a new ticket: node reissue.cjs <redis port>

const {createHash, randomBytes} = require('node:crypto');
const {createInterface} = require('node:readline');
const {createClient} = require('@redis/client');

const key = ticket => 'ticket:' + createHash('sha256').update(ticket, 'ascii').digest('hex');

// JSON.parse changes integers beyond 2^53, and whose id it is must not change: such a value goes on as it came.
function rewritten(text) {
  const value = JSON.parse(text);
  const exact = typeof value.id === 'string' || Number.isSafeInteger(value.id);
  return exact ? JSON.stringify(value) : text;
}

async function main(port) {
  const store = createClient({socket: {host: '127.0.0.1', port}});
  await store.connect();
  for await (const line of createInterface({input: process.stdin})) {
    const text = await store.getDel(key(line));
    const ticket = randomBytes(20).toString('base64url');
    await store.set(key(ticket), rewritten(text), {NX: true, PX: 60_000});
    process.stdout.write(ticket + '\n');
  }
  store.destroy();
}

main(Number(process.argv[2]));
