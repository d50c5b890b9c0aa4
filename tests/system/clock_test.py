#!/usr/bin/env python3
"""A start with a clock that is wrong: behind the journal it is refused, far ahead of it there is a warning. And what
the log says each day of a database that is away."""

import os
import pathlib
import sqlite3
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import venue as venues  # noqa: E402
from database_test import wait_until  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Clock(unittest.TestCase):
    def setUp(self):
        if "asan" in str(BINARIES) or "tsan" in str(BINARIES):
            self.skipTest("libfaketime and the sanitizers' interceptors do not go together")

    @staticmethod
    def clock(shift):
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        return {"LD_PRELOAD": str(library), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1"}

    def test_reminder_of_a_database_that_is_away(self):
        with venues.Venue(BINARIES) as venue:
            shift = 86400 - 25 - time.time() % 86400  # 25 s before a midnight
            venue.environment |= self.clock(f"{shift:+.0f}s")
            venue.start()
            venue.firm("ALPHA")
            with sqlite3.connect(venue.data / "tradehive.db", isolation_level=None, timeout=20) as other:
                other.execute("BEGIN EXCLUSIVE")
                venue.firm("BETA")
                wait_until(lambda: "database_away" in venue.log_tail(), "the alarm")
                wait_until(lambda: "events behind, and they wait for it for 30 days" in venue.log_tail(), "the reminder")
                other.execute("ROLLBACK")
            wait_until(lambda: "the database is back" in venue.log_tail(), "the database")
            venue.stop()

    def test_start(self):
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.stop()
            journal = {path.name: path.read_bytes() for path in (venue.data / "journal").glob("*.segment")}

            venue.environment |= self.clock("-2h")
            venue.start(expect_ready=False)
            self.assertEqual(venue.process.wait(30), 1)
            self.assertRegex(venue.log_tail(), "this machine's clock says .*: set the clock")
            self.assertEqual(journal, {path.name: path.read_bytes() for path in (venue.data / "journal").glob("*.segment")})
            # As it says, for who knows that the journal's time is the wrong one.
            venue.settings["journal.clock_back_seconds"] = 3 * 3600
            venue.start()
            self.assertIn("the venue's time stands still until", venue.log_tail())
            venue.stop()
            venue.environment |= self.clock("+30d")
            venue.start()
            self.assertIn("end it at once and set the clock", venue.log_tail())
            venue.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
