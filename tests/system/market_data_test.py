#!/usr/bin/env python3
"""Clients keep books by W and X, by the rules of fix-spec/market-data.md, while orders come and go: readers that
reconnect, that ask for a resend, and one that does not read for a while. In the end each book is the venue's.

    TRADEHIVE_BIN=build-test/bin tests/system/market_data_test.py [--commands N] [--seed N]
"""

import argparse
import os
import pathlib
import random
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402

TYPES = "267=3|269=0|269=1|269=B"


class Book:
    """What one request has been told."""

    def __init__(self, depth, by_order):
        self.depth, self.by_order = depth, by_order
        self.sides = {"0": [], "1": []}  # (id, price, quantity, orders), best first
        self.volume = None
        self.books = 0

    def entries(self, message, first):
        entries = []
        for tag, value in message.fields:
            if tag == first:
                entries.append({})
            if entries:
                entries[-1][tag] = value
        return entries

    def take(self, message):
        if message[35] == "W":
            self.books += 1
            self.sides = {"0": [], "1": []}
            for entry in self.entries(message, "269"):
                if entry["269"] == "B":
                    self.volume = entry["271"]
                else:
                    name = entry["37"] if self.by_order else "BO"[int(entry["269"])] + entry["270"]
                    self.sides[entry["269"]].append((name, entry["270"], entry["271"], entry.get("346")))
            return
        for entry in self.entries(message, "279"):
            if entry["269"] == "B":
                self.volume = entry["271"]
            else:
                self.change(entry)

    def change(self, entry):
        side, name = self.sides[entry["269"]], entry["278"]
        at = next((i for i, line in enumerate(side) if line[0] == name), None)
        assert (entry["279"] == "0") == (at is None), f"{entry} does not fit {side}"
        if entry["279"] == "2":
            del side[at]
            return
        line = (name, entry["270"], entry["271"], entry.get("346"))
        if entry["279"] == "1":
            side[at] = line
            return
        price = float(entry["270"])
        better = (lambda other: other >= price) if entry["269"] == "0" else (lambda other: other <= price)
        side.insert(sum(1 for other in side if better(float(other[1]))), line)

    def state(self):
        return self.sides, self.volume


class Reader:
    def __init__(self, venue, name):
        self.venue, self.name = venue, name
        self.client = venue.client(name)
        self.books = {}
        self.connects = 0

    def connect(self):
        self.client.connect(self.venue.fix_port)
        self.client.send(f"35=A|98=0|108=60|553={self.name}|554={self.venue.sessions[self.name].password}")
        while (answer := self.client.receive())[35] != "A":
            pass
        self.connects += 1
        for request in list(self.books):
            self.subscribe(*request)

    def subscribe(self, number, depth, by_order, whole=False):
        self.books[(number, depth, by_order, whole)] = Book(depth, by_order)
        self.client.send(
            f"35=V|262=s{number}|263=1|264={depth}|265={0 if whole else 1}|266={'N' if by_order else 'Y'}|"
            f"{TYPES}|146=1|55=BTC-USD"
        )

    def book(self, message):
        return next(book for key, book in self.books.items() if f"s{key[0]}" == message[262])

    def read(self, seconds):
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = self.client.receive(left)
            except fix.Timeout:
                return
            if message[35] == "2":  # numbers of requests, which no journal knows, after a cut
                self.client.send(f"35=4|34={message[7]}|43=Y|122={fix.utc_text()}|123=Y|36={self.client.next_out}")
            elif message[35] in "WX":
                self.book(message).take(message)
            else:
                assert message[35] in "014", message

    def ask_for_resend(self):
        self.client.send("35=2|7=2|16=0")

    def truth(self, depth, by_order):
        """The venue's own answer."""
        self.client.send(f"35=V|262=now|263=0|264={depth}|266={'N' if by_order else 'Y'}|{TYPES}|146=1|55=BTC-USD")
        while True:
            message = self.client.receive()
            if message[35] == "W" and message[262] == "now":
                book = Book(depth, by_order)
                book.take(message)
                return book.state()
            if message[35] in "WX":
                self.book(message).take(message)

    def agree(self, within=60.0):
        """Every book is the venue's, soon."""
        deadline = time.monotonic() + within
        for (_, depth, by_order, _), book in self.books.items():
            while (truth := self.truth(depth, by_order)) != book.state():
                assert time.monotonic() < deadline, f"{self.name} depth {depth}:\n{book.state()}\nis not\n{truth}"
                self.read(0.05)


class Trader(threading.Thread):
    """Random orders of two sessions, as fast as they are answered."""

    def __init__(self, venue, commands, seed):
        super().__init__()
        self.random = random.Random(seed)
        self.commands = commands
        self.failure = None
        self.clients = {name: venue.client(name) for name in ("ALPHA", "BETA")}
        for name, client in self.clients.items():
            client.connect(venue.fix_port)
            client.logon(password=venue.sessions[name].password)

    def run(self):
        try:
            self.trade()
        except Exception as error:
            self.failure = error

    def trade(self):
        open_orders = {"ALPHA": [], "BETA": []}
        for number in range(self.commands):
            name = self.random.choice(list(self.clients))
            client, mine = self.clients[name], open_orders[name]
            head = f"11=c{number}|1={name}-1|55=BTC-USD|60={fix.utc_text()}"
            what = self.random.random()
            if what < 0.55 or not mine:
                side = self.random.choice("12")
                price = 100 + (self.random.randint(-40, 4) if side == "1" else self.random.randint(-4, 40)) / 100
                client.send(f"35=D|{head}|54={side}|38=0.0{self.random.randint(1, 99):02}|40=2|44={price:.2f}|59=1")
                mine.append((f"c{number}", side, price))
            else:
                order, side, price = mine.pop(self.random.randrange(len(mine)))
                if what < 0.8:
                    client.send(f"35=F|{head}|41={order}|54={side}")
                else:
                    client.send(f"35=G|{head}|41={order}|54={side}|38=0.1|40=2|44={price:.2f}|59=1")
                    mine.append((f"c{number}", side, price))
            self.await_answer(client, f"c{number}")

    def await_answer(self, client, request):
        while True:
            message = client.receive()
            assert message[35] in "0189", message
            if message[35] in "89" and message.get(11) == request:
                return


def run(arguments):
    settings = {"market_data.bytes_waiting": "65536", "fix.limits.write_stall_seconds": "600", "fix.log": "false"}
    with venues.Venue(arguments.bin, settings) as venue:
        venue.start()
        venue.set_up()
        for name in ("PRICES2", "PRICES3"):
            venue.session("BETA", name, ["BETA-1"], kind="market-data")
        steady, restless, slow = (Reader(venue, name) for name in ("PRICES", "PRICES2", "PRICES3"))
        for reader in (steady, restless):
            reader.connect()
            for number, (depth, by_order) in enumerate([(0, False), (1, False), (5, False), (0, True), (10, True)]):
                reader.subscribe(number, depth, by_order)
        slow.connect()
        for number in range(40):  # whole books, so that much waits
            slow.subscribe(number, 0, number % 2 == 0, whole=True)
        slow.read(0.5)

        trader = Trader(venue, arguments.commands, arguments.seed)
        began = time.monotonic()
        trader.start()
        turn = 0
        while trader.is_alive() or restless.connects < 2:
            steady.read(0.1)
            restless.read(0.1)
            turn += 1
            if turn % 4 == 0:
                restless.client.close(hard=turn % 8 == 0)
                restless.connect()
            elif turn % 4 == 2:
                restless.ask_for_resend()
        trader.join()
        if trader.failure:
            raise trader.failure
        took = time.monotonic() - began
        steady.agree()
        restless.agree()
        assert all(book.books == 1 for book in steady.books.values()), "who reads is never told the book anew"
        told = sum(book.books for book in slow.books.values())
        slow.read(1.0)  # it has read nothing for the whole run, and is still there
        slow.agree()
        caught_up = sum(book.books for book in slow.books.values()) - told
        assert caught_up < arguments.commands * len(slow.books) / 2, f"{caught_up} books waited for the slow reader"
        venue.stop()
        print(
            f"{arguments.commands} commands in {took:.1f} s; {restless.connects} connects; the slow reader was given "
            f"{caught_up} books for {len(slow.books)} requests"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commands", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    arguments.bin = pathlib.Path(os.environ["TRADEHIVE_BIN"]).resolve()
    run(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
