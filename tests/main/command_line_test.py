#!/usr/bin/env python3
"""The shipped program's command line: exit codes, configuration errors, one venue from start to stop."""

import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

PROGRAM = str(pathlib.Path(os.environ["TRADEHIVE_BIN"]) / "tradehive")


def tradehive(*arguments, text=None):
    return subprocess.run([PROGRAM, *arguments], input=text, capture_output=True, text=True, timeout=60)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="th-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.config = self.folder / "venue.yaml"
        self.config.write_text("data_dir: data\nfix:\n  port: 0\ncredentials:\n  argon2_mib: 1\n")
        self.data = self.folder / "data"

    def run_venue(self, *arguments, **options):
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [PROGRAM, "run", "--config", str(self.config), *arguments], stdout=subprocess.PIPE, stderr=log,
                text=True, **options
            )
        self.addCleanup(process.stdout.close)
        self.addCleanup(lambda: process.poll() is None and (process.kill(), process.wait()))
        line = process.stdout.readline()
        self.assertTrue(line.startswith("ready: FIX on 127.0.0.1:"), line + (self.folder / "log").read_text())
        return process

    def stop(self, process, how=signal.SIGTERM):
        process.send_signal(how)
        self.assertEqual(process.wait(30), 0, (self.folder / "log").read_text())

    def admin(self, *words, text=None):
        done = tradehive("admin", "--config", str(self.config), "--json", *words, text=text)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["result"]

    def test_help_and_version(self):
        for arguments in (["--help"], ["run", "--help"], ["admin", "--help"], ["journal", "--help"],
                          ["snapshot", "--help"], ["upgrade", "--help"], ["db", "--help"]):
            done = tradehive(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
            self.assertIn("usage: tradehive", done.stdout)
        self.assertRegex(tradehive("--version").stdout, r"^tradehive \d+\.\d+\.\d+\n$")

    def test_what_is_not_understood_is_2(self):
        for arguments in ([], ["dance"], ["run", "--fast"], ["run", "now"], ["admin"], ["admin", "dance"],
                          ["journal"], ["journal", "burn", "x"], ["journal", "dump", ".", "--from", "x"],
                          ["snapshot"], ["snapshot", "make"], ["snapshot", "make", ".", "--keep", "1"],
                          ["upgrade", "--config", str(self.config)], ["upgrade", "now"],
                          ["db"], ["db", "check", "it", "now"]):
            done = tradehive(*arguments)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertNotEqual(done.stderr, "")

    def test_configuration_is_checked_before_anything_starts(self):
        done = tradehive("run", "--config", str(self.config), "--check-config")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.config.write_text("data_dir: data\nfix:\n  prot: 0\n")
        for extra in ([], ["--check-config"]):
            done = tradehive("run", "--config", str(self.config), *extra)
            self.assertEqual(done.returncode, 2)
            self.assertIn(f"{self.config}:3: fix.prot: unknown key; did you mean port?", done.stderr)
        self.assertFalse(self.data.exists())
        done = tradehive("admin", "--config", str(self.config), "status")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(tradehive("run", "--config", str(self.folder / "none.yaml")).returncode, 2)

    def test_no_venue_is_3_and_no_journal_is_1(self):
        self.assertEqual(tradehive("admin", "--config", str(self.config), "status").returncode, 3)
        self.assertEqual(tradehive("journal", "check", str(self.folder / "none")).returncode, 1)

    def test_a_venue_from_start_to_stop(self):
        venue = self.run_venue()
        ready = json.loads((self.data / "ready.json").read_text())
        self.assertEqual(ready["pid"], venue.pid)
        self.assertGreater(ready["fix_port"], 0)
        self.assertEqual(self.data.stat().st_mode & 0o777, 0o700)
        self.assertEqual((self.data / "control.sock").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.data / "key").stat().st_mode & 0o777, 0o600)

        self.admin("firm", "create", "ACME")
        self.admin("asset", "create", "USD", "--scale", "2")
        self.admin("account", "create", "ACME-1", "--firm", "ACME")
        first = self.admin("deposit", "ACME-1", "USD", "100.50", "--key", "k")
        again = self.admin("deposit", "ACME-1", "USD", "100.50", "--key", "k")
        self.assertTrue(again["repeated"])
        self.assertNotIn("repeated", first)
        self.assertEqual(self.admin("balances", "--account", "ACME-1")["rows"],
                         [{"account": "ACME-1", "asset": "USD", "total": "100.50", "held": "0.00",
                           "available": "100.50"}])
        refused = tradehive("admin", "--config", str(self.config), "withdraw", "ACME-1", "USD", "200")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("FUNDS", refused.stderr)
        made = self.admin("fix-session", "create", "ACME", "--firm", "ACME", "--accounts", "ACME-1")
        self.assertEqual(len(made["secret"]), 32)
        self.assertEqual(self.admin("check")["invariants"], "all hold")
        self.assertEqual(self.admin("status")["open_orders"], 0)
        state = self.admin("check")["state_hash"]

        # A second venue on the same data is refused and disturbs nothing.
        second = tradehive("run", "--config", str(self.config))
        self.assertEqual(second.returncode, 1, second.stderr)
        self.assertEqual(self.admin("check")["state_hash"], state)

        self.stop(venue)
        self.assertFalse((self.data / "ready.json").exists())
        self.assertFalse((self.data / "control.sock").exists())
        self.assertEqual(tradehive("journal", "check", str(self.data)).returncode, 0)
        self.assertIn("Deposit", tradehive("journal", "dump", str(self.data)).stdout)

    def test_what_was_done_survives_a_kill(self):
        venue = self.run_venue()
        self.admin("firm", "create", "ACME")
        self.admin("asset", "create", "USD", "--scale", "2")
        self.admin("account", "create", "ACME-1", "--firm", "ACME")
        for key in range(5):
            self.admin("deposit", "ACME-1", "USD", "1", "--key", str(key))
        before = self.admin("balances")["rows"]
        venue.kill()
        venue.wait()
        venue = self.run_venue()
        self.assertEqual(self.admin("balances")["rows"], before)
        self.assertTrue(self.admin("deposit", "ACME-1", "USD", "1", "--key", "4")["repeated"])
        self.stop(venue, signal.SIGINT)

    def test_a_file_that_cannot_be_written_ends_the_venue_and_loses_nothing(self):
        self.config.write_text(self.config.read_text() + "journal:\n  segment_mib: 1\n")
        limit = 1152 * 1024  # the journal's segments fit, the event log grows past it
        venue = self.run_venue(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.admin("firm", "create", "ACME")
        self.admin("asset", "create", "USD", "--scale", "0")
        self.admin("account", "create", "ACME-1", "--firm", "ACME")
        request = b'{"request": "deposit", "account": "ACME-1", "asset": "USD", "amount": "1"}\n'
        sent = done = 0
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(60)
            control.connect(str(self.data / "control.sock"))
            lines = control.makefile("rb")
            try:
                while sent < 50_000:
                    control.sendall(request)
                    sent += 1
                    answer = lines.readline()
                    if not answer:
                        break
                    self.assertTrue(json.loads(answer)["ok"], answer)
                    done += 1
            except (BrokenPipeError, ConnectionResetError):
                pass
        self.assertEqual(venue.wait(30), 70, (self.folder / "log").read_text()[-2000:])
        venue = self.run_venue()
        total = int(next(row["total"] for row in self.admin("balances")["rows"] if row["account"] == "ACME-1"))
        self.assertIn(total, (done, sent))
        self.assertGreater(done, 100)
        self.stop(venue)

    def test_the_demo_is_made_once(self):
        with self.config.open("a") as config:
            config.write("demo:\n  enabled: true\n")
        venue = self.run_venue()
        state = (self.admin("balances"), self.admin("instrument", "list"), self.admin("fix-session", "list"))
        self.assertEqual([row["symbol"] for row in state[1]["rows"]],
                         ["BTC-USD", "ETH-USD", "ETH-BTC", "SOL-USD", "XRP-USD", "EUR-USD"])
        self.assertLessEqual({"TRADER", "VIEWER", "LOAD1"}, {row["comp_id"] for row in state[2]["rows"]})
        self.stop(venue)
        venue = self.run_venue()
        self.assertEqual(state, (self.admin("balances"), self.admin("instrument", "list"),
                                 self.admin("fix-session", "list")))
        self.stop(venue)

    def test_a_damaged_journal_refuses_to_start(self):
        venue = self.run_venue()
        self.admin("firm", "create", "ACME")
        self.admin("firm", "create", "LATER")
        self.stop(venue)
        segment = next((self.data / "journal").glob("*.segment"))
        content = bytearray(segment.read_bytes())
        content[content.index(b"ACME")] ^= 1
        segment.write_bytes(content)
        done = tradehive("run", "--config", str(self.config))
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot start", done.stderr)
        self.assertFalse((self.data / "ready.json").exists())
        self.assertEqual(tradehive("journal", "check", str(self.data)).returncode, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
