#!/usr/bin/env python3
"""The venue and its database: whose it is, what it says, and what happens while it is away."""

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import postgres  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


def check(venue):
    return subprocess.run(
        [str(BINARIES / "tradehive"), "db", "check", "--config", str(venue.write_configuration())],
        capture_output=True,
        text=True,
        timeout=120,
    )


def change(venue, statement):
    """Behind the venue's back."""
    if venue.cluster:
        venue.cluster.sql(statement, venue.database)
        return
    with sqlite3.connect(venue.data / "tradehive.db", timeout=20) as database:
        database.execute(statement)


def wait_until(condition, what, within=180.0 if "asan" in os.environ["TRADEHIVE_BIN"] else 60.0):
    deadline = time.monotonic() + within
    while not (seen := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within} s: {what}")
        time.sleep(0.02)
    return seen


def caught_up(venue):
    return venue.status()["database"]["state"] == "up" and venue.status()["database"]["events_behind"] == 0


class Trader:
    """A session that enters and cancels orders, counts answers, and takes no refusal."""

    def __init__(self, venue, name="ALPHA", account="ALPHA-1"):
        self.client = venue.client(name)
        self.password = venue.sessions[name].password
        self.account = account
        self.count = 0
        self.waits = []

    def log_on(self):
        self.client.connect()
        self.client.logon(password=self.password)
        return self

    def trade(self, orders=20, side="1", price="100"):
        """So many orders, answered one after the other."""
        for _ in range(orders):
            self.count += 1
            began = time.monotonic()
            self.client.send(
                f"35=D|11={self.account}-{self.count}|1={self.account}|55=BTC-USD|54={side}|60={fix.utc_text()}|38=0.01|40=2|44={price}"
            )
            while True:
                message = self.client.receive()
                if message[35] == "8" and message[150] == "8":
                    raise AssertionError(f"refused: {message}")
                if message[35] == "8" and message[150] == "0":
                    break
            self.waits.append(time.monotonic() - began)

    def many(self, orders):
        """Without waiting for each answer."""
        for _ in range(orders):
            self.count += 1
            self.client.send(
                f"35=D|11={self.account}-{self.count}|1={self.account}|55=BTC-USD|54=1|60={fix.utc_text()}|38=0.01|40=2|44=100"
            )
        for _ in range(orders):
            answer = self.client.wait_for(within=20, t35="8")
            if answer[150] != "0":
                raise AssertionError(f"refused: {answer}")


def traded(venue):
    venue.start()
    venue.set_up()
    seller = Trader(venue, "BETA", "BETA-1").log_on()
    buyer = Trader(venue).log_on()
    seller.trade(15, side="2")
    buyer.trade(25)
    seller.client.close()
    buyer.client.close()


class Database(unittest.TestCase):
    def test_check_says_what_differs(self):
        with venues.Venue(BINARIES) as venue:
            traded(venue)
            wait_until(lambda: caught_up(venue), "the projection")
            done = check(venue)  # beside the running venue
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
            self.assertRegex(done.stdout, r"^equal: 40 orders, 30 sides of trades, \d+ balances and names, after event \d+")
            venue.stop()
            self.assertEqual(check(venue).returncode, 0)
            change(venue, "UPDATE balances SET total = total + 1")
            done = check(venue)
            self.assertEqual(done.returncode, 1)
            self.assertRegex(done.stderr, r"balances account_id \d+ asset_id 1: total is '\d+', the journal says '\d+'")
            self.assertRegex(done.stderr, r"balance of account \d+ in asset 1: venue total")  # the venue's own answer

    def test_status_tells_what_the_database_does(self):
        with venues.Venue(BINARIES) as venue:
            traded(venue)
            wait_until(lambda: caught_up(venue), "the projection")
            told = venue.status()["database"]
            self.assertEqual(told["backend"], "postgresql" if venue.cluster else "sqlite")
            self.assertEqual((told["events_behind"], told["seconds_behind"]), (0, 0))
            venue.stop()

    def test_database_of_another_venue_is_refused_by_name(self):
        with venues.Venue(BINARIES) as one:
            one.start()
            one.stop()
            with venues.Venue(BINARIES, cluster=one.cluster) as other:
                if one.cluster:
                    other.settings["database.name"] = one.database
                else:
                    other.data.mkdir()
                    shutil.copy(one.data / "tradehive.db", other.data)
                other.start(expect_ready=False)
                self.assertEqual(other.process.wait(60), 1)
                names = [(venue.data / "journal" / "venue").read_text().strip() for venue in (one, other)]
                self.assertIn(f"the database of venue {names[0]}, the journal is that of venue {names[1]}", other.log_tail())
                self.assertEqual(check(other).returncode, 1)
            one.start()
            one.stop()

    def test_check_changes_nothing(self):
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.stop()
            if venue.cluster:
                other = venue.cluster.make_database()
                self.addCleanup(venue.cluster.drop_database, other)
                venue.settings["database.name"] = other
                expected = (1, "has no schema")
            else:
                venue.settings["database.file"] = venue.directory / "other.db"
                expected = (3, "there is no file")
            for _ in range(2):
                done = check(venue)
                self.assertEqual(done.returncode, expected[0], done.stdout + done.stderr)
                self.assertIn(expected[1], done.stderr)
            if venue.cluster:
                self.assertEqual(venue.cluster.sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'", other), "0")
            else:
                self.assertFalse((venue.directory / "other.db").exists())

    def test_new_database_after_events_were_dropped(self):
        with venues.Venue(BINARIES, {"event_log.segment_mib": 1}) as venue:
            venue.start()
            venue.set_up()
            events = venue.data / "events"
            trader = Trader(venue).log_on()
            while len(sorted(events.glob("*.events"))) < 2:
                trader.many(200)
            trader.client.close()
            venue.stop()
            sorted(events.glob("*.events"))[0].unlink()  # as after event_log.keep_days
            if venue.cluster:
                other = venue.cluster.make_database()
                self.addCleanup(venue.cluster.drop_database, other)
                venue.settings["database.name"] = other
            else:
                venue.settings["database.file"] = venue.directory / "other.db"
            venue.start(expect_ready=False)
            self.assertEqual(venue.process.wait(30), 1)
            self.assertRegex(venue.log_tail(), "needs event 1, the EventLog begins with .* move the folder events out of its data_dir")
            # As it says.
            events.rename(venue.directory / "old-events")
            venue.start()
            wait_until(lambda: caught_up(venue), "the projection")
            venue.stop()
            done = check(venue)
            self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
            self.assertIn(f"equal: {trader.count} orders", done.stdout)

    def test_database_ahead_of_the_journal_is_refused(self):
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            venue.stop()
            copies = {name: venue.directory / f"old-{name}" for name in ("journal", "events")}
            for name, copy in copies.items():
                shutil.copytree(venue.data / name, copy)
            venue.start()
            trader = Trader(venue).log_on()
            trader.trade()
            trader.client.close()
            venue.stop()
            shutil.rmtree(venue.data / "sessions")  # there was none yet
            for name, copy in copies.items():
                shutil.rmtree(venue.data / name)
                shutil.copytree(copy, venue.data / name)
            venue.start(expect_ready=False)
            self.assertEqual(venue.process.wait(60), 1)
            self.assertIn("database ahead: it has all events before", venue.log_tail())
            done = check(venue)
            self.assertEqual(done.returncode, 1)
            self.assertIn("database ahead", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
