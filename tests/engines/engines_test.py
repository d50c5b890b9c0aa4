#!/usr/bin/env python3
"""jspurefix, an engine that shares no line with the venue, trades with it: logon, orders, a book rebuilt from W and X, and
a complete history after a connection that was cut while reports were on their way. Skipped (77) where Node.js or the
engine is not installed; scripts/install test installs both."""

import json
import os
import pathlib
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
PATIENCE = 30


class Cable:
    """Between an engine and the venue: can lose what the venue says, and be cut."""

    def __init__(self, port):
        self.port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.deaf = self.out = False
        self.ends = []
        self.lost = 0
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.out:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            self.ends += [client, server]
            for source, target, back in ((client, server, False), (server, client, True)):
                threading.Thread(target=self.pass_on, args=(source, target, back), daemon=True).start()

    def pass_on(self, source, target, back):
        try:
            while data := source.recv(65536):
                if back and self.deaf:
                    self.lost += len(data)
                    continue
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.out = True
        for end in self.ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
        self.ends = []

    def mend(self):
        self.out = self.deaf = False

    def close(self):
        self.listener.close()
        self.cut()


class Engine:
    def __init__(self, venue, port, sender):
        settings = {
            "port": port, "sender": sender, "password": venue.sessions[sender].password, "store": str(venue.directory / "store"),
            "dictionary": str(HERE.parents[1] / "fix-spec/FIX44.xml"),
        }
        self.process = subprocess.Popen(
            ["node", str(HERE / "jspurefix_client.js"), json.dumps(settings)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        self.events = queue.Queue()
        self.reports = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line))
        self.events.put({"event": "end"})

    def do(self, what, **fields):
        self.process.stdin.write(json.dumps({"do": what, **fields}) + "\n")
        self.process.stdin.flush()

    def until(self, condition, what):
        """The first event that fits; reports are kept, and what may not happen is an error."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                event = self.events.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {what}; reports: {self.reports}") from None
            if event["event"] == "report":
                self.reports.append(event)
            if event["event"] in ("does-not-fit", "failed", "end", "other"):
                raise AssertionError(f"{event} instead of {what}")
            if condition(event):
                return event

    def event(self, name):
        return self.until(lambda event: event["event"] == name, name)

    def report(self, id, type):
        return self.until(
            lambda event: event["event"] == "report" and (event["id"], event["type"]) == (id, type), f"report {type} of {id}"
        )

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class Engines(unittest.TestCase):
    def setUp(self):
        self.venue = venues.Venue(BINARIES)
        self.addCleanup(self.venue.discard)
        self.venue.start()
        self.venue.set_up()
        self.cable = Cable(self.venue.fix_port)
        self.addCleanup(self.cable.close)
        self.other = self.venue.client("BETA").connect()
        self.addCleanup(self.other.close)
        self.other.logon(password=self.venue.sessions["BETA"].password)
        self.engine = Engine(self.venue, self.cable.listener.getsockname()[1], "ALPHA")
        self.addCleanup(self.engine.stop)
        self.engine.event("ready")

    def order(self, id, side, qty, price, tif="1"):
        self.engine.do("order", id=id, side=side, qty=qty, price=price, tif=tif, account="ALPHA-1")

    def other_order(self, id, side, qty, price, tif="1"):
        self.other.send(f"35=D|11={id}|55=BTC-USD|54={side}|60={fix.utc_text()}|38={qty}|40=2|44={price}|59={tif}")
        self.other.wait_for(t35="8", t11=id, t150="0")

    def test_orders_and_refusals(self):
        self.order("one", "1", 1.5, 100.25)
        self.assertEqual(self.engine.report("one", "0")["leaves_qty"], "1.5000")
        self.other_order("theirs", 2, "0.5", "100", tif="3")
        fill = self.engine.report("one", "F")
        self.assertEqual((fill["last_px"], fill["last_qty"], fill["cum_qty"]), ("100.25", "0.5000", "0.5000"))
        self.order("poor", "1", 50000, 100)
        self.assertTrue(self.engine.report("poor", "8")["text"].startswith("FUNDS:"))
        self.engine.do("cancel", id="two", orig="one", side="1", account="ALPHA-1")
        self.assertEqual(self.engine.report("two", "4")["status"], "4")
        self.engine.do("quit")
        self.assertEqual(self.engine.process.wait(PATIENCE), 0)

    def test_it_trades_with_quickfix_speaking_5_0_sp2(self):
        """Two stock engines, two versions of FIX, one book."""
        command = [
            str(BINARIES / "tradehive-trader"), "console", "--fix", "5.0SP2", "--port", str(self.venue.fix_port), "--sender", "PAIR",
            "--account", "BETA-1",
        ]
        self.venue.session("BETA", "PAIR", ["BETA-1"])
        environment = dict(os.environ, TRADEHIVE_PASSWORD=self.venue.sessions["PAIR"].password)
        self.order("one", "1", 2, 100.25)
        self.engine.report("one", "0")
        console = subprocess.run(
            command, input="sell 0.5 BTC-USD @ 100\nsell 1 BTC-USD @ 101\nbook BTC-USD\nquit\n", env=environment, capture_output=True,
            text=True, timeout=PATIENCE,
        )
        self.assertEqual(console.returncode, 0, console.stdout + console.stderr)
        self.assertRegex(console.stdout, r"trade: .*0\.5000.*100\.25")
        fill = self.engine.report("one", "F")
        self.assertEqual((fill["last_px"], fill["last_qty"], fill["cum_qty"]), ("100.25", "0.5000", "0.5000"))
        self.order("two", "1", 1, 101)
        self.assertEqual(self.engine.report("two", "F")["last_px"], "101.00")
        self.assertIn("8=FIXT.1.1", "".join(path.read_text() for path in self.venue.data.rglob("fix*.log")))

    def test_the_book_from_w_and_x_is_the_venues(self):
        for level in range(1, 8):
            self.other_order(f"b{level}", 1, f"0.{level}", f"{100 - level}")
        self.engine.do("subscribe", id="m", depth=5)
        self.engine.event("whole-book")
        for level in range(1, 8):
            self.other_order(f"o{level}", 2, f"1.{level}", f"{101 + level}.5")
        # The best three levels go: by a trade, a cancel and a smaller quantity; others come into the window.
        self.order("take", "2", 0.3, 98, tif="3")
        self.engine.report("take", "F")
        self.other.send(f"35=F|11=c|41=o1|55=BTC-USD|54=2|60={fix.utc_text()}")
        self.other.wait_for(t35="8", t150="4")
        self.other.send(f"35=G|11=g|41=o2|55=BTC-USD|54=2|60={fix.utc_text()}|38=0.1|40=2|44=103.5|59=1")
        self.other.wait_for(t35="8", t150="5")
        self.other.send("35=V|262=s|263=0|264=5|267=2|269=0|269=1|146=1|55=BTC-USD")
        snapshot = self.other.wait_for(t35="W")
        entries = list(zip(snapshot.all(269), map(float, snapshot.all(270)), map(float, snapshot.all(271))))
        expected = {side: [[price, qty] for kind, price, qty in entries if kind == side] for side in "01"}
        self.assertEqual(len(expected["0"]), 5)
        self.assertEqual(len(expected["1"]), 5)
        deadline = time.monotonic() + PATIENCE
        while True:
            self.engine.do("book")
            book = self.engine.event("book")
            if (book["bids"], book["offers"]) == (expected["0"], expected["1"]):
                break
            self.assertLess(time.monotonic(), deadline, f"{book} is not {expected}")
            time.sleep(0.05)
        self.assertEqual([price for price, _ in book["trades"]], [99, 98])

    def test_a_cut_connection_leaves_no_hole(self):
        for number in range(1, 6):
            self.order(f"r{number}", "1", 0.1, 100 - number)
            self.engine.report(f"r{number}", "0")
        # Two fills are lost on the way, one happens while there is no connection.
        self.cable.deaf = True
        for number in (1, 2):
            self.other_order(f"hit{number}", 2, "0.1", f"{100 - number}", tif="3")
        deadline = time.monotonic() + PATIENCE
        while self.cable.lost < 400:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        self.cable.cut()
        self.other_order("hit3", 2, "0.1", "97", tif="3")
        self.cable.mend()
        for number in (1, 2, 3):
            self.assertEqual(self.engine.report(f"r{number}", "F")["status"], "2")
        self.order("after", "1", 0.1, 50)
        self.engine.report("after", "0")
        # The engine shows a report that is ahead of a gap at once, and again when it comes with the gap: then it must be
        # the same message, marked as a duplicate.
        fresh = [report for report in self.engine.reports if not report["dup"]]
        self.assertEqual(len(fresh), len({report["exec"] for report in fresh}), fresh)
        contents = {}
        for report in self.engine.reports:
            content = {name: value for name, value in report.items() if name != "dup"}
            self.assertEqual(contents.setdefault(report["exec"], content), content)
        self.assertEqual(len(contents), 9)  # five accepted, three filled, one after that
        self.assertTrue(any(report["dup"] for report in self.engine.reports), "nothing came by resend")


if __name__ == "__main__":
    if shutil.which("node") is None or not (HERE / "node_modules/jspurefix").is_dir():
        print("Node.js or jspurefix is not installed: scripts/install test")
        sys.exit(77)
    unittest.main(verbosity=2)
