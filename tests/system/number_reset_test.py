#!/usr/bin/env python3
"""The weekly reset of sequence numbers: told by News, both sides at 1 after it, orders and reports untouched; also when
the venue is down at that moment."""

import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
AHEAD = 20  # seconds from the start of the venue to the reset; on a busy machine much of it is the start
NEWS = {"fix.number_reset.news_seconds": "8", "fix.number_reset.last_news_seconds": "4"}


def weekly(moment):
    return time.strftime("%A %H:%M:%S", time.gmtime(moment)).lower()


class NumberReset(unittest.TestCase):
    def setUp(self):
        self.venue = venues.Venue(BINARIES)
        self.addCleanup(self.venue.discard)
        self.venue.start()
        self.venue.set_up()
        # Its orders go with its connection, but for this reason.
        self.venue.session("ALPHA", "GAMMA", ["ALPHA-1"], cod="session")
        self.venue.session("ALPHA", "AWAY", ["ALPHA-1"])
        self.clients = {}

    def tearDown(self):
        for client in self.clients.values():
            client.close()
        self.venue.stop()

    def log_on(self, name, number=None):
        client = self.clients.setdefault(name, self.venue.client(name))
        client.connect(self.venue.fix_port)
        client.next_out = number or client.next_out
        return client, client.logon(password=self.venue.sessions[name].password)

    def enter(self, client, name, account="ALPHA-1", side=1, price="100"):
        client.send(
            f"35=D|11={name}|1={account}|55=BTC-USD|54={side}|60={fix.utc_text()}|38=1|40=2|44={price}|59=1"
        )
        self.assertEqual(client.wait_for(t35="8", t11=name)[150], "0")

    def is_open(self, client, name):
        client.send(f"35=H|11={name}|1=ALPHA-1|55=BTC-USD|54=1|790=S")
        return client.wait_for(t35="8", t150="I", t11=name)[39] == "0"

    def start_with_reset_at(self, moment):
        self.venue.settings |= NEWS | {"fix.number_reset.at": weekly(moment)}
        self.venue.start()

    def wait_until_gone(self, name):
        deadline = time.monotonic() + fix.PATIENCE
        while any(r["comp_id"] == name and r["connected"] for r in self.venue.admin("session", "list")["rows"]):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def test_both_sides_begin_at_1(self):
        self.log_on("AWAY")[0].close()
        self.venue.stop()
        moment = int(time.time()) + AHEAD
        self.start_with_reset_at(moment)
        alpha, _ = self.log_on("ALPHA")
        beta, _ = self.log_on("BETA")
        gamma, _ = self.log_on("GAMMA")
        self.enter(beta, "resting", "BETA-1", side=2, price="105")
        beta.close(hard=True)
        self.wait_until_gone("BETA")
        self.enter(alpha, "taking", price="105")
        trade = alpha.wait_for(t35="8", t150="F")[527]
        self.enter(alpha, "stays")
        self.enter(gamma, "stays-too")

        at = fix.utc_text(moment)[:17]
        for client in (alpha, gamma, alpha, gamma):
            self.assertEqual(
                client.wait_for(within=AHEAD + fix.PATIENCE, t35="B")[148],
                f"RESET: sequence numbers begin anew at {at}",
            )
            self.assertLess(time.time(), moment)
        for client in (alpha, gamma):
            farewell = client.wait_for(within=AHEAD + fix.PATIENCE, t35="5")
            self.assertRegex(farewell[58], "^RESET: ")
            self.assertGreaterEqual(time.time(), moment)
        alpha.send("35=5")
        self.assertEqual(alpha.until_closed(), [])
        gamma.until_closed()

        alpha, logon = self.log_on("ALPHA", number=1)
        self.assertEqual((logon[34], logon.get(141)), ("1", None))
        self.assertTrue(self.is_open(alpha, "stays"))
        alpha.send(f"35=F|11=c|41=stays|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}")
        canceled = alpha.wait_for(t35="8", t11="c")
        self.assertEqual((canceled[34], canceled[150]), ("3", "4"))
        gamma, logon = self.log_on("GAMMA", number=1)
        self.assertEqual(logon[34], "1")
        self.assertTrue(self.is_open(gamma, "stays-too"))

        # What happened while it was away comes behind its Logon.
        beta, logon = self.log_on("BETA", number=1)
        self.assertEqual(logon[34], "1")
        fill = beta.receive()
        self.assertEqual((fill[34], fill[150], fill[527]), ("2", "F", trade))

        # Who has heard of nothing is told, each time.
        for number in (57, 58):
            away = self.clients["AWAY"]
            away.connect(self.venue.fix_port)
            away.next_out = number
            away.send(f"35=A|98=0|108=30|553=AWAY|554={self.venue.sessions['AWAY'].password}")
            (refused,) = away.until_closed()
            self.assertEqual(refused[35], "5")
            self.assertRegex(refused[58], "^RESET: ")
        self.assertEqual(self.log_on("AWAY", number=1)[1][34], "1")

        # It is done once.
        for client in self.clients.values():
            client.close()
        self.venue.restart()
        self.assertGreater(int(self.log_on("ALPHA")[1][34]), 3)

    def test_what_was_due_while_the_venue_was_down(self):
        alpha, _ = self.log_on("ALPHA")
        self.enter(alpha, "stays")
        alpha.close()
        self.wait_until_gone("ALPHA")
        self.venue.stop()
        moment = int(time.time()) + 2
        while time.time() < moment:
            time.sleep(moment - time.time())
        self.start_with_reset_at(moment)
        alpha, logon = self.log_on("ALPHA", number=1)
        self.assertEqual(logon[34], "1")
        self.assertTrue(self.is_open(alpha, "stays"))
        # A venue that has done it, and one that lived through that time without being told to, do nothing.
        for setting in (weekly(moment), weekly(time.time() - 86400)):
            alpha.close()
            self.wait_until_gone("ALPHA")
            self.venue.stop()
            self.venue.settings["fix.number_reset.at"] = setting
            self.venue.start()
            self.assertGreater(int(self.log_on("ALPHA")[1][34]), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
