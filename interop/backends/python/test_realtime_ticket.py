# SPDX-License-Identifier: Apache-2.0
"""What the protocol's test vectors say is what realtime_ticket.py does: python -m unittest test_realtime_ticket"""

import asyncio
import json
import unittest
from pathlib import Path
from unittest.mock import patch

import realtime_revocations
import realtime_ticket
from realtime_ticket import Refused

VECTORS = json.loads((Path(__file__).parents[3] / "docs" / "protocol-vectors.json").read_text("utf-8"))


def data(vector):
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    return vector.get("value", "".join(text * times for text, times in vector.get("parts", []))).encode("utf-8")


def info(history):
    return f"role:master\r\nmaster_replid:{history}\r\n".encode()


class RealtimeTicketTest(unittest.TestCase):
    def each(self, section, test):
        self.assertTrue(VECTORS[section])
        for vector in VECTORS[section]:
            with self.subTest(vector):
                test(vector)

    def refused(self, status, action, *arguments):
        with self.assertRaises(Refused) as caught:
            action(*arguments)
        self.assertEqual(caught.exception.status, status)

    def test_t7_a_ticket_has_this_key(self):
        def test(vector):
            self.assertEqual(realtime_ticket.key(vector["ticket"]), vector["key"])
            for prefix, key in vector["compatible_keys"].items():
                with patch("realtime_ticket.PREFIX", prefix):
                    self.assertEqual(realtime_ticket.key(vector["ticket"]), key)

        self.each("tickets", test)

    def test_t2_t10_one_well_formed_ticket_is_found_in_a_query(self):
        def test(vector):
            tickets = vector["tickets"]
            if len(tickets) == 1 and realtime_ticket.TICKET.fullmatch(tickets[0]):
                self.assertEqual(realtime_ticket.ticket_in(vector["query"]), tickets[0])
            else:
                self.refused(401, realtime_ticket.ticket_in, vector["query"])

        self.each("queries", test)

    def test_t2_what_is_no_ticket_is_refused(self):
        self.each("tickets", lambda vector: self.assertTrue(realtime_ticket.TICKET.fullmatch(vector["ticket"])))
        self.each("refused_tickets", lambda vector: self.assertFalse(realtime_ticket.TICKET.fullmatch(vector["text"])))

    def test_t8_a_value_is_read(self):
        def test(vector):
            with patch("realtime_ticket.AUDIENCE", vector["rt"].get("audience")):
                holder = realtime_ticket.holder_of(data(vector), info(vector["rt"].get("history")), [])
            user_id = vector["id"].get("string", int(vector["id"].get("integer", 0)))
            expected = {"id": user_id, "username": vector["username"], **vector["attributes"]}
            self.assertEqual((type(holder["id"]), holder), (type(user_id), expected))

        self.each("values", test)

    def test_t8_anything_else_is_nothing(self):
        self.each("nothing", lambda vector: self.refused(401, realtime_ticket.holder_of, data(vector), b"", []))
        self.refused(401, realtime_ticket.holder_of, None, b"", [])

    def test_t9_a_connection_is_admitted_or_forbidden(self):
        def test(vector):
            value = json.dumps({"id": 1, "username": "alice", "rt": vector["rt"]}).encode()
            with patch("realtime_ticket.AUDIENCE", vector["audience"]):
                if vector["status"] == 200:
                    holder = realtime_ticket.holder_of(value, b"", vector["origins"])
                    self.assertEqual(holder, {"id": 1, "username": "alice"})
                else:
                    self.refused(vector["status"], realtime_ticket.holder_of, value, b"", vector["origins"])

        VECTORS["own_origins"] = [vector for vector in VECTORS["connections"] if not vector["allowed_origins"]]
        self.each("own_origins", test)

    def test_t15_a_ticket_is_of_this_history_or_refused(self):
        def test(vector):
            told = vector["info"].encode()
            rt = {} if vector["history"] is None else {"history": vector["history"]}
            value = json.dumps({"id": 1, "username": "alice", "rt": rt}).encode()
            if vector["admitted"]:
                realtime_ticket.holder_of(value, told, [])
            else:
                self.refused(401, realtime_ticket.holder_of, value, told, [])

        self.each("histories", test)

    def test_t16_t17_a_login_is_read(self):
        def test(vector):
            members = realtime_ticket.read(json.dumps({"id": 1, "username": "alice", "rt": vector["rt"]}).encode())
            if vector.get("nothing"):
                self.assertIsNone(members)
            else:
                expected = [vector[name] for name in ("session", "until", "revision")]
                self.assertEqual([members["rt"].get(name) for name in ("session", "until", "revision")], expected)

        self.each("logins", test)

    def test_t16_a_revocation_is_read(self):
        def test(vector):
            read = realtime_revocations.revocation(vector["text"].encode())
            if vector.get("nothing"):
                self.assertIsNone(read)
            else:
                name = vector["id"].get("string", int(vector["id"].get("integer", 0)))
                self.assertEqual(read, ((vector["kind"], name), vector["code"]))
                self.assertIs(type(read[0][1]), type(name))

        self.each("revocations", test)

    def login(self, vector, told=()):
        revocations = realtime_revocations.Revocations(None)
        for revision, text in told:
            if text is None:
                revocations.lost = (realtime_revocations.place(revision), 0)
            else:
                revocations.tell(realtime_revocations.place(revision), realtime_revocations.revocation(text.encode()))
        login = realtime_revocations.Login(revocations, "AAECAwQFBgcICQoLDA0ODxAREhM", True)
        user_id = vector.get("id", {"integer": "1"})
        value = {"id": user_id.get("string", int(user_id.get("integer", 0))), "username": "alice", "rt": vector["rt"]}
        if vector["status"] == 200:
            realtime_ticket.holder_of(json.dumps(value).encode(), b"", [], login.check)
        else:
            self.refused(vector["status"], realtime_ticket.holder_of, json.dumps(value).encode(), b"", [], login.check)

    def test_t16_a_ticket_is_admitted_or_revoked(self):
        self.each("revoked", lambda vector: self.login(vector, vector["told"]))

    def test_t16_whoever_is_told_to_go_is_heard_no_more(self):
        heard, told = [], []

        async def close(code, reason):
            told.append((code, reason))

        async def serve(login, messages):
            with login.opened(close):
                while True:
                    heard.append(await messages.get())

        async def run():
            revocations, messages = realtime_revocations.Revocations(None), asyncio.Queue()
            login = realtime_revocations.Login(revocations, "AAECAwQFBgcICQoLDA0ODxAREhM", True)
            realtime_ticket.holder_of(b'{"id":1,"username":"alice"}', b"", [], login.check)
            serving = asyncio.create_task(serve(login, messages))
            messages.put_nowait("before")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            revocations.tell((1, 0), realtime_revocations.revocation(b'{"holder":1,"code":3003}'))
            revocations.end()
            messages.put_nowait("after")
            await asyncio.wait_for(serving, 20)

        asyncio.run(run())
        self.assertEqual((heard, told), (["before"], [(3003, "forbidden")]))

    def test_t16_what_nothing_was_told_of_is_looked_at_twice_a_second(self):
        revocations, looked_at = realtime_revocations.Revocations(None), []
        for holder in (1, 2):
            login = realtime_revocations.Login(revocations, "AAECAwQFBgcICQoLDA0ODxAREh%d" % holder, True)
            login.check({"id": holder}, {"session": "5e5510"})
            login.close_if_over = lambda holder=holder: looked_at.append(holder)
            revocations.add(login)
        with patch("time.monotonic", lambda: 10):
            revocations.end()
            looked_at.clear()
            revocations.tell((1, 0), realtime_revocations.revocation(b'{"holder":2}'))
            revocations.end()
            self.assertEqual(looked_at, [2])
        with patch("time.monotonic", lambda: 11):
            revocations.end()
            self.assertEqual(sorted(looked_at), [1, 2, 2])
        for login in list(revocations.logins):
            revocations.remove(login)
        self.assertEqual((revocations.logins, revocations.named), (set(), {}))

    def test_t17_a_ticket_is_admitted_until_its_deadline(self):
        def test(vector):
            with patch("time.time", lambda: vector["now"] / 1000):
                self.login(vector)

        self.each("deadlines", test)


if __name__ == "__main__":
    unittest.main()
