"""Traders who mix all types of order, and keep the books of what they are told.

They insist that it goes together: each request has exactly one answer, each order one end, CumQty, LeavesQty, OrdStatus
and AvgPx follow from what was told before, a trade has two sides, an ExecID one meaning. settle() then holds their
books against the venue's.
"""

import collections
import decimal
import time
import typing

import fix
from engine import Engine

FINAL = {"2", "4", "8", "C"}
PATIENCE = 120.0


class Listed(typing.NamedTuple):
    """An instrument, as far as orders are written in it."""

    symbol: str
    tick: decimal.Decimal
    lot: decimal.Decimal

    def price(self, ticks):
        return format(ticks * self.tick, "f")

    def quantity(self, lots):
        return format(lots * self.lot, "f")

    def worth(self, ticks, lots):
        return format((ticks * self.tick * lots * self.lot).quantize(decimal.Decimal("0.0001")), "f")

    def average(self, turnover, cum):
        """AvgPx: rounded once, half to even, at four decimals more than the tick."""
        places = self.tick.as_tuple().exponent - 4
        return (turnover / cum).quantize(decimal.Decimal(1).scaleb(places), decimal.ROUND_HALF_EVEN)


class Told(typing.NamedTuple):
    """An order, as its owner was last told."""

    status: str
    quantity: decimal.Decimal
    cum: decimal.Decimal
    leaves: decimal.Decimal
    turnover: decimal.Decimal  # of its fills, as they were told one by one
    name: str  # its ClOrdID
    kind: str  # OrdType
    side: str
    symbol: str
    price: decimal.Decimal  # or its StopPx, or zero

    @classmethod
    def after(cls, before, told):
        fill = decimal.Decimal(told["31"]) * decimal.Decimal(told["32"]) if told["150"] == "F" else 0
        return cls(
            status=told["39"],
            quantity=decimal.Decimal(told["38"]),
            cum=decimal.Decimal(told["14"]),
            leaves=decimal.Decimal(told["151"]),
            turnover=(before.turnover if before else decimal.Decimal(0)) + fill,
            name=told["41"] if told["150"] == "4" and "41" in told else told["11"],
            kind=told["40"],
            side=told["54"],
            symbol=told["55"],
            price=decimal.Decimal(told.get("44") or told.get("99") or 0),
        )


def follows(before, now, told):
    """What must hold of an order after a report, as (whether it does, what is wrong else)."""
    execution = told["150"]
    if execution == "0":
        yield before is None, "accepted twice"
        yield now.cum == 0, "filled before it was accepted"
    else:
        yield before is not None, "something of an unknown order"
        yield before.status not in FINAL, "something after the end"
        yield (before.side, before.symbol) == (now.side, now.symbol), "it has become another"
        filled = decimal.Decimal(told["32"]) if execution == "F" else 0
        yield now.cum == before.cum + filled and (filled > 0 or execution != "F"), "CumQty"
        lowered = execution == "D" and now.quantity < before.quantity
        yield execution == "5" or now.quantity == before.quantity or lowered, "OrderQty"
    ended = execution in "4C"
    yield now.leaves == (0 if ended else now.quantity - now.cum), "LeavesQty"
    yield ended or now.leaves > 0 or execution == "F", "nothing left, and not by a fill"
    status = execution if ended else "2" if now.leaves == 0 else "1" if now.cum else "0"
    yield now.status == status, "OrdStatus"


def insist(holds, what):
    if not holds:
        raise AssertionError(what)


def terms(kind, listed, chance, ticks, stop_ticks, lots):
    """The fields of a random order of that kind; self-match prevention is now the session's, now its own."""
    quantity, price, stop = listed.quantity(lots), listed.price(ticks), listed.price(stop_ticks)
    limit = f"38={quantity}|44={price}"
    till = chance.choice("01")
    rule = chance.choice(["", "", "|20122=0", "|20122=1", "|20122=2", "|20122=3"])
    soon = fix.utc_text(time.time() + chance.uniform(0.2, 2))
    return rule + "|" + {
        "limit": f"40=2|{limit}|59={till}",
        "immediate": f"40=2|{limit}|59=3",
        "all or nothing": f"40=2|{limit}|59=4",
        "market": f"40=1|38={quantity}",
        "amount": f"40=1|152={listed.worth(ticks, lots)}",
        "stop": f"40=3|38={quantity}|99={stop}|59={till}",
        "stop limit": f"40=4|{limit}|99={stop}|59={till}",
        "take profit": f"40=J|38={quantity}|99={stop}|59={till}",
        "market to limit": f"40=K|38={quantity}|59={till}",
        "iceberg": f"40=2|{limit}|111={listed.quantity(chance.randrange(1, lots + 1))}|59={till}",
        "post-only": f"40=2|{limit}|18=6|59={till}",
        "at least": f"40=2|{limit}|110={listed.quantity(chance.randrange(1, lots + 1))}|59=3",
        "till date": f"40=2|{limit}|59=6|126={soon}",
    }[kind]


class Trader:
    """One session: sends requests, and keeps the books by what it is told."""

    def __init__(self, venue, session, account, chance, listed):
        self.venue = venue
        self.account = account
        self.chance = chance
        self.listed = {instrument.symbol: instrument for instrument in listed}
        self.engine = Engine(venue.client(session), venue.sessions[session].password, self.report)
        self.session = session
        self.count = 0
        self.requests = {}  # ClOrdID → the D, F, G or q, not yet answered
        self.fates = {}  # ClOrdID → OrderID, "changed", "refused" or "mass"
        self.refusals = collections.Counter()  # by word of Text(58)
        self.happenings = collections.Counter()  # by ExecType and the word, if it has one
        self.orders = {}  # OrderID → Told
        self.open = {}  # those of them that are
        self.trades = {}  # trade id → LastPx, LastQty, Side, LastLiquidityInd, as they were told
        self.mass_left = 0  # orders that mass cancels have announced and not yet told
        self.stale = set()  # ClOrdIDs refused because they came late

    def connect(self, extra=""):
        self.engine.connect(self.venue.fix_port, extra=extra)

    # --- requests ---
    def request(self, kind, fields):
        self.count += 1
        name = f"{self.session}-{self.count}"
        line = self.requests[name] = f"35={kind}|11={name}|60={fix.utc_text()}|{fields}"
        try:
            self.engine.send(line)
        except OSError:
            raise fix.Closed("sending") from None
        return name

    def enter(self, symbol, side, fields):
        return self.request("D", f"1={self.account}|55={symbol}|54={side}|{fields}")

    def cancel(self, number, side=None):
        order = self.open[number]
        return self.request("F", f"{self.naming(number)}|54={side or order.side}")

    def replace(self, number, lots, ticks, side=None, more=""):
        """With the price, or the StopPx, that its type has."""
        order = self.open[number]
        listed = self.listed[order.symbol]
        prices = {"3": (99,), "J": (99,), "4": (99, 44)}.get(order.kind, (44,))
        texts = "".join(f"|{tag}={listed.price(ticks)}" for tag in prices)
        changed = f"|38={listed.quantity(lots)}|40={order.kind}{texts}{more}"
        return self.request("G", f"{self.naming(number)}|54={side or order.side}{changed}")

    def mass_cancel(self, symbol=None):
        return self.request("q", f"530=1|55={symbol}" if symbol else "530=7")

    def naming(self, number):
        order = self.open[number]
        return f"41={order.name}|37={number}|1={self.account}|55={order.symbol}"

    # --- what is told ---
    def report(self, message):
        told = dict(message.fields)
        kind, name, execution = told["35"], told.get("11"), told.get("150")
        if kind == "r":
            self.answer(told, "mass")
            self.mass_left += int(told.get("533", 0))
        elif kind == "9" or (kind == "8" and execution == "8"):
            self.answer(told, "refused")
            word = told["58"].split(":")[0]
            self.refusals[word] += 1
            if word == "STALE":
                self.stale.add(name)
        elif kind != "8":
            raise AssertionError(f"unexpected {message}")
        elif execution != "I":
            if execution == "0":
                self.answer(told, told["37"])
            elif execution == "5" or (execution == "4" and "41" in told):
                self.answer(told, "changed")
            self.follow(told)

    def answer(self, told, fate):
        name = told["11"]
        insist(name not in self.fates, f"{name} has two fates: {self.fates.get(name)} and {told}")
        insist(self.requests.pop(name, None) is not None, f"an answer to what was not asked: {told}")
        self.fates[name] = fate

    def follow(self, told):
        """A report of what happened to an order, after those before."""
        number, execution = told["37"], told["150"]
        self.happenings[" ".join([execution, *told.get("58", "").split(":")[:1]]).strip()] += 1
        before = self.orders.get(number)
        now = self.orders[number] = Told.after(before, told)
        if execution == "F":
            insist(told["527"] not in self.trades, f"a trade with itself: {told}")
            self.trades[told["527"]] = told["31"], told["32"], now.side, told["851"]
        if execution == "4" and "41" not in told and "378" not in told:
            self.mass_left -= 1
            insist(self.mass_left >= 0, f"cancelled, and nobody knows why: {told}")
        for holds, what in follows(before, now, told):
            insist(holds, f"{what}: {before} {told}")
        average = self.listed[now.symbol].average(now.turnover, now.cum) if now.cum else 0
        insist(decimal.Decimal(told["6"]) == average, f"AvgPx is not {average}: {told}")
        if now.status in FINAL:
            self.open.pop(number, None)
        else:
            self.open[number] = now

    def listen(self):
        """Takes what has come already."""
        try:
            while True:
                self.engine.step(0)
        except fix.Timeout:
            pass


# --- at the end -------------------------------------------------------------------------------------------------------


def await_answers(case, traders):
    deadline = time.monotonic() + PATIENCE
    while any(trader.requests for trader in traders):
        case.assertLess(time.monotonic(), deadline, {t.session: t.requests for t in traders})
        for trader in traders:
            trader.engine.drain(quiet=0.1)


def settle(case, venue, traders, before):
    """What the traders were told becomes what the venue holds, and then nothing more comes."""
    await_answers(case, traders)
    deadline = time.monotonic() + PATIENCE
    while (rows := venue.admin("orders")["rows"]) and (ends_soon(rows) or open_as_told(traders) != open_orders(rows)):
        if time.monotonic() > deadline:
            break
        for trader in traders:
            trader.engine.drain(quiet=0.1)
    for trader in traders:
        trader.engine.drain(quiet=0.3)
        case.assertEqual(trader.requests, {}, f"{trader.session}: requests without an answer")
        case.assertEqual(len(trader.fates), trader.count, f"{trader.session}: requests without a fate")
        case.assertEqual(trader.mass_left, 0, f"{trader.session}: a mass cancel announced more than it told")
    told, held = open_as_told(traders), open_orders(rows)
    case.assertEqual(told, held, f"one of them only: {sorted(told.items() ^ held.items())}")
    # Sessions of one account are each told of their own orders only.
    for of_all in ([t.orders for t in traders], [t.engine.executions for t in traders]):
        case.assertEqual(sum(map(len, of_all)), len(set().union(*of_all)), "two sessions were told the same")
    check_trades(case, traders)
    case.assertEqual(totals(venue), before)
    case.assertEqual(venue.admin("check")["invariants"], "all hold")
    orders = [order for trader in traders for order in trader.orders.values()]
    fills = sum(order.cum > 0 for order in orders)
    resent, repeated = sum(t.engine.resent for t in traders), sum(t.engine.repeated for t in traders)
    print(f"{len(orders)} orders, {fills} filled; {resent} requests sent again, {repeated} reports told again", flush=True)
    case.assertGreater(fills, 0)


def check_trades(case, traders):
    """Every trade has a maker and a taker, who were told the same of it."""
    sides = {}
    for trader in traders:
        for trade, side in trader.trades.items():
            sides.setdefault(trade, []).append(side)
    for trade, told in sides.items():
        case.assertEqual(len(told), 2, f"trade {trade}: {told}")
        case.assertEqual(told[0][:2], told[1][:2], f"trade {trade}")
        case.assertEqual({side[2] for side in told}, {"1", "2"}, f"trade {trade}: sides")
        case.assertEqual({side[3] for side in told}, {"1", "2"}, f"trade {trade}: LastLiquidityInd")


def ends_soon(rows):
    return any(row["tif"] == "good_till_date" for row in rows)


def open_orders(rows):
    """{OrderID: (filled, leaves)}, as the venue has them."""
    return {str(row["order"]): (decimal.Decimal(row["filled"]), decimal.Decimal(row["leaves"])) for row in rows}


def open_as_told(traders):
    return {number: (order.cum, order.leaves) for trader in traders for number, order in trader.open.items()}


def totals(venue):
    sums = {}
    for (_, asset), (total, _) in venue.balances().items():
        sums[asset] = sums.get(asset, decimal.Decimal(0)) + decimal.Decimal(total)
    return sums
