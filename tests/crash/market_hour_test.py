#!/usr/bin/env python3
"""The demo market's hour in fast motion, with every type of order, and the venue killed with -9 at seeded moments.

Makers requote around prices that wander and jump, takers come in clusters, as `tradehive-trader market` has them
(trader/market_prices.hpp), on the demo venue's own instruments and accounts; but each order is of a random type with a
random rule against self-matches, there are mass cancels, and connections end with and without their orders. At the end
every request has had exactly one answer and every order exactly one fate, the traders' books are the venue's, balances
add up to the deposits, and the whole journal replays to the venue's state.

    TRADEHIVE_SEED=n repeats a run. TRADEHIVE_MARKET_MINUTES=60 is the whole hour (5 unless said), as many requests as
    the market makes in so long; TRADEHIVE_KILLS=n the kills within it.
"""

import collections
import decimal
import os
import pathlib
import random
import select
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import fix  # noqa: E402
import stock_dictionary  # noqa: E402
import traders  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
SEED = int(os.environ.get("TRADEHIVE_SEED", "1"))
SLOW = "asan" in str(BINARIES)
MINUTES = 1 if SLOW else int(os.environ.get("TRADEHIVE_MARKET_MINUTES", "5"))
KILLS = 6 if SLOW else int(os.environ.get("TRADEHIVE_KILLS", str(max(6, MINUTES // 2))))
REQUESTS_A_MINUTE = 3_000  # of all members of `tradehive-trader market`, at its 50 a second
WINDOW = 12  # requests of a session without an answer
LEVELS = 5  # of a maker on a side

MAKERS_KINDS = [*["limit"] * 6, *["iceberg", "post-only"] * 2, "till date"]
TAKERS_KINDS = [*["immediate"] * 3, "market", "amount", "market to limit", "all or nothing", "at least", "till date"]
WAITING_KINDS = ["stop", "stop limit", "take profit"]
ROLES = {"MAKER1": "maker", "MAKER2": "maker", "LOAD1": "maker", "TAKER": "taker", "TRADER": "taker", "LOAD2": "taker"}
ACCOUNTS = {"LOAD1": "LOAD", "LOAD2": "LOAD"}  # two of one account: orders that meet their own
PASSWORDS = {"LOAD1": "demo-load-password", "LOAD2": "demo-load-password"}
# Symbol, price, tick, lot and quantity of a usual order (trader/market_prices.cpp).
DEMO = [
    ("BTC-USD", "50000", "0.01", "0.0001", "0.02"),
    ("ETH-USD", "2500", "0.01", "0.001", "0.4"),
    ("ETH-BTC", "0.05", "0.00001", "0.001", "0.4"),
    ("SOL-USD", "150", "0.01", "0.01", "6.5"),
    ("XRP-USD", "2.2", "0.0001", "1", "450"),
    ("EUR-USD", "1.08", "0.00001", "1", "900"),
]


class Walk:
    """What an instrument is worth, in ticks. Trades and jumps heat it; a hot one moves further and is traded more."""

    def __init__(self, symbol, price, tick, lot, usual):
        self.listed = traders.Listed(symbol, decimal.Decimal(tick), decimal.Decimal(lot))
        self.start = self.middle = int(decimal.Decimal(price) / self.listed.tick)
        self.usual = int(decimal.Decimal(usual) / self.listed.lot)
        self.heat = 0

    def step(self, chance):
        longest = max(1, self.middle // 20_000 * (100 + self.heat) // 100)
        self.middle += chance.randint(-longest, longest) + (self.start - self.middle) // 2_000
        self.heat = max(0, self.heat - self.heat // 40 - 1)
        if chance.random() < 1 / 600:
            self.middle += chance.choice((-1, 1)) * chance.randint(4, 16) * self.half_spread()
            self.heat = min(1_000, self.heat + 700)

    def traded(self, price):
        self.middle += int(price / self.listed.tick - self.middle) // 8
        self.heat = min(1_000, self.heat + 25)

    def half_spread(self):
        return max(1, self.middle // 20_000 * (250 + self.heat) // 250)

    def quote(self, side, level):
        distance = self.half_spread() + level * max(1, self.middle // 12_000)
        return self.middle - distance if side == "1" else self.middle + distance

    def lots(self, chance):
        return chance.randint(max(1, self.usual // 20), self.usual * (6 if chance.random() < 0.05 else 1))


class FirstOfEachShape:
    """The stock dictionary's check, once for each list of tags and states: half a million messages take too long."""

    def __init__(self):
        self.seen = set()

    def __call__(self, raw):
        fields = [field.partition(b"=") for field in raw.split(fix.SOH)]
        shape = tuple((tag, value if tag in (b"35", b"39", b"40", b"150") else b"") for tag, _, value in fields)
        if shape in self.seen:
            return []
        self.seen.add(shape)
        return stock_dictionary.faults(raw)


class Member(traders.Trader):
    """A maker has a place for each symbol, side and level with at most one order; a taker a few that wait for a price."""

    def __init__(self, venue, session, chance, walks):
        super().__init__(venue, session, ACCOUNTS.get(session, session), chance, [walk.listed for walk in walks])
        self.walks = {walk.listed.symbol: walk for walk in walks}
        self.engine.client.check = FirstOfEachShape()
        self.role = ROLES[session]
        self.places = {}  # → ClOrdID of the D
        self.asked = {}  # place → ClOrdID of the last request about it
        self.entered = collections.Counter()  # kind → how many

    def connect_somehow(self):
        """Its orders may outlive the connection, or end with it, alone or with all of the account."""
        self.connect(self.chance.choice(["8013=N", "8013=N", "8013=S", "8013=Y"]))

    def live(self, place):
        """OrderID of the order there, None when there is none."""
        number = self.fates.get(self.places.get(place))
        return number if number in self.open else None

    def follow(self, told):
        super().follow(told)
        if told["150"] == "F" and told["851"] == "2":
            self.walks[told["55"]].traded(decimal.Decimal(told["31"]))

    def act(self, walk):
        chance = self.chance
        dice = chance.random()
        if dice < 1 / 300:
            self.mass_cancel(walk.listed.symbol if chance.random() < 0.5 else None)
        elif self.role == "maker":
            self.make(walk)
        elif dice < 0.15:
            self.wait(walk)
        else:
            side = chance.choice("12")
            # Through the first levels of the other side, wherever they are by now.
            ticks = walk.quote("2" if side == "1" else "1", chance.randint(1, 3))
            self.put(walk, side, chance.choice(TAKERS_KINDS), ticks)

    def put(self, walk, side, kind, ticks):
        self.entered[kind] += 1
        lots = walk.lots(self.chance)
        if kind == "market to limit" and self.chance.random() < 0.2:
            lots *= 40  # more than there is: something is left to rest
        return self.enter(walk.listed.symbol, side, traders.terms(kind, walk.listed, self.chance, ticks, ticks, lots))

    def make(self, walk):
        """What is most wrong of its orders in the symbol is put right."""
        worst, most = None, walk.half_spread() // 8
        for side in "12":
            for level in range(LEVELS):
                place = walk.listed.symbol, side, level
                if self.asked.get(place) in self.requests:
                    continue
                number = self.live(place)
                wrong = 10**12 - level
                if number is not None:
                    wrong = abs(self.open[number].price / walk.listed.tick - walk.quote(side, level))
                if wrong > most:
                    worst, most = place, wrong
        if worst:
            self.put_right(walk, worst)

    def put_right(self, walk, place):
        _, side, level = place
        number, ticks = self.live(place), walk.quote(side, level)
        if number is None:
            self.places[place] = self.asked[place] = self.put(walk, side, self.chance.choice(MAKERS_KINDS), ticks)
        elif self.chance.random() < 1 / 60:
            self.asked[place] = self.cancel(number)
        else:
            self.asked[place] = self.change(walk, number, ticks)

    def wait(self, walk):
        """For a price a little away, on either side; of a few such orders one is now and then moved or taken back."""
        chance = self.chance
        place = walk.listed.symbol, chance.randrange(8)
        if self.asked.get(place) in self.requests:
            return
        number, ticks = self.live(place), walk.middle + chance.randint(-20, 20) * walk.half_spread()
        if number is None:
            side, kind = chance.choice("12"), chance.choice(WAITING_KINDS)
            self.places[place] = self.asked[place] = self.put(walk, side, kind, ticks)
        else:
            self.asked[place] = self.cancel(number) if chance.random() < 0.5 else self.change(walk, number, ticks)

    def change(self, walk, number, ticks):
        order = self.open[number]
        lots = int(order.cum / walk.listed.lot) + walk.lots(self.chance)
        more = f"|111={walk.listed.quantity(self.chance.randint(1, lots))}" if self.chance.random() < 0.2 else ""
        return self.replace(number, lots, ticks, more=more if order.kind in "24" else "")


class Market:
    """All members around the same prices."""

    def __init__(self, venue, chance):
        self.chance = chance
        self.kills = 0
        self.walks = [Walk(*listed) for listed in DEMO]
        self.members = [Member(venue, session, chance, self.walks) for session in ROLES]
        self.connect()

    def connect(self):
        for member in self.members:
            member.connect_somehow()

    def sent(self):
        return sum(member.count for member in self.members)

    def listen(self, within):
        ready, _, _ = select.select([member.engine.client.socket for member in self.members], [], [], within)
        for member in self.members:
            if member.engine.client.socket in ready:
                member.listen()

    def act(self):
        """One of the members does something, a taker the rather the hotter the market. False: too much is unanswered."""
        hottest = max(walk.heat for walk in self.walks)
        role = "taker" if self.chance.random() < 0.03 + 0.47 * hottest / 1_000 else "maker"
        member = self.chance.choice([member for member in self.members if member.role == role])
        for walk in self.walks:
            walk.step(self.chance)
        if len(member.requests) >= WINDOW:
            return False
        member.act(self.chance.choices(self.walks, [150 + walk.heat for walk in self.walks])[0])
        return True

    def go_on(self, until):
        """Until so many requests have been sent."""
        while self.sent() < until:
            self.listen(0 if self.act() else 0.01)

    def burst(self):
        """As many requests at once as may be open, and nobody listens to the answers."""
        for _ in range(self.chance.randrange(10, len(self.members) * WINDOW)):
            self.act()


def kill(venue, market):
    """In a burst of requests: while it works on them, when it gets all of them at once, before it has read any."""
    way = market.kills % 3
    market.kills += 1
    if way != 0:
        venue.pause()
    market.burst()
    if way == 1:
        venue.go_on()
    if way != 2:
        time.sleep(market.chance.uniform(0, 0.01))
    venue.kill()
    if market.chance.random() < 0.3:
        venue.start(expect_ready=False)
        time.sleep(market.chance.uniform(0, 0.2))
        venue.kill()
    venue.start()
    market.connect()


def cut(_, market):
    market.burst()
    member = market.chance.choice(market.members)
    member.engine.cut()
    member.connect_somehow()


class MarketHour(unittest.TestCase):
    def test_every_order_has_one_fate(self):
        print(f"repeat with TRADEHIVE_SEED={SEED} TRADEHIVE_MARKET_MINUTES={MINUTES} TRADEHIVE_KILLS={KILLS}", flush=True)
        requests = MINUTES * REQUESTS_A_MINUTE
        chance = random.Random(SEED)
        moments = sorted((chance.uniform(0.02, 0.98) * requests, what) for what in [kill] * KILLS + [cut] * 2 * KILLS)
        settings = {"demo.enabled": "true", "journal.snapshot.every_segments": 1}
        with venues.Venue(BINARIES, settings) as venue:
            venue.start()
            for session in ROLES:
                password = PASSWORDS.get(session, f"demo-{session.lower()}-password")
                venue.sessions[session] = venues.Session(session, ACCOUNTS.get(session, session), password)
            before = traders.totals(venue)
            began = time.monotonic()
            market = Market(venue, chance)
            for moment, happens in moments:
                market.go_on(moment)
                happens(venue, market)
            market.go_on(requests)
            traders.settle(self, venue, market.members, before)
            self.assertEqual(venue.admin("check")["state_hash"], venue.state_of_whole_history())
            self.tell(market, time.monotonic() - began)
            self.check_mixture(market)
            venue.stop()

    def tell(self, market, seconds):
        print(f"{market.sent()} requests, {MINUTES} minutes of the market, in {seconds:.0f} s, {KILLS} kills", flush=True)
        for what in ("entered", "happenings", "refusals"):
            of_all = sum((getattr(member, what) for member in market.members), collections.Counter())
            print(f"{what}: {dict(of_all)}", flush=True)

    def check_mixture(self, market):
        """It was all there, or the rest proves little."""
        entered = set().union(*(member.entered for member in market.members))
        self.assertEqual(entered, {*MAKERS_KINDS, *TAKERS_KINDS, *WAITING_KINDS})
        happened = set().union(*(member.happenings for member in market.members))
        words = {"4 SELF_MATCH", "4 DISCONNECT", "D TRIGGERED", "D SELF_MATCH", "D RESTS"}
        self.assertLessEqual({"0", "F", "4", "5", "C"} | words, happened)
        self.assertTrue(any("mass" in member.fates.values() for member in market.members))
        self.assertGreater(sum(member.engine.resent for member in market.members), 0, "no kill fell into anything")


if __name__ == "__main__":
    unittest.main(verbosity=2)
