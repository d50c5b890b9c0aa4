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
import venue as venues  # noqa: E402
from engine import Engine  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
SEED = int(os.environ.get("TRADEHIVE_SEED", "1"))
KILLS = int(os.environ.get("TRADEHIVE_KILLS", "6"))
FINAL = {"2", "4", "8", "C"}
PATIENCE = 120.0


class Trader:
    """Sends random orders, cancels and replaces, and keeps the books by what it is told."""

    def __init__(self, venue, session, account, chance):
        self.venue = venue
        self.account = account
        self.chance = chance
        self.engine = Engine(venue.client(session), venue.sessions[session].password, self.report)
        self.session = session
        self.count = 0
        self.requests = {}  # ClOrdID → D, F or G, not yet answered
        self.kinds = {}  # ClOrdID of a D or G → OrdType
        self.orders = {}  # OrderID → (status, cum, leaves, clordid)
        self.fates = {}  # ClOrdID of a D → OrderID or "refused"
        self.stale = set()  # ClOrdIDs refused because they came late

    def report(self, message):
        kind = message[35]
        if message.get(58, "").startswith("STALE"):
            self.stale.add(message[11])
        if kind == "9":
            self.requests.pop(message[11], None)
            return
        if kind in "3j":
            raise AssertionError(f"unexpected {message}")
        execution, name = message[150], message[11]
        if execution == "I":
            return
        if execution in "08" and self.requests.pop(name, None) is not None:
            if name in self.fates:
                raise AssertionError(f"{name} has two fates: {self.fates[name]} and {message}")
            self.fates[name] = "refused" if execution == "8" else message[37]
        elif execution in "08":
            raise AssertionError(f"an answer to what is not open: {message}")
        elif execution in "45":
            self.requests.pop(name, None)
        if execution == "8":
            return
        known = self.orders.get(message[37])
        if known and known[0] in FINAL:
            raise AssertionError(f"something after the end of {message[37]}: {known} {message}")
        if execution == "F" and known:
            if decimal.Decimal(message[14]) != known[1] + decimal.Decimal(message[32]):
                raise AssertionError(f"CumQty does not follow: {known} {message}")
        self.orders[message[37]] = (message[39], decimal.Decimal(message[14]), decimal.Decimal(message[151]), name)

    def act(self):
        open_orders = [number for number, order in self.orders.items() if order[0] not in FINAL]
        dice = self.chance.random()
        self.count += 1
        name = f"{self.session}-{self.count}"
        now = fix.utc_text()
        side = self.chance.choice("12")
        price = 100 + self.chance.randrange(-5, 6)
        if dice < 0.6 or not open_orders:
            kind, terms = self.terms(price)
            self.kinds[name] = kind
            line = f"35=D|11={name}|1={self.account}|55=BTC-USD|54={side}|60={now}|40={kind}|{terms}"
        else:
            number = self.chance.choice(open_orders)
            side = "1"  # not compared when 37 names the order? it is; so leave the venue to refuse a wrong one
            kind = "F" if dice < 0.85 else "G"
            line = f"35={kind}|11={name}|41={self.orders[number][3]}|37={number}|1={self.account}|55=BTC-USD|54={side}|60={now}"
            if kind == "G":
                of = self.kinds[name] = self.kinds[self.orders[number][3]]
                line += f"|38={self.chance.randrange(1, 25)}|40={of}"
                line += {"3": f"|99={price}", "J": f"|99={price}", "4": f"|99={price}|44={price}"}.get(of, f"|44={price}")
        self.requests[name] = line
        try:
            self.engine.send(line)
        except OSError:
            raise fix.Closed("sending") from None

    def terms(self, price):
        """OrdType, and the other fields of a random order: half of them plain limits, the rest of every type."""
        pick = self.chance.choice
        quantity = self.chance.randrange(1, 20)
        stop = 100 + self.chance.randrange(-5, 6)
        rule = pick(["", "", "|20122=1", "|20122=2", "|20122=3"])
        soon = fix.utc_text(time.time() + self.chance.uniform(0.2, 2))
        kind = pick(["plain"] * 8 + ["1", "3", "4", "J", "K", "iceberg", "post-only", "at least", "date", "cash"])
        limit = f"38={quantity}|44={price}"
        return {
            "plain": ("2", f"{limit}|59={pick('1113')}"),
            "1": ("1", f"38={quantity}"),
            "3": ("3", f"38={quantity}|99={stop}|59=1{rule}"),
            "4": ("4", f"{limit}|99={stop}|59=1{rule}"),
            "J": ("J", f"38={quantity}|99={stop}|59=1"),
            "K": ("K", f"38={quantity}|59=1"),
            "iceberg": ("2", f"{limit}|111=1|59=1{rule}"),
            "post-only": ("2", f"{limit}|18=6|59=1"),
            "at least": ("2", f"{limit}|110={self.chance.randrange(1, quantity + 1)}|59=3"),
            "date": ("2", f"{limit}|59=6|126={soon}"),
            "cash": ("1", f"152={quantity * 100}"),
        }[kind]

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


class Kill(unittest.TestCase):
    def run_kills(self, between):
        chance = random.Random(SEED)
        print(f"repeat with TRADEHIVE_SEED={SEED} TRADEHIVE_KILLS={KILLS}", flush=True)
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            before = totals(venue)
            traders = [
                Trader(venue, session, account, random.Random(chance.random()))
                for session, account in (("ALPHA", "ALPHA-1"), ("ALPHA2", "ALPHA-1"), ("BETA", "BETA-1"))
            ]
            for trader in traders:
                trader.engine.connect(venue.fix_port)
            for _ in range(KILLS):
                for trader in traders * 3:
                    trader.work(chance.uniform(0.02, 0.15))
                between(venue, traders, chance)
                for trader in traders:
                    trader.engine.connect(venue.fix_port)
            self.settle(venue, traders, before)
            venue.stop()

    def await_answers(self, traders):
        deadline = time.monotonic() + PATIENCE
        while any(trader.requests for trader in traders):
            self.assertLess(time.monotonic(), deadline, {t.session: t.requests for t in traders})
            for trader in traders:
                trader.engine.drain(quiet=0.1)

    def settle(self, venue, traders, before):
        """What the clients were told becomes what the venue holds, and then nothing more comes."""
        self.await_answers(traders)
        deadline = time.monotonic() + PATIENCE
        while (rows := venue.admin("orders")["rows"]) and (ends_soon(rows) or open_as_told(traders) != open_orders(rows)):
            if time.monotonic() > deadline:
                break
            for trader in traders:
                trader.engine.drain(quiet=0.1)
        for trader in traders:
            trader.engine.drain(quiet=0.3)
            self.assertEqual(trader.requests, {}, f"{trader.session}: requests without an answer")
        told, held = open_as_told(traders), open_orders(rows)
        self.assertEqual(told, held, f"one of them only: {sorted(told.items() ^ held.items())}")
        # ALPHA and ALPHA2 share an account, but each is told of its own orders only.
        told = [order for trader in traders for order in trader.orders.items()]
        self.assertEqual(len(told), len(dict(told)))
        self.assertEqual(totals(venue), before)
        self.assertEqual(venue.admin("check")["invariants"], "all hold")
        fills = sum(order[1] > 0 for _, order in told)
        print(f"{len(told)} orders, {fills} with fills, {sum(t.engine.repeated for t in traders)} reports repeated", flush=True)
        self.assertGreater(fills, 0)

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
            before = totals(venue)
            chance = random.Random(SEED)
            traders = [
                Trader(venue, session, account, random.Random(chance.random()))
                for session, account in (("ALPHA", "ALPHA-1"), ("ALPHA2", "ALPHA-1"), ("BETA", "BETA-1"))
            ]
            for trader in traders:
                trader.engine.connect(venue.fix_port)
            for trader in traders * 3:
                trader.work(0.1)
            self.await_answers(traders)
            venue.pause()
            late = {}
            for trader in traders:
                for _ in range(20):
                    trader.act()
                # A cancel may come late: it takes risk away.
                late[trader.session] = {name for name, line in trader.requests.items() if line[3] in "DG"}
                self.assertEqual(len(trader.requests), 20)
                self.assertGreater(len(late[trader.session]), 5)
            venue.kill()
            time.sleep(10.5)
            venue.start()
            for trader in traders:
                trader.engine.connect(venue.fix_port)
            self.settle(venue, traders, before)
            for trader in traders:
                self.assertEqual(trader.stale, late[trader.session])
            venue.stop()

    def test_stopped_and_cut(self):
        def between(venue, traders, chance):
            venue.pause()
            time.sleep(chance.uniform(0.05, 0.3))
            for trader in traders:
                trader.work(0.05)
                trader.engine.cut()
            venue.go_on()

        self.run_kills(between)


def ends_soon(rows):
    return any(row["tif"] == "good_till_date" for row in rows)


def open_orders(rows):
    """{OrderID: (filled, leaves)}, as the venue has them."""
    return {str(row["order"]): (decimal.Decimal(row["filled"]), decimal.Decimal(row["leaves"])) for row in rows}


def open_as_told(traders):
    return {
        number: (order[1], order[2])
        for trader in traders for number, order in trader.orders.items() if order[0] not in FINAL
    }


def totals(venue):
    sums = {}
    for (_, asset), (total, _) in venue.balances().items():
        sums[asset] = sums.get(asset, decimal.Decimal(0)) + decimal.Decimal(total)
    return sums


if __name__ == "__main__":
    unittest.main(verbosity=2)
