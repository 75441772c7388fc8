# SPDX-License-Identifier: Apache-2.0
"""What the protocol's test vectors say is what protocol.py does: python -m unittest test_protocol"""

import json
import unittest
from decimal import Decimal
from pathlib import Path

import protocol

VECTORS = json.loads(
    (Path(__file__).parents[2] / "docs" / "protocol-vectors.json").read_text("utf-8"), parse_float=Decimal
)


def data(vector):
    if "hex" in vector:
        return bytes.fromhex(vector["hex"])
    return vector.get("value", "".join(text * times for text, times in vector.get("parts", []))).encode("utf-8")


class ProtocolTest(unittest.TestCase):
    def each(self, section, test):
        self.assertTrue(VECTORS[section])
        for vector in VECTORS[section]:
            with self.subTest(vector):
                test(vector)

    def test_t2_a_ticket_is_accepted_and_has_this_key(self):
        def test(vector):
            ticket = vector["ticket"]
            self.assertTrue(protocol.is_ticket(ticket))
            self.assertEqual(protocol.sha256(ticket), vector["sha256"])
            self.assertEqual(protocol.fingerprint(ticket), vector["fingerprint"])
            self.assertEqual(protocol.key(ticket), vector["key"])

        self.each("tickets", test)

    def test_t2_anything_else_is_refused(self):
        def test(vector):
            self.assertFalse(protocol.is_ticket(vector["text"]))

        self.each("refused_tickets", test)

    def test_t8_a_value_is_read(self):
        def test(vector):
            members = protocol.read(data(vector))
            self.assertIsNotNone(members)
            user_id = vector["id"].get("string", int(vector["id"].get("integer", 0)))
            self.assertEqual((type(members["id"]), members["id"]), (type(user_id), user_id))
            self.assertEqual(members["username"], vector["username"])
            attributes = {name: members[name] for name in members if name not in ("id", "username", "rt")}
            self.assertEqual(attributes, vector["attributes"])
            rt = {name: value for name, value in members.get("rt", {}).items() if name in protocol.RT}
            self.assertEqual(rt, vector["rt"])

        self.each("values", test)

    def test_t8_anything_else_is_nothing(self):
        def test(vector):
            self.assertIsNone(protocol.read(data(vector)))

        self.each("nothing", test)

    def test_t9_a_connection_is_admitted_or_forbidden(self):
        def test(vector):
            status = protocol.refusal(vector["rt"], vector["origins"], vector["audience"], vector["allowed_origins"])
            self.assertEqual(status or 200, vector["status"])

        self.each("connections", test)

    def test_t15_a_ticket_is_of_this_history_or_refused(self):
        def test(vector):
            self.assertIs(protocol.is_of_history(vector["history"], vector["info"]), vector["admitted"])

        self.each("histories", test)

    def test_t10_tickets_are_found_in_a_query(self):
        def test(vector):
            self.assertEqual(protocol.tickets_in_query(vector["query"]), vector["tickets"])

        self.each("queries", test)

    def test_t10_tickets_are_found_among_subprotocols(self):
        def test(vector):
            self.assertEqual(protocol.subprotocols(vector["lines"]), (vector["tickets"], vector["others"]))

        self.each("subprotocols", test)


if __name__ == "__main__":
    unittest.main()
