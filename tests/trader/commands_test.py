#!/usr/bin/env python3
"""tradehive-trader's commands against a running venue, as a person or a script would use them."""

import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.venue = venues.Venue(BINARIES)
        cls.venue.start()
        cls.venue.set_up()
        for number in (1, 2):
            cls.venue.session("ALPHA", f"LOAD{number}", ["ALPHA-1"], password="a password of the load")

    @classmethod
    def tearDownClass(cls):
        cls.venue.discard()

    def arguments(self, command, *words, session="ALPHA", account="ALPHA-1"):
        password = self.venue.directory / f"{session}.password"
        password.write_text(self.venue.sessions[session].password + "\n")
        connection = ["--port", str(self.venue.fix_port), "--sender", session, "--password-file", str(password)]
        if account:
            connection += ["--account", account]
        return [str(BINARIES / "tradehive-trader"), command, *words, *connection]

    def environment(self, **more):
        return dict(os.environ, HOME=str(self.venue.directory), XDG_STATE_HOME=str(self.venue.directory / "state"), **more)

    def run_trader(self, *words, text="", status=0, **options):
        done = subprocess.run(
            self.arguments(*words, **options), input=text, capture_output=True, text=True, timeout=60, env=self.environment()
        )
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def record(self, name, text):
        path = self.venue.directory / name
        path.unlink(missing_ok=True)
        self.run_trader("record", str(path), text=text)
        return path

    def test_record_then_play_gives_the_same_kinds_of_answers(self):
        path = self.record(
            "session.fix", "buy 0.5 BTC-USD @ 100\nreplace 1 0.4 @ 101\nstatus 1\nsell 1 BTC-USD @ 100.001\ncancel 1\ncancel 1\n"
        )
        recorded = path.read_text()
        self.assertNotIn(self.venue.sessions["ALPHA"].password, recorded)
        self.assertIn("554=***", recorded)
        self.assertRegex(recorded, r"(?m)^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6} ALPHA -> 8=FIX\.4\.4\|9=\d+\|35=D\|")
        self.assertRegex(recorded, r"(?m)^\S+ ALPHA <- 8=FIX\.4\.4\|9=\d+\|35=8\|")
        self.assertEqual(path.stat().st_mode & 0o077, 0)

        output = self.run_trader("play", str(path), "--speed", "max", "--compare")
        self.assertIn("sent 6 messages", output)
        self.assertIn("6 requests recorded, 0 answered otherwise", output)
        # Fresh ids: a second time, and by another session, on the same venue.
        self.run_trader("play", str(path), "--speed", "10", "--compare", session="ALPHA2")
        orders = self.venue.admin("orders")["rows"]
        self.assertEqual([row for row in orders if row["status"] in ("new", "partially-filled")], [], orders)

    def test_play_says_what_is_answered_otherwise(self):
        path = self.record("funds.fix", "buy 0.5 BTC-USD @ 100\ncancel 1\n")
        path.write_text(path.read_text().replace("|38=0.5|", "|38=50000|"))
        output = self.run_trader("play", str(path), "--speed", "max", "--compare", "--patience", "1", status=1)
        self.assertRegex(output, r"35=D, \S+\): recorded new; now rejected FUNDS")

    def test_play_keeps_the_recorded_time_stretched(self):
        path = self.venue.directory / "slow.fix"
        lines = [f"2026-01-05T09:00:0{second}.000000 X -> 35=H|11=a{second}|55=BTC-USD|54=1|" for second in (0, 6)]
        path.write_text("\n".join(lines) + "\n")
        began = time.monotonic()
        self.run_trader("play", str(path), "--speed", "4", "--patience", "1")
        self.assertGreater(time.monotonic() - began, 1.5)

    def test_a_session_is_taken_out_of_the_venues_log(self):
        self.run_trader("console", text="buy 0.5 BTC-USD @ 100\ncancel 1\n", session="ALPHA2")
        self.assertTrue(self.logged("ALPHA2"))
        path = self.venue.directory / "taken.fix"
        path.unlink(missing_ok=True)
        done = subprocess.run(
            [str(BINARIES / "tradehive-trader"), "record", str(path), "--log", str(self.venue.data / "log"), "--session", "ALPHA2"],
            capture_output=True, text=True, timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.run_trader("play", str(path), "--speed", "max", "--compare")
        tail = self.tail(str(self.venue.data / "log"), "--session", "ALPHA2")
        self.assertRegex(tail, r"ALPHA2 -> #\d+ NewOrderSingle  Account=ALPHA-1  ClOrdID=\S+ .*Side=1 \(buy\)")

    def logged(self, session):
        """Until the log, which is written behind the venue's back, has the session's Logout."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for log in (self.venue.data / "log").glob("fix_*.log"):
                if re.search(rf" {session} > .*\|35=5\|", log.read_text()):
                    return True
            # The writer flushes at a remark: a stranger makes one.
            self.venue.client(session).connect().close()
            time.sleep(0.1)
        return False

    def tail(self, *words, status=0):
        done = subprocess.run(
            [str(BINARIES / "tradehive-trader"), "tail", *words], capture_output=True, text=True, timeout=60,
            env=self.environment(),
        )
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_tail_of_a_file(self):
        path = self.record("tail.fix", "buy 0.5 BTC-USD @ 100\nbuy 0.5 BTC-USD @ 101\ncancel 1\ncancel 2\n")
        shown = self.tail(str(path))
        self.assertNotIn("\033", shown)
        self.assertRegex(shown, r"Logon .*Password=\*\*\*")
        self.assertRegex(shown, r"ExecutionReport .*ExecType=0 \(new\)")
        only = self.tail(str(path), "--types", "F", "--long")
        self.assertEqual(only.count("OrderCancelRequest"), 2)
        self.assertIn("    OrigClOrdID(41)=", only)
        self.tail(str(self.venue.log), status=1)  # not a FIX log

    def test_tail_follows_a_file_and_ends_at_ctrl_c(self):
        path = self.venue.directory / "grows.fix"
        path.write_text("2026-01-05T09:00:00.000000 X -> 35=D|11=one|\n")
        process = subprocess.Popen(
            [str(BINARIES / "tradehive-trader"), "tail", str(path), "--follow"], stdout=subprocess.PIPE, text=True
        )
        self.assertIn("ClOrdID=one", process.stdout.readline())
        with path.open("a") as file:
            file.write("2026-01-05T09:00:01.000000 X -> 35=D|11=t")
            file.flush()
            time.sleep(0.3)  # half a line is none
            file.write("wo|\n")
        self.assertIn("ClOrdID=two", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 0)
        process.stdout.close()

    def test_tail_live(self):
        process = subprocess.Popen(
            self.arguments("tail"), stdout=subprocess.PIPE, text=True, env=self.environment(NO_COLOR="1")
        )
        self.assertRegex(process.stdout.readline(), r"ALPHA -> #1 Logon .*Password=\*\*\*")
        self.assertRegex(process.stdout.readline(), r"ALPHA <- #1 Logon")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 0)
        self.assertIn("Logout", process.stdout.read())
        process.stdout.close()

    # --- console at a terminal ---
    def at_a_terminal(self, typed, *words, columns=100, **options):
        """What a terminal would get, with keys pressed one after the other, each when its condition holds."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        process = subprocess.Popen(
            self.arguments(*words, **options), stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=self.environment(TERM="xterm"),
        )
        os.close(slave)
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        seen = ""

        def read_until(wanted):
            nonlocal seen
            deadline = time.monotonic() + 60
            while not re.search(wanted, seen):
                self.assertLess(time.monotonic(), deadline, f"no {wanted!r} in {seen!r}")
                if select.select([master], [], [], 0.1)[0]:
                    try:
                        seen += os.read(master, 65536).decode(errors="replace")
                    except OSError:
                        break

        everything = ""
        for wanted, keys in typed:
            read_until(wanted)
            everything += seen
            seen = ""
            if callable(keys):
                keys(process, master)
            else:
                os.write(master, keys.encode())
        deadline = time.monotonic() + 60
        while process.poll() is None:
            self.assertLess(time.monotonic(), deadline, everything + seen)
            if select.select([master], [], [], 0.1)[0]:
                try:
                    seen += os.read(master, 65536).decode(errors="replace")
                except OSError:
                    break
        self.assertEqual(process.wait(10), 0, everything + seen)
        os.close(master)
        return everything + seen

    def test_book_ends_when_its_terminal_goes(self):
        master, slave = pty.openpty()
        process = subprocess.Popen(
            self.arguments("book", "BTC-USD"), stdin=slave, stdout=slave, stderr=subprocess.DEVNULL,
            start_new_session=True, env=self.environment(TERM="xterm"),
        )
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        os.close(slave)
        seen = b""
        while b"BTC-USD" not in seen:
            self.assertTrue(select.select([master], [], [], 20)[0], seen)
            seen += os.read(master, 65536)
        os.close(master)
        process.wait(30)

    def test_console_completes_and_remembers(self):
        history = self.venue.directory / "state" / "tradehive-trader" / "history-ALPHA"
        history.unlink(missing_ok=True)
        secret = self.venue.sessions["ALPHA"].password
        self.at_a_terminal(
            [
                ("ALPHA> ", "boo\tBTC-USD\r"),
                (r"book BTC-USD:", secret + "\r"),
                (r"is not a command", "buy 0.1 BTC-USD @ 5\r"),
                (r"#1 new", "buy 0.1 bt\t@ 6\r"),
                (r"#2 new", "cancel 1\r"),
                (r"#1 canceled", "cancel c\t\r"),  # only one is open: its ClOrdID is completed whole
                (r"#2 canceled", "quit\r"),
            ],
            "console",
        )
        remembered = history.read_text()
        self.assertIn("cancel", remembered)
        self.assertNotIn(secret, remembered)
        self.assertEqual(history.stat().st_mode & 0o077, 0)
        # The next run has them: up, up, up, past quit and the two cancels.
        self.at_a_terminal([("ALPHA> ", "\033[A\033[A\033[A\033[A\r"), (r"#1 new: buy 0.1000 BTC-USD @ 6.00", "cancel 1\r"), (r"#1 canceled", "quit\r")], "console")

    # --- book ---
    def ladder(self, text):
        """The newest ladder in a plain output: ([offers, highest first], [bids, highest first]) as (price, quantity).

        None while it is being written."""
        lines = text.splitlines()
        begin = max(number for number, line in enumerate(lines) if line.startswith("BTC-USD"))
        middle = next((n for n in range(begin, len(lines)) if re.search(r"spread|no (orders|bids|offers)", lines[n])), None)
        if middle is None:
            return None
        offers = re.findall(r"(?m)^\s*(\d+\.\d\d)\s+(\d+\.\d{4})", "\n".join(lines[begin + 3:middle]))
        bids = re.findall(r"(\d+\.\d{4})\s+(\d+\.\d\d)", "\n".join(lines[middle + 1:]))
        return offers, [(price, quantity) for quantity, price in bids]

    def test_book_once(self):
        self.run_trader("console", text="buy 0.5 BTC-USD @ 90\nbuy 0.25 BTC-USD @ 91\nbuy 0.25 BTC-USD @ 91\nsell 2 BTC-USD @ 95.5\n")
        shown = self.run_trader("book", "BTC-USD", "--once", session="ALPHA2", account="")
        self.assertNotIn("\033", shown)
        self.assertIn("spread 4.50", shown)
        self.assertEqual(self.ladder(shown), ([("95.50", "2.0000")], [("91.00", "0.5000"), ("90.00", "0.5000")]))
        self.run_trader("console", text="cancel 1\ncancel 2\ncancel 3\ncancel 4\n")
        self.assertIn("no orders", self.run_trader("book", "BTC-USD", "--once", session="ALPHA2", account=""))
        done = subprocess.run(self.arguments("book", "NO-SUCH", "--once"), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("NO-SUCH: UNKNOWN_SYMBOL", done.stderr)

    def test_book_follows_changes_and_trades_within_its_depth(self):
        output = self.venue.directory / "ladder.txt"
        with output.open("w") as file:
            process = subprocess.Popen(
                self.arguments("book", "BTC-USD", "--depth", "5", session="ALPHA2", account=""), stdout=file,
                env=self.environment(),
            )
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        self.wait_until(lambda: "spread" in output.read_text() or "no orders" in output.read_text(), process)
        # Two accounts, so that they trade with each other; eight levels, so that some leave the window and come back.
        orders = "".join(f"buy 0.{level} BTC-USD @ {100 - level}\n" for level in range(1, 9))
        self.run_trader("console", text=orders + "sell 1 BTC-USD @ 105\n")
        expected = ([("105.00", "1.0000")], [(f"{100 - level}.00", f"0.{level}000") for level in range(1, 6)])
        self.wait_until(lambda: self.ladder(output.read_text()) == expected, process)
        self.run_trader("console", text="sell 0.4 BTC-USD @ 97 ioc\nquit\n", session="BETA", account="BETA-1")
        self.run_trader("console", text="cancel 4\nreplace 9 0.75 @ 104\n")
        bids = [("97.00", "0.2000"), ("95.00", "0.5000"), ("94.00", "0.6000"), ("93.00", "0.7000"), ("92.00", "0.8000")]
        self.wait_until(lambda: self.ladder(output.read_text()) == ([("104.00", "0.7500")], bids), process)
        self.assertEqual(re.findall(r"(?m)^BTC-USD  last (\S+)", output.read_text())[-1], "97.00")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(30), 0)
        self.cancel_all_by_hand()

    def cancel_all_by_hand(self):
        self.run_trader("console", text="".join(f"cancel {number}\n" for number in range(1, 12)))
        self.assertEqual(self.venue.status()["open_orders"], 0)

    def wait_until(self, condition, process):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertIsNone(process.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

    def test_book_in_a_window(self):
        def make_small(process, master):
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 9, 60, 0, 0))
            process.send_signal(signal.SIGWINCH)

        for end in ("q", lambda process, master: os.write(master, b"\x03") and process.send_signal(signal.SIGINT)):
            shown = self.at_a_terminal(
                [(r"(?s)\033\[H.*spread|no (orders|bids|offers)", make_small), (r"\033\[H(?:[^\n]*\n){7}[^\n]*\033\[J", end)],
                "book", "BTC-USD", session="ALPHA2", account="",
            )
            self.assertIn("\033[?1049h", shown)
            self.assertIn("\033[?25h\033[?1049l", shown)

    def test_book_lives_through_a_restart_of_the_venue(self):
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            venue.settings["fix.port"] = venue.fix_port
            output = venue.directory / "ladder.txt"
            environment = dict(os.environ, TRADEHIVE_PASSWORD=venue.sessions["ALPHA"].password)
            with output.open("w") as file:
                process = subprocess.Popen(
                    [str(BINARIES / "tradehive-trader"), "book", "BTC-USD", "--port", str(venue.fix_port), "--sender", "ALPHA"],
                    stdout=file, env=environment,
                )
            self.addCleanup(lambda: process.poll() is None and process.kill())
            self.wait_until(lambda: "no orders" in output.read_text(), process)
            venue.restart()
            client = venue.client("ALPHA2").connect()
            self.addCleanup(client.close)
            client.logon(password=venue.sessions["ALPHA2"].password)
            client.send("35=D|11=later|1=ALPHA-1|55=BTC-USD|54=1|60=20260101-00:00:00|38=1|40=2|44=99|59=1")
            client.wait_for(t35="8")
            self.wait_until(lambda: self.ladder(output.read_text()) == ([], [("99.00", "1.0000")]), process)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(30), 0)

    # --- load ---
    def load_arguments(self, *words):
        password = self.venue.directory / "load.password"
        password.write_text("a password of the load\n")
        return [
            str(BINARIES / "tradehive-trader"), "load", "--port", str(self.venue.fix_port), "--sender", "LOAD1,LOAD2",
            "--password-file", str(password), "--account", "ALPHA-1", *words,
        ]

    def load(self, *words, status=0):
        done = subprocess.run(self.load_arguments(*words), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_load_by_window(self):
        before = self.venue.status()["open_orders"]
        csv, svg = self.venue.directory / "load.csv", self.venue.directory / "load.svg"
        output = self.load("--sessions", "2", "--window", "16", "--orders", "2000", "--csv", str(csv), "--svg", str(svg))
        self.assertIn("2 sessions, window 16\n2,000 orders answered", output)
        self.assertNotIn("!", output)
        self.assertNotIn("\033", output)
        self.assertEqual(int(csv.read_text().splitlines()[-1].split(",")[-1]), 2000)
        self.assertEqual(xml.etree.ElementTree.parse(svg).getroot().tag, "{http://www.w3.org/2000/svg}svg")
        self.assertEqual(self.venue.status()["open_orders"], before)
        # The same sessions again: numbers and ClOrdIDs are fresh.
        self.load("--sessions", "2", "--orders", "100")

    def test_load_counts_from_the_moment_when_an_order_was_due(self):
        csv = self.venue.directory / "stall.csv"
        sequence = self.venue.status()["sequence"]
        process = subprocess.Popen(
            self.load_arguments("--rate", "500", "--seconds", "5", "--csv", str(csv)), stdout=subprocess.PIPE, text=True
        )
        self.wait_until(lambda: self.venue.status()["sequence"] >= sequence + 100, process)
        self.venue.pause()
        time.sleep(0.6)  # the stall itself, not a wait for something
        self.venue.go_on()
        output = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0, output)
        waited = sum(int(row.split(",")[2]) for row in csv.read_text().splitlines()[1:] if int(row.split(",")[0]) > 100_000_000)
        # 300 orders were due while nothing answered; counted from when they were sent, one would show it.
        self.assertGreater(waited, 150, output)
        self.assertIn(" orders answered in ", output)

    def test_over_tls(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        folder = self.venue.directory / "certificates"
        subprocess.run([str(root / "scripts/make-certificates"), str(folder)], check=True, capture_output=True)
        settings = {"fix.tls.certificate": folder / "fix.crt", "fix.tls.key": folder / "fix.key"}
        with venues.Venue(BINARIES, settings) as venue:
            venue.start()
            venue.set_up()
            environment = dict(os.environ, TRADEHIVE_PASSWORD=venue.sessions["ALPHA"].password)
            connection = ["--port", str(venue.fix_port), "--sender", "ALPHA", "--account", "ALPHA-1"]

            def run(*words, ca=folder / "ca.crt"):
                return subprocess.run(
                    [str(BINARIES / "tradehive-trader"), *words, *connection, "--tls-ca", str(ca)], capture_output=True,
                    text=True, timeout=60, env=environment,
                )

            done = run("load", "--orders", "3000", "--window", "500")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("3,000 orders answered", done.stdout)
            done = run("book", "BTC-USD", "--once")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            # Another CA does not vouch for this venue.
            other = self.venue.directory / "others"
            subprocess.run([str(root / "scripts/make-certificates"), str(other)], check=True, capture_output=True)
            done = run("load", "--orders", "1", ca=other / "ca.crt")
            self.assertEqual(done.returncode, 3)
            self.assertIn("no TLS", done.stderr)

    def test_load_says_refusals(self):
        output = self.load("--orders", "10", "--qty", "10000", "--price", "1000", status=1)
        self.assertIn("! 10 orders were refused, the last one: FUNDS", output)
        done = subprocess.run(
            [*self.load_arguments("--orders", "1"), "--username", "WRONG"], capture_output=True, text=True, timeout=60
        )
        self.assertEqual(done.returncode, 3)
        self.assertIn("not logged on: LOAD1: ", done.stderr)

    def test_what_cannot_work_is_said(self):
        for status, words, said in (
            (2, [], "usage: tradehive-trader"),
            (2, ["dance"], "usage: tradehive-trader"),
            (2, ["play"], "name the recording"),
            (2, ["record"], "name the recording"),
            (1, ["play", "/nowhere"], "/nowhere: cannot be read"),
            (2, ["play", "x", "--speed", "fast"], "--speed must be max or a decimal"),
            (2, ["play", "x", "--patience", "0"], "--patience must be at least 1"),
            (1, ["tail", "/nowhere"], "/nowhere: cannot be read"),
            (2, ["tail", "--seconds", "-1"], "--seconds must not be negative"),
            (2, ["record", "x", "--log", "y"], "--log and --session go together"),
            (2, ["book"], "name the instrument"),
            (2, ["book", "X", "--depth", "7"], "--depth must be 0, 1, 5"),
            (2, ["book", "X", "Y"], "too many positional options"),
            (2, ["console", "--port", "0"], "--port must be 1 to 65535"),
            (1, ["console", "--password-file", "/nowhere"], "/nowhere: cannot be read"),
            (2, ["market", "--seconds", "-1"], "--seconds must not be negative"),
            (2, ["market", "--symbol", "X"], "X"),
            (2, ["replay"], "name the message file"),
            (2, ["load", "--sender", "A", "--sessions", "2"], "needs as many senders"),
            (2, ["load", "--seconds", "0"], "--seconds or --orders must be above zero"),
            (2, ["load", "--qty", "0"], "--qty must be a decimal above zero"),
            (2, ["load", "--side", "left"], "--side must be one of buy, sell"),
            (3, ["load", "--port", "1"], "127.0.0.1:1: "),
        ):
            done = subprocess.run([str(BINARIES / "tradehive-trader"), *words], capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, status, words)
            self.assertIn(said, done.stderr)

    def test_every_command_explains_itself(self):
        for command in ("console", "book", "tail", "record", "play", "load", "replay", "market"):
            done = subprocess.run(
                [str(BINARIES / "tradehive-trader"), command, "--help"], capture_output=True, text=True, timeout=60
            )
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertIn(f"tradehive-trader {command}", done.stdout)
            self.assertIn("--password-file", done.stdout)


if __name__ == "__main__":
    unittest.main(verbosity=2)
