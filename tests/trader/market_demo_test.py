#!/usr/bin/env python3
"""The demo market against the shipped venue: every instrument lives, a restart of the venue only pauses it, and at the
end nothing of it is left."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Market(unittest.TestCase):
    def setUp(self):
        self.venue = venues.Venue(BINARIES, {"demo.enabled": "true", "credentials.argon2_mib": 1})
        self.addCleanup(self.venue.discard)
        self.venue.start()
        self.log = self.venue.directory / "market.log"
        with self.log.open("wb") as log:
            self.market = subprocess.Popen(
                [str(BINARIES / "tradehive-trader"), "market", "--port", str(self.venue.fix_port), "--rate", "400"],
                stdout=log, stderr=subprocess.STDOUT,
            )
        self.addCleanup(lambda: self.market.poll() is None and (self.market.kill(), self.market.wait()))

    def wait_until(self, condition, within=60):
        deadline = time.monotonic() + within
        while not condition():
            self.assertIsNone(self.market.poll(), self.log.read_text())
            self.assertLess(time.monotonic(), deadline, self.log.read_text())
            time.sleep(0.1)

    def wait_until_all_is_quoted(self):
        """Until each maker has been seen on each side of every instrument; who holds much of one may leave a side."""
        symbols = [row["symbol"] for row in self.venue.admin("instrument", "list")["rows"]]
        missing = {
            (symbol, maker, side) for symbol in symbols for maker in ("MAKER1", "MAKER2") for side in ("buy", "sell")
        }

        def nothing_is_missing():
            missing.difference_update(
                (row["symbol"], row["account"], row["side"]) for row in self.venue.admin("orders")["rows"]
            )
            return not missing

        self.wait_until(nothing_is_missing)

    def test_it_lives_through_a_restart_of_the_venue(self):
        self.wait_until_all_is_quoted()
        self.wait_until(lambda: self.venue.status()["trades"] > 20)
        self.venue.settings["fix.port"] = self.venue.fix_port
        self.venue.restart()
        before = self.venue.status()["trades"]
        self.wait_until(lambda: self.venue.status()["trades"] > before + 20)
        self.wait_until_all_is_quoted()
        self.market.send_signal(signal.SIGTERM)
        self.assertEqual(self.market.wait(60), 0, self.log.read_text())
        self.assertEqual(self.venue.admin("orders")["rows"], [], self.log.read_text())
        self.venue.admin("check")


if __name__ == "__main__":
    unittest.main(verbosity=2)
