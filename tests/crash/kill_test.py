#!/usr/bin/env python3
"""The shipped venue killed with -9 under load by several sessions, again and again.

After each restart and the clients' ordinary reconnect every order has exactly one fate, no ExecID stands for two
things, what the clients were told is what the venue holds, and balances add up to the deposits.

    TRADEHIVE_SEED=n repeats a run, TRADEHIVE_KILLS=n makes it longer.
"""

import decimal
import os
import pathlib
import random
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import fix  # noqa: E402
import traders  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
SEED = int(os.environ.get("TRADEHIVE_SEED", "1"))
KILLS = int(os.environ.get("TRADEHIVE_KILLS", "6"))
BTC_USD = traders.Listed("BTC-USD", decimal.Decimal("0.01"), decimal.Decimal("0.0001"))
KINDS = [
    *["limit"] * 8, "immediate", "market", "amount", "stop", "stop limit", "take profit", "market to limit", "iceberg",
    "post-only", "at least", "till date",
]


class RandomTrader(traders.Trader):
    """Sends random orders, cancels and replaces around one price."""

    def act(self):
        chance = self.chance
        dice = chance.random()
        price, stop = (100 * chance.randrange(95, 106) for _ in range(2))  # ticks
        lots = 10_000 * chance.randrange(1, 20)
        if dice < 0.6 or not self.open:
            fields = traders.terms(chance.choice(KINDS), BTC_USD, chance, price, stop, lots)
            self.enter("BTC-USD", chance.choice("12"), fields)
        else:
            number = chance.choice(list(self.open))
            # A wrong side is for the venue to refuse.
            if dice < 0.85:
                self.cancel(number, side="1")
            else:
                self.replace(number, lots, price, side="1")

    def work(self, seconds, window=16):
        """Keeps a window of requests open for so long. Returns False when the connection has ended."""
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                while len(self.requests) < window:
                    self.act()
                try:
                    self.engine.step(0.005)
                except fix.Timeout:
                    pass
        except (fix.Closed, OSError):
            return False
        return True


def three_traders(venue, chance):
    """Connected; two of them share an account."""
    members = [
        RandomTrader(venue, session, account, random.Random(chance.random()), [BTC_USD])
        for session, account in (("ALPHA", "ALPHA-1"), ("ALPHA2", "ALPHA-1"), ("BETA", "BETA-1"))
    ]
    for member in members:
        member.connect()
    return members


class Kill(unittest.TestCase):
    def run_kills(self, between):
        chance = random.Random(SEED)
        print(f"repeat with TRADEHIVE_SEED={SEED} TRADEHIVE_KILLS={KILLS}", flush=True)
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            before = traders.totals(venue)
            members = three_traders(venue, chance)
            for _ in range(KILLS):
                for member in members * 3:
                    member.work(chance.uniform(0.02, 0.15))
                between(venue, members, chance)
                for member in members:
                    member.connect()
            traders.settle(self, venue, members, before)
            venue.stop()

    def test_kill(self):
        def between(venue, _, __):
            venue.kill()
            venue.start()

        self.run_kills(between)

    def test_kill_while_it_recovers(self):
        def between(venue, _, chance):
            venue.kill()
            for _ in range(3):
                venue.start(expect_ready=False)
                time.sleep(chance.uniform(0.0, 0.15))
                venue.kill()
            venue.start()

        self.run_kills(between)

    def test_orders_that_come_late_are_refused_and_never_trade(self):
        """The venue stops reading, dies, and is back after more than the sessions' resend age of ten seconds."""
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            before = traders.totals(venue)
            members = three_traders(venue, random.Random(SEED))
            for member in members * 3:
                member.work(0.1)
            traders.await_answers(self, members)
            venue.pause()
            late = {}
            for member in members:
                for _ in range(20):
                    member.act()
                # A cancel may come late: it takes risk away.
                late[member.session] = {name for name, line in member.requests.items() if line[3] in "DG"}
                self.assertEqual(len(member.requests), 20)
                self.assertGreater(len(late[member.session]), 5)
            venue.kill()
            time.sleep(10.5)
            venue.start()
            for member in members:
                member.connect()
            traders.settle(self, venue, members, before)
            for member in members:
                self.assertEqual(member.stale, late[member.session])
            venue.stop()

    def test_stopped_and_cut(self):
        def between(venue, members, chance):
            venue.pause()
            time.sleep(chance.uniform(0.05, 0.3))
            for member in members:
                member.work(0.05)
                member.engine.cut()
            venue.go_on()

        self.run_kills(between)


if __name__ == "__main__":
    unittest.main(verbosity=2)
