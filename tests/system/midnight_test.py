#!/usr/bin/env python3
"""A UTC midnight: the session lives through it, its numbers go on, Day orders end and GTC orders stay."""

import os
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Midnight(unittest.TestCase):
    def test_midnight(self):
        if "asan" in str(BINARIES) or "tsan" in str(BINARIES):
            self.skipTest("libfaketime and the sanitizers' interceptors do not go together")
        library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
        real_utc_text = fix.utc_text
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            venue.stop()
            # Started again, the venue's clock, and this client's with it, is 12 s before a midnight.
            now = time.time()
            midnight = int(now // 86400) * 86400 + 86400
            if midnight - now < 15:
                midnight += 86400
            shift = round(midnight - 12 - now)
            venue.environment |= {"LD_PRELOAD": str(library), "FAKETIME": f"+{shift}s", "DONT_FAKE_MONOTONIC": "1"}
            fix.utc_text = lambda seconds=None: real_utc_text((time.time() if seconds is None else seconds) + shift)
            try:
                venue.start()
                self.trade_through_midnight(venue, midnight - shift)
                venue.stop()
            finally:
                fix.utc_text = real_utc_text

    def trade_through_midnight(self, venue, midnight):
        client = venue.client("ALPHA")
        client.connect()
        client.logon(password=venue.sessions["ALPHA"].password, heartbeat=10)
        for name, time_in_force in (("day", "0"), ("gtc", "1")):
            client.send(
                f"35=D|11={name}|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=1|40=2|44=100|59={time_in_force}"
            )
            self.assertEqual(client.wait_for(t35="8", t11=name)[150], "0")
        before = client.next_out
        expired = client.wait_for(within=midnight - time.time() + fix.PATIENCE, t35="8", t11="day")
        self.assertEqual((expired[150], expired[39]), ("C", "C"))
        self.assertGreater(int(expired[34]), 1)
        self.assertGreaterEqual(time.time(), midnight - 1)
        client.send("35=1|112=after midnight")
        self.assertEqual(client.wait_for(t35="0", t112="after midnight")[34], str(client.next_in - 1))
        self.assertEqual(client.next_out, before + 1)
        client.send("35=H|11=gtc|1=ALPHA-1|55=BTC-USD|54=1")
        self.assertEqual(client.wait_for(t35="8", t11="gtc", t150="I")[39], "0")
        client.close()
        client.connect()
        client.logon(password=venue.sessions["ALPHA"].password)


if __name__ == "__main__":
    unittest.main(verbosity=2)
