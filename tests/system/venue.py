"""The shipped venue as a child process in a temporary folder: start, kill, restart, administer.

Its database is SQLite, or with TRADEHIVE_TEST_DATABASE=postgresql one of its own on PostgreSQL (postgres.py).
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import fix
import postgres

READY_WITHIN = 60.0


class Session:
    """A FIX session of the fixture and its secrets."""

    def __init__(self, name, account, password, totp_secret="", rule="none"):
        self.name = name
        self.account = account
        self.username = name
        self.password = password
        self.totp_secret = totp_secret
        self.rule = rule
        self.last_step = 0

    def logon_password(self):
        """What belongs into tag 554 now. A code counts once: waits for the next when the last one is used."""
        if self.rule == "none":
            return self.password
        while int(time.time() // 30) <= self.last_step:
            time.sleep(0.1)
        self.last_step = int(time.time() // 30)
        return f"{self.password}:{fix.totp(self.totp_secret)}"


class Venue:
    def __init__(self, binaries, settings=None, directory=None, environment=None, cluster=None):
        self.binaries = pathlib.Path(binaries)
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="tradehive-"))
        self.data = self.directory / "data"
        self.settings = dict(settings or {})
        self.environment = dict(os.environ, **(environment or {}))
        self.process = None
        self.fix_port = None
        self.sessions = {}
        self.log = self.directory / "venue.log"
        self.wrapper = []
        self.cluster = cluster or (postgres.Cluster.shared() if postgres.wanted() else None)
        self.own_cluster = cluster is None
        if self.cluster:
            self.database = self.cluster.make_database()

    # --- configuration: dotted keys, e.g. fix.limits.logon_timeout_seconds=2 ---
    def write_configuration(self):
        tree = {
            "data_dir": str(self.data),
            "fix": {"address": "127.0.0.1", "port": 0, "number_reset": {"at": "never"}},
            "journal": {"segment_mib": 4},
        }
        database = self.cluster.settings(self.database) if self.cluster else {}
        for key, value in (database | self.settings).items():
            node = tree
            *path, leaf = key.split(".")
            for part in path:
                node = node.setdefault(part, {})
            node[leaf] = value
        file = self.directory / "venue.yaml"

        def lines(node, depth=0):
            for key, value in node.items():
                if isinstance(value, dict):
                    yield "  " * depth + f"{key}:"
                    yield from lines(value, depth + 1)
                else:
                    yield "  " * depth + f"{key}: {value}"

        file.write_text("\n".join(lines(tree)) + "\n")
        return file

    # --- life ---
    def start(self, expect_ready=True):
        ready = self.data / "ready.json"
        ready.unlink(missing_ok=True)
        command = [*self.wrapper, str(self.binaries / "tradehive"), "run", "--config", str(self.write_configuration())]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment
            )
        if expect_ready:
            self.wait_ready()
        return self

    def wait_ready(self):
        ready = self.data / "ready.json"
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the venue ended with {self.process.returncode}:\n{self.log_tail()}")
            try:
                state = json.loads(ready.read_text())
                self.fix_port = state["fix_port"]
                return
            except (FileNotFoundError, json.JSONDecodeError):
                time.sleep(0.01)
        raise AssertionError(f"the venue is not ready after {READY_WITHIN} s:\n{self.log_tail()}")

    def log_tail(self, size=4000):
        return self.log.read_text(errors="replace")[-size:] if self.log.exists() else ""

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def pause(self):
        """Returns when every thread of it has stopped."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self, within=60.0):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(within)
        except subprocess.TimeoutExpired as expired:
            self.kill()
            raise AssertionError(f"no clean stop within {within} s:\n{self.log_tail()}") from expired
        if status != 0:
            raise AssertionError(f"a clean stop ended with {status}:\n{self.log_tail()}")

    def restart(self):
        self.stop()
        self.start()

    def discard(self):
        if self.process and self.process.poll() is None:
            self.kill()
        if self.cluster and self.own_cluster:
            self.cluster.drop_database(self.database)
            self.cluster.discard()
        if not os.environ.get("TRADEHIVE_KEEP"):
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.discard()

    # --- administration ---
    def admin_process(self, *words, text=None):
        return subprocess.run(
            [str(self.binaries / "tradehive"), "admin", "--socket", str(self.data / "control.sock"), "--json", *words],
            input=text,
            capture_output=True,
            text=True,
            timeout=60,
            env=self.environment,
        )

    def admin(self, *words, text=None):
        done = self.admin_process(*words, text=text)
        if done.returncode != 0:
            raise AssertionError(f"admin {' '.join(words)} → {done.returncode}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)["result"]

    def admin_refused(self, word, *words):
        done = self.admin_process(*words)
        if done.returncode != 1 or word not in done.stdout + done.stderr:
            raise AssertionError(f"admin {' '.join(words)} → {done.returncode}: {done.stdout}{done.stderr}")

    # --- the fixture that dialogues and system tests share ---
    def set_up(self):
        """Two firms that know nothing of each other; ALPHA has two sessions and two accounts.

        ALPHA, ALPHA2: order entry, generated secret, no TOTP, cancel on disconnect `none`.
        SECURE: a chosen password and a TOTP code at every logon; cancels its orders on disconnect.
        FRESH: a generated secret and a TOTP code, which counts again for a while from the same address.
        BETA: another firm; PRICES is its session for market data. Each account has 1,000,000.00 USD and 100 BTC.
        """
        self.set_up_market()
        for firm, account in (("ALPHA", "ALPHA-1"), ("ALPHA", "ALPHA-2"), ("BETA", "BETA-1")):
            self.account(firm, account)
            self.deposit(account, "USD", "1000000.00")
            self.deposit(account, "BTC", "100")
        self.session("ALPHA", "ALPHA", ["ALPHA-1", "ALPHA-2"])
        self.session("ALPHA", "ALPHA2", ["ALPHA-1"])
        self.session("BETA", "BETA", ["BETA-1"])
        self.session("BETA", "PRICES", ["BETA-1"], kind="market-data")
        self.session("ALPHA", "FRESH", ["ALPHA-1"], rule="fresh")
        self.session("ALPHA", "SECURE", ["ALPHA-1"], rule="every-logon", password="correct horse battery", cod="session")

    def set_up_market(self):
        """An instrument and the firms ALPHA and BETA."""
        self.asset("USD", 6)
        self.asset("BTC", 8)
        self.instrument("BTC-USD", "BTC", "USD", tick="0.01", lot="0.0001")
        self.firm("ALPHA")
        self.firm("BETA")

    def client(self, name):
        tls = bool(self.settings.get("fix.tls.certificate"))
        return fix.Client("127.0.0.1", self.fix_port, self.sessions[name].name, tls=tls)

    def asset(self, code, scale):
        return self.admin("asset", "create", code, "--scale", str(scale))

    def instrument(self, symbol, base, quote, tick, lot, **options):
        words = ["instrument", "create", symbol, "--base", base, "--quote", quote, "--tick", tick, "--lot", lot]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return self.admin(*words)

    def firm(self, code):
        return self.admin("firm", "create", code)

    def account(self, firm, code, **options):
        words = ["account", "create", code, "--firm", firm]
        for name, value in options.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return self.admin(*words)

    def deposit(self, account, asset, amount, key=None):
        return self.admin("deposit", account, asset, amount, *(["--key", key] if key else []))

    def session(self, firm, name, accounts, rule="none", cod="none", password=None, resend_max_age=10, kind="order-entry"):
        words = ["fix-session", "create", name, "--firm", firm, "--totp", rule, "--cancel-on-disconnect", cod]
        words += ["--resend-max-age", str(resend_max_age), "--kind", kind, "--accounts", ",".join(accounts)]
        if password is not None:
            words.append("--password")
        made = self.admin(*words, text=(password + "\n") if password is not None else None)
        session = Session(name, accounts[0], password or made["secret"], made.get("totp_secret", ""), rule)
        self.sessions[name] = session
        return session

    def balances(self):
        """{(account, asset): (total, held)} as decimals in text."""
        return {(row["account"], row["asset"]): (row["total"], row["held"]) for row in self.admin("balances")["rows"]}

    def status(self):
        return self.admin("status")

    # --- the programs that work on its files ---
    def tradehive(self, *words):
        return subprocess.run(
            [str(self.binaries / "tradehive"), *map(str, words)], capture_output=True, text=True, timeout=300
        )

    def state_of_whole_history(self):
        """The state hash that replaying every command that there ever was gives, in a folder of its own."""
        with tempfile.TemporaryDirectory(prefix="tradehive-whole-") as folder:
            for part in ("journal", "archive"):  # in the direction in which they are moved
                for segment in (self.data / part).rglob("*.segment"):
                    try:
                        shutil.copy(segment, folder)
                    except FileNotFoundError:
                        pass  # it was archived this moment
            done = self.tradehive("journal", "check", folder)
        if done.returncode != 0:
            raise AssertionError(done.stdout + done.stderr)
        found = re.search(r"replayed: (\d+) commands from the first, 0 snapshots .* state hash (\w+)", done.stdout)
        return found[2]
