#!/usr/bin/env python3
"""The commands that docs/trader.md shows, as they stand there, against the demo venue with its market."""

import os
import pathlib
import select
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = "build/bin/tradehive-trader"


def runs_until_told(command):
    """What it must have shown by then; empty when it ends by itself."""
    if command.endswith("book BTC-USD"):
        return "spread"
    return "\n" if "--follow" in command else ""


class Document(unittest.TestCase):
    def setUp(self):
        self.venue = venues.Venue(BINARIES, {"demo.enabled": "true", "credentials.argon2_mib": 1})
        self.addCleanup(self.venue.discard)
        self.venue.start()
        folder = self.venue.directory
        (folder / "var").mkdir()
        (folder / "var/demo").symlink_to(self.venue.data)
        (folder / "build/bin").mkdir(parents=True)
        program = folder / PROGRAM
        program.write_text(f'#!/bin/sh\nexec {BINARIES}/tradehive-trader "$@" --port {self.venue.fix_port}\n')
        program.chmod(0o755)
        self.environment = dict(os.environ, XDG_STATE_HOME=str(folder / "state"))

    def run_command(self, command):
        process = subprocess.Popen(
            ["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=self.venue.directory, env=self.environment, start_new_session=True,
        )
        self.addCleanup(lambda: process.poll() is None and (os.killpg(process.pid, signal.SIGKILL), process.wait()))
        shown = b""
        if wanted := runs_until_told(command).encode():
            while wanted not in shown:
                self.assertTrue(select.select([process.stdout], [], [], 60)[0], f"{command}\n{shown}")
                some = os.read(process.stdout.fileno(), 65536)
                self.assertTrue(some, f"{command}\n{shown}")
                shown += some
            os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        shown = (shown + output + errors).decode()
        self.assertEqual(process.returncode, 0, f"{command}\n{shown}")
        return shown

    def keep_market(self):
        log = (self.venue.directory / "market.log").open("wb")
        self.addCleanup(log.close)
        market = subprocess.Popen(
            [str(BINARIES / "tradehive-trader"), "market", "--port", str(self.venue.fix_port), "--rate", "300"],
            stdout=log, stderr=subprocess.STDOUT,
        )
        self.addCleanup(lambda: (market.kill(), market.wait()))
        deadline = time.monotonic() + 60
        while self.venue.status()["trades"] < 20 or self.venue.status()["open_orders"] < 60:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def test_every_command_does_what_it_says(self):
        commands = [
            line.strip() for line in (ROOT / "docs/trader.md").read_text().splitlines()
            if line.startswith("    ") and PROGRAM in line
        ]
        self.assertGreater(len(commands), 10)
        # The document's own order, but the market first, and then for good: the rest needs a book.
        of_market = [command for command in commands if " market " in command]
        shown = "".join(self.run_command(command) for command in of_market)
        self.keep_market()
        for command in commands:
            if command not in of_market:
                shown += self.run_command(command)
        for expected in ("#1 trade", "NewOrderSingle", "0 answered otherwise", "orders answered in", "spread", "fills "):
            self.assertIn(expected, shown)
        self.assertEqual((self.venue.directory / "load.svg").read_text()[:5], "<svg ")


if __name__ == "__main__":
    unittest.main(verbosity=2)
