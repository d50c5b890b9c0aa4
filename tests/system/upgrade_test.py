#!/usr/bin/env python3
"""A venue that an earlier program has left, under other rules: refused, taken over, and gone on with.

rules-3.tar.xz is the data_dir of one, after its `tradehive upgrade prepare`: the fixture of venue.py, on which ALPHA has
bought 0.5 of 2 BTC at 100 from BETA (a1, good till cancel, still open) and cancelled another order (a2).
"""

import os
import pathlib
import subprocess
import tarfile
import unittest

import fix
import venue as venues
from database_test import wait_until

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
LEFT = pathlib.Path(__file__).resolve().parent / "rules-3.tar.xz"
SECRET = "rJQYuKwDEgDCpmIByyH5RaFrI0Z8sZIC"  # of ALPHA, in the fixture only


class Upgrade(unittest.TestCase):
    def setUp(self):
        self.venue = venues.Venue(BINARIES)
        self.addCleanup(self.venue.discard)
        with tarfile.open(LEFT) as left:
            left.extractall(self.venue.directory)

    def run_program(self, *words):
        return subprocess.run(
            [str(BINARIES / "tradehive"), *words, "--config", str(self.venue.write_configuration())],
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_it_goes_on_where_the_earlier_program_stopped(self):
        self.venue.start(expect_ready=False)
        self.assertEqual(self.venue.process.wait(30), 1)
        self.assertIn("was written under rules version 3", self.venue.log_tail())

        taken = self.run_program("upgrade", "take-over")
        self.assertEqual((taken.returncode, taken.stderr), (0, ""))
        self.assertIn("taken over", taken.stdout)

        self.venue.start()
        rows = self.venue.admin("orders")["rows"]
        self.assertEqual([(row["cl_ord_id"], row["leaves"], row["filled"]) for row in rows], [("a1", "1.5000", "0.5000")])
        self.assertEqual(self.venue.admin("check")["invariants"], "all hold")

        client = fix.Client("127.0.0.1", self.venue.fix_port, "ALPHA")
        self.addCleanup(client.close)
        client.next_out = 5
        client.connect()
        client.logon(password=SECRET)
        # What the earlier program sent, and what it knew.
        client.send("35=2|7=2|16=5")
        again = client.wait_for(t35="8", t11="a1", t150="0")
        self.assertEqual((again[43], again[17]), ("Y", "32-0"))
        client.wait_for(t35="8", t11="a3", t150="4")
        client.send(f"35=G|11=a4|41=a1|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=3|40=2|44=101|111=1")
        replaced = client.wait_for(t35="8", t150="5")
        self.assertEqual((replaced[39], replaced[151], replaced[111]), ("1", "2.5000", "1.0000"))
        client.send(f"35=D|11=a2|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=1|40=2|44=90")
        self.assertEqual(client.wait_for(t35="8", t150="8")[103], "6")

        wait_until(lambda: self.venue.status()["database"]["events_behind"] == 0, "the projection")
        self.venue.stop()
        checked = self.run_program("db", "check")
        self.assertEqual((checked.returncode, checked.stderr), (0, ""), checked.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
