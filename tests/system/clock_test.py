#!/usr/bin/env python3
"""A start with a clock that is wrong: behind the journal it is refused, far ahead of it there is a warning."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Clock(unittest.TestCase):
    def test_start(self):
        if "asan" in str(BINARIES) or "tsan" in str(BINARIES):
            self.skipTest("libfaketime and the sanitizers' interceptors do not go together")
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.stop()
            journal = {path.name: path.read_bytes() for path in (venue.data / "journal").glob("*.segment")}

            def with_clock(shift):
                venue.environment |= {"LD_PRELOAD": str(library), "FAKETIME": shift, "DONT_FAKE_MONOTONIC": "1"}

            with_clock("-2h")
            venue.start(expect_ready=False)
            self.assertEqual(venue.process.wait(30), 1)
            self.assertRegex(venue.log_tail(), "this machine's clock says .*: set the clock")
            self.assertEqual(journal, {path.name: path.read_bytes() for path in (venue.data / "journal").glob("*.segment")})
            # As it says, for who knows that the journal's time is the wrong one.
            venue.settings["journal.clock_back_seconds"] = 3 * 3600
            venue.start()
            self.assertIn("the venue's time stands still until", venue.log_tail())
            venue.stop()
            with_clock("+30d")
            venue.start()
            self.assertIn("end it at once and set the clock", venue.log_tail())
            venue.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
