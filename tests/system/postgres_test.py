#!/usr/bin/env python3
"""PostgreSQL killed, standing still, full, or refusing the venue, while orders flow: no order is refused, the log and the status say
what is wrong, and when it is mended the projection is complete and equal to the journal. On clusters of its own.

    TRADEHIVE_KILLS=n makes it longer.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import postgres  # noqa: E402
import venue as venues  # noqa: E402
from database_test import BINARIES, Trader, caught_up, check, wait_until  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("TRADEHIVE_KILLS", "3"))


class Flow:
    """Orders one after the other, on a thread, until the block ends; then what went wrong there is raised."""

    def __init__(self, venue):
        self.trader = Trader(venue).log_on()
        self.ending = threading.Event()
        self.wrong = None
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            while not self.ending.is_set():
                self.trader.trade(1)
        except BaseException as wrong:  # told by __exit__
            self.wrong = wrong

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()
        self.trader.client.close()
        if self.wrong:
            raise self.wrong

    def sends(self, more):
        """Waits for so many more answers."""
        until = self.trader.count + more
        wait_until(lambda: self.trader.count >= until or self.wrong, f"{more} more orders")


class Postgres(unittest.TestCase):
    def setUp(self):
        self.cluster = postgres.Cluster()
        self.addCleanup(self.cluster.discard)
        self.venue = venues.Venue(BINARIES, cluster=self.cluster)
        self.addCleanup(self.venue.discard)

    def started(self):
        self.venue.start()
        self.venue.set_up()
        wait_until(lambda: caught_up(self.venue), "the projection")
        return self.venue

    def away(self, *words):
        """The status says that the database is away, and why; the log has an alarm that says so too."""

        def told():
            status = self.venue.status()["database"]
            return status["state"] == "away" and all(word in status["last_error"] for word in words)

        wait_until(told, f"away with {words}; the status is {self.venue.status()['database']}")
        alarms = [line for line in self.venue.log_tail(100_000).splitlines() if "database_away" in line]
        self.assertTrue(any(all(word in line for word in words) for line in alarms), alarms)

    def back(self):
        """While orders flow there is always an event or two that the database has not yet."""
        wait_until(lambda: self.venue.status()["database"]["state"] == "up", "the database is up")

    def equal_after_all(self, trader):
        wait_until(lambda: caught_up(self.venue), f"the projection; the status is {self.venue.status()}")
        self.assertIn("the database is back", self.venue.log_tail(100_000))
        self.venue.stop()
        done = check(self.venue)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        self.assertIn(f"equal: {trader.count} orders", done.stdout)

    def test_killed_while_orders_flow(self):
        venue = self.started()
        other = Trader(venue, "ALPHA2")
        with Flow(venue) as flow:
            for _ in range(KILLS):
                flow.sends(30)
                self.cluster.run("kill")
                flow.sends(30)
                self.away()
                # Logons go on from memory.
                other.log_on()
                other.client.close()
                self.cluster.run("start")
                flow.sends(30)
        self.equal_after_all(flow.trader)

    def test_password_while_it_is_killed_or_stands_still(self):
        self.venue.settings |= {"database.statement_timeout_seconds": 1, "database.connect_timeout_seconds": 2}
        venue = self.started()
        venue.session("ALPHA", "CHOSEN", ["ALPHA-1"], password="correct horse battery")
        client = venue.client("CHOSEN")
        client.connect()
        client.logon(username="CHOSEN", password="correct horse battery")

        def change(old, new):
            client.send(f"35=BE|923=1|924=3|553=CHOSEN|554={old}|925={new}")
            answer = client.receive()
            self.assertEqual(answer[35], "BF", answer)
            return answer[927].split(":")[0]

        self.cluster.run("kill")
        self.assertEqual(change("correct horse battery", "a much better one"), "NOT_STORED")
        self.cluster.run("start")
        wait_until(lambda: change("correct horse battery", "a much better one") == "PASSWORD_CHANGED", "a change")
        self.cluster.run("pause")
        self.addCleanup(self.cluster.run, "resume")
        client.send("35=BE|923=2|924=3|553=CHOSEN|554=a much better one|925=another one again")
        # Others log on meanwhile: their passwords are verified, not stored.
        other = Trader(venue, "ALPHA2")
        other.log_on()
        other.client.close()
        self.assertIn(client.receive()[927].split(":")[0], ("NOT_STORED", "IN_DOUBT"))
        self.cluster.run("resume")
        self.assertEqual(change("correct horse battery", "and yet another"), "PASSWORD_INCORRECT")
        client.close()
        # Whichever it is that counts, it is one of the two.
        venue.restart()
        answers = []
        for password in ("a much better one", "another one again"):
            stranger = venue.client("CHOSEN")
            stranger.connect()
            stranger.next_out = 100
            stranger.send(f"35=A|98=0|108=30|553=CHOSEN|554={password}")
            answers.append(stranger.receive()[35])
            stranger.close()
        self.assertEqual(sorted(answers), ["5", "A"])

    def test_standing_still_while_orders_flow(self):
        self.venue.settings |= {"database.statement_timeout_seconds": 1, "database.connect_timeout_seconds": 2}
        venue = self.started()
        other = Trader(venue, "ALPHA2")
        with Flow(venue) as flow:
            flow.sends(30)
            self.cluster.run("pause")
            self.addCleanup(self.cluster.run, "resume")
            flow.sends(30)
            self.away()
            other.log_on()
            other.client.close()
            venue.admin_refused("FAILED", "fix-session", "renew", "ALPHA2")
            self.cluster.run("resume")
            flow.sends(30)
            self.back()
            venue.admin("fix-session", "renew", "ALPHA2")
        # And again, for an end that does not wait for it.
        self.cluster.run("pause")
        flow.trader.log_on()
        flow.trader.trade(5)
        flow.trader.client.close()
        began = time.monotonic()
        venue.stop()
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("events behind; the next start catches up", venue.log_tail())
        self.cluster.run("resume")
        venue.start()
        self.equal_after_all(flow.trader)

    def test_certificates_that_are_not_of_our_ca(self):
        certificates = self.venue.directory / "certificates"
        shutil.copytree(self.cluster.folder / "certificates", certificates)
        for key, name in (("ca", "ca.crt"), ("certificate", "venue.crt"), ("key", "venue.key")):
            self.venue.settings[f"database.{key}"] = certificates / name
        good = (certificates / "ca.crt").read_bytes()
        other = self.venue.directory / "other"
        subprocess.run([str(ROOT / "scripts/make-certificates"), str(other)], check=True, capture_output=True)

        shutil.copy(other / "ca.crt", certificates / "ca.crt")
        self.venue.start(expect_ready=False)
        self.assertEqual(self.venue.process.wait(60), 1)
        self.assertIn("certificate verify failed", self.venue.log_tail())

        (certificates / "ca.crt").write_bytes(good)
        venue = self.started()
        with Flow(venue) as flow:
            shutil.copy(other / "ca.crt", certificates / "ca.crt")
            self.drop_connections(self.venue.database)
            self.away("certificate verify failed")
            flow.sends(20)
            (certificates / "ca.crt").write_bytes(good)
            self.back()
        self.equal_after_all(flow.trader)

    def test_password_that_is_wrong(self):
        password = self.venue.directory / "password"
        shutil.copy(self.cluster.folder / "password", password)
        secret = password.read_text().strip().rpartition(":")[2]
        self.venue.settings |= {"database.user": "venue_by_password", "database.password_file": password}
        settings = self.cluster.settings
        self.cluster.settings = lambda database: {
            key: value for key, value in settings(database).items() if key not in ("database.certificate", "database.key")
        }
        venue = self.started()
        with Flow(venue) as flow:
            self.cluster.sql("ALTER ROLE venue_by_password PASSWORD 'another'")
            self.drop_connections(venue.database)
            self.away("password authentication failed")
            flow.sends(20)
            self.cluster.sql(f"ALTER ROLE venue_by_password PASSWORD '{secret}'")
            self.back()
        self.equal_after_all(flow.trader)
        self.assertNotIn(secret, self.venue.log.read_text())

    def test_disk_full(self):
        mount = pathlib.Path(tempfile.mkdtemp(prefix="tradehive-small-"))
        self.addCleanup(shutil.rmtree, mount, ignore_errors=True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=777", "tmpfs", str(mount)], capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("a small file system can be mounted by root only: " + mounted.stderr.decode().strip())
        self.addCleanup(subprocess.run, ["umount", "-l", str(mount)])
        folder = mount / "space"
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self.cluster.sql(f"CREATE TABLESPACE small LOCATION '{folder}'")
        self.cluster.sql(f"ALTER DATABASE {self.venue.database} SET TABLESPACE small")
        venue = self.started()
        with Flow(venue) as flow:
            filler = mount / "filler"
            with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * 4096)
            self.away("No space left on device")
            flow.sends(20)
            filler.unlink()
            self.back()
        self.equal_after_all(flow.trader)

    def drop_connections(self, database):
        self.cluster.sql(f"SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}'")


class Script(unittest.TestCase):
    def test_certificates_may_be_given_from_where_one_stands(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="tradehive-script-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)

        def script(what, *options, where=folder):
            return subprocess.run([str(ROOT / "scripts/postgres"), what, *options], cwd=where, check=True, capture_output=True, text=True).stdout

        self.addCleanup(script, "remove", "server")
        script("start", "server", "--certificates", "some/certificates", "--throwaway")
        for told in (script("settings", str(folder / "server"), where="/"), script("url", str(folder / "server"), where="/")):
            self.assertIn(f"{folder}/some/certificates/venue.crt", told)


if __name__ == "__main__":
    unittest.main(verbosity=2)
