#!/usr/bin/env python3
"""An hour of real order flow through the shipped venue, and the same with the venue killed at seeded moments.

The recorded flow is read from the folder that TRADEHIVE_ORDER_FLOW names (see tests/README.md). Without it the tests
count as skipped; with CI=true they fail.

    TRADEHIVE_SEED=n repeats a run, TRADEHIVE_KILLS=n makes it longer.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
FLOW = pathlib.Path(os.environ.get("TRADEHIVE_ORDER_FLOW", "/nonexistent"))
MESSAGES = FLOW / "AAPL_2012-06-21_message_50.csv.xz"
SEED = int(os.environ.get("TRADEHIVE_SEED", "1"))
KILLS = int(os.environ.get("TRADEHIVE_KILLS", "4"))
SLOW = "asan" in str(BINARIES)
ROWS = 4_000 if SLOW else 20_000 if KILLS < 20 else 0  # 0: the whole hour


def set_up(venue):
    venue.asset("USD", 2)
    venue.asset("AAPL", 0)
    venue.instrument("AAPL", "AAPL", "USD", tick="0.01", lot="1")
    venue.firm("BROKER")
    for account in ("PRE", "REST", "TAKE"):
        venue.account("BROKER", account)
        venue.deposit(account, "USD", "100000000000.00")
        venue.deposit(account, "AAPL", "1000000000")
    venue.session("BROKER", "BROKER", ["PRE", "REST", "TAKE"], resend_max_age=3600)


def replay(venue, *options):
    report = venue.directory / "report.json"
    command = [str(BINARIES / "tradehive-trader"), "replay", str(MESSAGES), "--port", str(venue.fix_port)]
    command += ["--sender", "BROKER", "--symbol", "AAPL", "--store", str(venue.directory / "trader")]
    command += ["--report", str(report), *options]
    environment = dict(os.environ, TRADEHIVE_PASSWORD=venue.sessions["BROKER"].password)
    with (venue.directory / "trader.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    process.report = report
    process.log = venue.directory / "trader.log"
    return process


def finish(process, within):
    status = process.wait(within)
    if status != 0:
        raise AssertionError(f"replay ended with {status}: {process.log.read_text(errors='replace')[-3000:]}")
    return json.loads(process.report.read_text())


def final_state(venue):
    """Open orders and balances, without the ids that the number of restarts changes."""
    orders = sorted(
        tuple(row[name] for name in ("account", "cl_ord_id", "side", "price", "quantity", "leaves", "filled"))
        for row in venue.admin("orders")["rows"]
    )
    return orders, venue.balances()


class Replay(unittest.TestCase):
    def setUp(self):
        if not MESSAGES.exists():
            self.assertNotEqual(os.environ.get("CI"), "true", "TRADEHIVE_ORDER_FLOW names no folder with the order flow")
            self.skipTest("TRADEHIVE_ORDER_FLOW names no folder with the order flow; tests/README.md says where to get it")

    def test_the_whole_hour_is_matched_as_it_was(self):
        if SLOW:
            self.skipTest("the sanitizer build replays the first rows only, in the test of crashes")
        with venues.Venue(BINARIES) as venue:
            venue.start()
            set_up(venue)
            began = time.monotonic()
            options = ["--depth-file", str(FLOW / "AAPL_2012-06-21_orderbook_50_first672.csv.xz")]
            options += ["--best-file", str(FLOW / "AAPL_2012-06-21_orderbook_L1.csv.xz"), "--expect"]
            report = finish(replay(venue, *options), 400)
            print(f"{time.monotonic() - began:.0f} s: {json.dumps(report)}", flush=True)
            self.assertEqual(venue.admin("check")["invariants"], "all hold")
            totals = {}
            for (_, asset), (total, _) in venue.balances().items():
                totals[asset] = totals.get(asset, 0) + (int(total.replace(".", "")))
            self.assertEqual(totals, {"USD": 3 * 100_000_000_000_00, "AAPL": 3 * 1_000_000_000})
            venue.stop()

    def test_a_market_data_session_sees_the_same_from_changes_alone(self):
        """Row by row: the book that another firm's session keeps from W and X against the file's."""
        with venues.Venue(BINARIES, {"market_data.interval_ms": 1}) as venue:
            venue.start()
            set_up(venue)
            venue.firm("READER")
            venue.account("READER", "NOTHING")
            venue.session("READER", "READER", ["NOTHING"], kind="market-data")
            secret = venue.directory / "reader.password"
            secret.write_text(venue.sessions["READER"].password + "\n")
            options = ["--depth-file", str(FLOW / "AAPL_2012-06-21_orderbook_50_first672.csv.xz")]
            options += ["--best-file", str(FLOW / "AAPL_2012-06-21_orderbook_L1.csv.xz")]
            options += ["--books-sender", "READER", "--books-password-file", str(secret)]
            options += ["--stop-after-rows", str(ROWS)] if ROWS else ["--expect"]
            began = time.monotonic()
            report = finish(replay(venue, *options), 850)
            print(f"{time.monotonic() - began:.0f} s: {json.dumps(report)}", flush=True)
            self.assertEqual(report["unmet"], [])
            self.assertEqual(report["faults"], [])
            self.assertEqual(report["rows_lost"], 0)
            self.assertEqual(report["rows_compared"], report["rows_observable"])
            if ROWS:  # the file's first difference is at row 54,607
                self.assertEqual(report["rows_equal"], report["rows_observable"])
            self.assertEqual(report["deep_rows_equal"], 637)
            venue.stop()

    def test_killed_at_seeded_moments_it_ends_like_the_undisturbed_run(self):
        print(f"repeat with TRADEHIVE_SEED={SEED} TRADEHIVE_KILLS={KILLS}", flush=True)
        options = ["--depth-file", str(FLOW / "AAPL_2012-06-21_orderbook_50_first672.csv.xz")]
        options += ["--stop-after-rows", str(ROWS)]
        with venues.Venue(BINARIES) as venue:
            venue.start()
            set_up(venue)
            finish(replay(venue, *options), 300)
            undisturbed = final_state(venue)
            self.assertGreater(len(undisturbed[0]), 100)
            last = venue.status()["sequence"]
            venue.stop()
        chance = random.Random(SEED)
        moments = sorted(chance.uniform(0.02, 0.98) * last for _ in range(KILLS))
        with venues.Venue(BINARIES) as venue:
            venue.start()
            set_up(venue)
            # The port must stay the same for the client's ordinary reconnect.
            venue.settings["fix.port"] = venue.fix_port
            process = replay(venue, *options)
            for moment in moments:
                while venue.status()["sequence"] < moment:
                    self.assertIsNone(process.poll(), process.log.read_text(errors="replace")[-3000:])
                time.sleep(chance.uniform(0.0, 0.02))
                venue.kill()
                if chance.random() < 0.3:
                    venue.start(expect_ready=False)
                    time.sleep(chance.uniform(0.0, 0.2))
                    venue.kill()
                venue.start()
            report = finish(process, 300)
            self.assertEqual(report["exec_id_conflicts"], 0)
            print(f"killed {KILLS} times within {last} commands: {json.dumps(report)}", flush=True)
            self.assertEqual(venue.admin("check")["invariants"], "all hold")
            self.assertEqual(final_state(venue), undisturbed)
            venue.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
