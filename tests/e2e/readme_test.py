#!/usr/bin/env python3
"""The README's way, with the shipped demo configuration: the market trades, a first trade works, a second and a third
start go on with the same balances, orders and sequence numbers. And what the README shows is what is compiled."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import postgres  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
ROOT = pathlib.Path(__file__).resolve().parents[2]


class Readme(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tradehive-readme-"))
        self.data = self.folder / "data"
        text = (ROOT / "config/demo.yaml").read_text()
        text, changed = re.subn(r"(?m)^data_dir:.*$", f"data_dir: {self.data}", text)
        self.assertEqual(changed, 1)
        text, changed = re.subn(r"(?m)^(\s+)port:.*$", r"\1port: 0", text)
        self.assertEqual(changed, 1)
        if postgres.wanted():
            cluster = postgres.Cluster.shared()
            name = cluster.make_database()
            self.addCleanup(cluster.discard)
            self.addCleanup(cluster.drop_database, name)
            section = cluster.run("settings").replace("name: tradehive", f"name: {name}")
            text, changed = re.subn(r"(?ms)^database:\n.*?(?=^\S)", section, text)
            self.assertEqual(changed, 1)
        self.config = self.folder / "demo.yaml"
        self.config.write_text(text)
        self.processes = []

    def tearDown(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        log = (self.folder / "venue.log").open("ab")
        process = subprocess.Popen(
            [str(BINARIES / "tradehive"), "run", "--config", str(self.config)], stdout=log, stderr=log, cwd=ROOT
        )
        self.processes.append(process)
        deadline = time.monotonic() + 60
        while not (self.data / "ready.json").exists():
            self.assertIsNone(process.poll(), (self.folder / "venue.log").read_text()[-3000:])
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        self.port = json.loads((self.data / "ready.json").read_text())["fix_port"]
        return process

    def stop(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 0, (self.folder / "venue.log").read_text()[-3000:])

    def admin(self, *words):
        done = subprocess.run(
            [str(BINARIES / "tradehive"), "admin", "--socket", str(self.data / "control.sock"), "--json", *words],
            capture_output=True, text=True, timeout=60,
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return json.loads(done.stdout)["result"]

    def console(self, text):
        done = subprocess.run(
            [str(BINARIES / "tradehive-trader"), "console", "--port", str(self.port)],
            input=text, capture_output=True, text=True, timeout=60, cwd=ROOT,
            env=dict(os.environ, XDG_STATE_HOME=str(self.folder / "state")),
        )
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_first_trade_and_restarts(self):
        venue = self.start()
        market = subprocess.Popen(
            [str(BINARIES / "tradehive-trader"), "market", "--port", str(self.port)],
            stdout=(self.folder / "market.log").open("wb"), stderr=subprocess.STDOUT, cwd=ROOT,
        )
        self.processes.append(market)
        deadline = time.monotonic() + 60
        while self.admin("status")["trades"] < 5 or not self.offered("BTC-USD"):
            self.assertIsNone(market.poll(), (self.folder / "market.log").read_text()[-3000:])
            self.assertLess(time.monotonic(), deadline, (self.folder / "market.log").read_text()[-3000:])
            time.sleep(0.1)

        # The commands of the README's first trade, as they stand there.
        section = (ROOT / "README.md").read_text().split("## A first trade")[1].split("\n## ")[0]
        commands = [line.strip() for line in section.split("Type\n")[1].split("Every answer")[0].splitlines() if line.strip()]
        output = self.console("\n".join(commands) + "\n")
        self.assertIn("#1 trade", output)
        self.assertIn("#2 new", output)

        market.send_signal(signal.SIGTERM)
        self.assertEqual(market.wait(60), 0)
        for _ in range(2):
            # What is left of the market's orders stays; nothing moves while it is away.
            before = self.state()
            self.stop(venue)
            venue = self.start()
            self.assertEqual(self.state(), before)
        output = self.console("orders\nquit\n")
        self.assertIn("20000", output)
        self.stop(venue)

    def offered(self, symbol):
        return any((row["symbol"], row["side"]) == (symbol, "sell") for row in self.admin("orders")["rows"])

    def state(self):
        sessions = [(row["comp_id"], row["next_in"], row["next_out"]) for row in self.admin("session", "list")["rows"]]
        return (self.admin("balances")["rows"], self.admin("orders")["rows"], sessions)

    def test_readme_shows_the_example_that_is_compiled(self):
        readme = (ROOT / "README.md").read_text()
        examples = re.findall(r"<!-- begin example: (\S+) -->\n(.*?)<!-- end example -->", readme, re.S)
        self.assertEqual(len(examples), readme.count("<!-- begin example:"))
        self.assertGreater(len(examples), 0)
        for path, shown in examples:
            source = (ROOT / path).read_text()
            region = re.search(r"// \[readme\]\n(.*?)\s*// \[/readme\]", source, re.S).group(1)
            self.assertEqual(shown.strip().removeprefix("```cpp").removesuffix("```").strip(), region.strip())

    def test_every_path_that_the_documents_name_exists(self):
        for document in ["README.md", "tests/README.md", *map(str, (ROOT / "docs").glob("*.md"))]:
            text = (ROOT / document).read_text()
            base = (ROOT / document).parent
            for link in re.findall(r"\]\((?!http)([^)#]+)", text):
                self.assertTrue((base / link).exists(), f"{document} links to {link}")
            for path in re.findall(r"`((?:tests|scripts|config|docs|fix-spec)/[\w./-]+)`", text):
                self.assertTrue((ROOT / path).exists(), f"{document} names {path}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
