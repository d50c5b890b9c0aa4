#!/usr/bin/env python3
"""Snapshots through the shipped venue: killed while one is made, damaged, with old segments dropped or archived, and
taken over by a program of other rules. Each time the state after the start is that of a replay of every command
from the first on, which `tradehive journal check` does on journal and archive together.

    TRADEHIVE_SEED=n repeats a run, TRADEHIVE_KILLS=n makes it longer.
"""

import hashlib
import os
import pathlib
import random
import re
import shutil
import signal
import struct
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import fix  # noqa: E402
import venue as venues  # noqa: E402
from engine import Engine  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
SEED = int(os.environ.get("TRADEHIVE_SEED", "1"))
KILLS = int(os.environ.get("TRADEHIVE_KILLS", "5"))
SETTINGS = {
    "journal.segment_mib": 1,
    "journal.snapshot.every_segments": 1,
    "journal.old_segments": "archive",
    "event_log.segment_mib": 1,
}


class Flood:
    """One session that enters orders as fast as they are taken."""

    def __init__(self, venue, chance):
        self.venue = venue
        self.chance = chance
        self.answers = 0
        self.sent = 0
        self.engine = Engine(venue.client("ALPHA"), venue.sessions["ALPHA"].password, self.report)

    def report(self, message):
        if message[35] == "8" and message[150] in "08":
            self.answers += 1

    def connect(self):
        self.engine.connect(self.venue.fix_port)

    def send(self, count):
        for _ in range(count):
            self.sent += 1
            price = 100 + self.chance.randrange(-30, 31)
            account = self.chance.choice(("ALPHA-1", "ALPHA-2"))
            self.engine.send(
                f"35=D|11=F{self.sent}|1={account}|55=BTC-USD|54={self.chance.choice('12')}|60={fix.utc_text()}"
                f"|38={self.chance.randrange(1, 20)}|40=2|44={price}|59=1"
            )

    def work(self, count, window=200):
        """Enters so many orders; every one is answered when it returns."""
        until = self.sent + count
        while self.answers < until:
            self.send(min(window, until - self.sent, window - (self.sent - self.answers)))
            try:
                self.engine.step(fix.PATIENCE)
            except fix.Timeout as late:
                raise AssertionError(f"{self.sent - self.answers} orders without an answer") from late

    def until_snapshot(self, than=0):
        """Works until there is a snapshot newer than that command."""
        deadline = time.monotonic() + 120
        while newest_snapshot(self.venue) <= than:
            if time.monotonic() > deadline:
                raise AssertionError(f"no snapshot was made:\n{self.venue.log_tail()}")
            self.work(500)
        # Until it is proved, and the rule for old segments applied.
        while snapshot_children(self.venue) or goes_into_archive(self.venue):
            if time.monotonic() > deadline:
                raise AssertionError(f"the snapshot is not finished:\n{self.venue.log_tail()}")
            time.sleep(0.05)
        return newest_snapshot(self.venue)


def snapshots(venue):
    return sorted((venue.data / "snapshots").glob("*.snapshot"))


def newest_snapshot(venue):
    found = snapshots(venue)
    return int(found[-1].stem) if found else 0


def goes_into_archive(venue):
    """Segments that not even the oldest of two snapshots needs."""
    kept = snapshots(venue)
    if venue.settings["journal.old_segments"] != "archive" or len(kept) < 2:
        return []
    segments = sorted(int(path.stem) for path in (venue.data / "journal").glob("*.segment"))
    return [first for first, after in zip(segments, segments[1:]) if after <= int(kept[0].stem) + 1]


def snapshot_children(venue):
    """Processes that the venue has started."""
    return pathlib.Path(f"/proc/{venue.process.pid}/task/{venue.process.pid}/children").read_text().split()


class Snapshots(unittest.TestCase):
    def setUp(self):
        print(f"repeat with TRADEHIVE_SEED={SEED} TRADEHIVE_KILLS={KILLS}", flush=True)
        self.chance = random.Random(SEED)

    def begin(self, **settings):
        venue = venues.Venue(BINARIES, dict(SETTINGS, **{key.replace("__", "."): value for key, value in settings.items()}))
        self.addCleanup(venue.discard)
        venue.start()
        venue.set_up()
        flood = Flood(venue, self.chance)
        flood.connect()
        self.addCleanup(flood.engine.client.close)
        return venue, flood

    def state(self, venue):
        self.assertEqual(venue.admin("check")["invariants"], "all hold")
        return venue.admin("check")["state_hash"]

    def test_killed_while_one_is_made(self):
        venue, flood = self.begin()
        flood.until_snapshot()
        moments = []
        for _ in range(KILLS):
            # Until the child that makes one is there, and then so much longer: loading, replaying, writing, proving.
            deadline = time.monotonic() + 120
            while not snapshot_children(venue):
                self.assertLess(time.monotonic(), deadline, venue.log_tail())
                flood.work(200)
            time.sleep(self.chance.choice((0, 0.005, 0.02, 0.05, 0.1, 0.2)))
            moments.append(len(snapshot_children(venue)))
            venue.kill()
            venue.start()
            self.assertEqual(self.state(venue), venue.state_of_whole_history())
            flood.connect()
            flood.work(50)
        self.assertGreater(sum(moments), 0, "no kill fell into the making of a snapshot")
        flood.until_snapshot(newest_snapshot(venue))
        venue.stop()
        self.assertEqual(venue.tradehive("snapshot", "check", venue.data).returncode, 0)

    def test_the_venue_does_not_mind_when_the_process_that_makes_one_is_killed(self):
        venue, flood = self.begin()
        deadline = time.monotonic() + 120
        while "no snapshot was made (signal 9)" not in venue.log_tail():
            self.assertLess(time.monotonic(), deadline, venue.log_tail())
            children = snapshot_children(venue)
            if children:
                os.kill(int(children[0]), signal.SIGKILL)
            flood.work(200)
        self.assertEqual(self.state(venue), venue.state_of_whole_history())
        venue.restart()
        flood.connect()
        flood.until_snapshot(newest_snapshot(venue))
        self.assertEqual(self.state(venue), venue.state_of_whole_history())

    def test_restarts_and_snapshots_in_turn_with_old_segments_gone(self):
        venue, flood = self.begin()
        last = 0
        for _ in range(3):
            last = flood.until_snapshot(last)
            for _ in range(2):
                venue.restart()
                self.assertIn("after the snapshot of command", venue.log_tail())
                self.assertEqual(self.state(venue), venue.state_of_whole_history())
            flood.connect()
        venue.stop()
        kept = snapshots(venue)
        self.assertEqual(len(kept), 2)
        first = sorted((venue.data / "journal").glob("*.segment"))[0]
        self.assertGreater(int(first.stem), 1, "nothing was archived")
        self.assertLessEqual(int(first.stem), int(kept[0].stem) + 1, "the older snapshot lacks its journal")
        done = venue.tradehive("journal", "check", venue.data)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"replayed: \d+ commands from the snapshot of \d+ on, 1 snapshots on the way")

    def test_a_damaged_one_falls_back_to_the_one_before(self):
        venue, flood = self.begin()
        flood.until_snapshot(flood.until_snapshot())
        venue.stop()
        # What was sealed since the newest would at once make one that is newer than the damaged.
        venue.settings |= {"journal.snapshot.every_segments": 0, "journal.snapshot.every_minutes": 10080}
        newest = snapshots(venue)[-1]
        whole = newest.read_bytes()
        places = [self.chance.randrange(len(whole)) for _ in range(3)]
        for damaged in [whole[:p] + bytes([whole[p] ^ 0xFF]) + whole[p + 1 :] for p in places] + [
            whole[: self.chance.randrange(len(whole))],
            whole[:-88],
            b"",
        ]:
            newest.write_bytes(damaged)
            self.assertEqual(venue.tradehive("snapshot", "check", venue.data).returncode, 1)
            log = venue.log.stat().st_size
            venue.start()
            self.assertEqual(self.state(venue), venue.state_of_whole_history())
            self.assertIn("a snapshot is passed over", venue.log.read_text()[log:])
            venue.stop()
        snapshots(venue)[0].write_bytes(b"")
        venue.start(expect_ready=False)
        self.assertEqual(venue.process.wait(60), 1)
        self.assertIn("the segments before it are missing", venue.log_tail())
        # What was archived makes the journal whole again.
        for segment in (venue.data / "archive").glob("*/*.segment"):
            shutil.move(segment, venue.data / "journal")
        venue.start()
        self.assertEqual(self.state(venue), venue.state_of_whole_history())

    def test_an_operator_makes_lists_and_checks_them(self):
        venue, flood = self.begin(journal__snapshot__every_segments=0, journal__snapshot__every_minutes=0, journal__old_segments="keep")
        data = venue.data
        self.assertIn("no segment was sealed", venue.tradehive("snapshot", "make", data).stdout)
        while len(list((data / "journal").glob("*.segment"))) < 2:
            flood.work(500)
        made = venue.tradehive("snapshot", "make", data)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertRegex(made.stdout, r"snapshot of command \d+: \d+ commands replayed, .* MiB of memory")
        number = newest_snapshot(venue)
        self.assertIn(f"{number} ", venue.tradehive("snapshot", "list", data).stdout)
        self.assertIn(f"{number} good", venue.tradehive("snapshot", "check", data).stdout)
        self.assertEqual(venue.tradehive("journal", "check", data).returncode, 0)
        venue.restart()
        self.assertIn(f"after the snapshot of command {number}", venue.log_tail())
        self.assertEqual(venue.tradehive("snapshot", "make", venue.directory).returncode, 1)
        self.assertEqual(venue.tradehive("snapshot", "paint", data).returncode, 2)

    def test_a_program_of_other_rules_takes_over(self):
        venue, flood = self.begin(journal__old_segments="keep")
        flood.until_snapshot()
        config = venue.write_configuration()
        busy = venue.tradehive("upgrade", "prepare", "--config", config)
        self.assertEqual(busy.returncode, 1)
        self.assertIn("in use by another venue", busy.stderr)
        flood.work(100)
        venue.stop()
        as_if_written_under_other_rules(venue.data)
        refused = venue.tradehive("upgrade", "take-over", "--config", config)
        self.assertEqual(refused.returncode, 1, refused.stdout)
        self.assertIn("upgrade prepare", refused.stderr)
        as_if_written_under_other_rules(venue.data, back=True)
        for _ in range(2):
            prepared = venue.tradehive("upgrade", "prepare", "--config", config)
            self.assertEqual(prepared.returncode, 0, prepared.stderr)
        state = re.search(r"state hash (\w+)", prepared.stdout)[1]
        as_if_written_under_other_rules(venue.data)
        venue.start(expect_ready=False)
        self.assertEqual(venue.process.wait(60), 1)
        self.assertIn("upgrade take-over", venue.log_tail())
        for _ in range(2):
            taken = venue.tradehive("upgrade", "take-over", "--config", config)
            self.assertEqual(taken.returncode, 0, taken.stderr)
            self.assertIn(state, taken.stdout)
        last = newest_snapshot(venue)
        # The only one that the new program can start from, and it is lost: the old program makes the very same again.
        border = snapshots(venue)[-1]
        whole = border.read_bytes()
        border.unlink()
        venue.start(expect_ready=False)
        self.assertEqual(venue.process.wait(60), 1)
        as_if_written_under_other_rules(venue.data, back=True)
        made = venue.tradehive("snapshot", "make", venue.data)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        as_if_written_under_other_rules(venue.data)
        self.assertEqual(border.read_bytes(), whole)
        venue.start()
        flood.connect()
        flood.until_snapshot(last)
        venue.restart()
        state = self.state(venue)
        venue.stop()
        check = venue.tradehive("journal", "check", venue.data)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        self.assertIn(state, check.stdout)
        self.assertIn(f"from the snapshot of {last} on", check.stdout)


# --- the journal as a program of other rules would have left it -------------------------------------------------


def crc32c(data, table=[]):
    if not table:
        for byte in range(256):
            for _ in range(8):
                byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
            table.append(byte)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = table[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def set_header(content, changes):
    """With other fields at these offsets, and the checksum that belongs to them."""
    for offset, value in changes.items():
        content[offset : offset + len(value)] = value
    content[124:128] = struct.pack("<I", crc32c(content[:124]))


def as_if_written_under_other_rules(data, back=False):
    """Lowers the rules version of all segments and snapshots by one, or raises it again; the chain stays whole."""
    ends = {}  # last sequence → (bytes of content, SHA-256)
    segments = sorted((data / "journal").glob("*.segment"))
    for place, path in enumerate(segments):
        content = bytearray(path.read_bytes())
        (rules, first) = struct.unpack_from("<IQ", content, 12)
        changes = {12: struct.pack("<I", rules + (1 if back else -1))}
        if first - 1 in ends:
            changes[40] = ends[first - 1][1]
        set_header(content, changes)
        path.write_bytes(content)
        if place + 1 < len(segments):
            size = struct.unpack_from("<Q", segments[place + 1].read_bytes(), 32)[0]
            ends[int(segments[place + 1].stem) - 1] = (size, hashlib.sha256(content[:size]).digest())
    for path in snapshots_in(data):
        content = bytearray(path.read_bytes())
        rules = struct.unpack_from("<I", content, 12)[0]
        set_header(content, {12: struct.pack("<I", rules + (1 if back else -1)), 48: ends[int(path.stem)][1]})
        content[-32:] = hashlib.sha256(content[:-32]).digest()
        path.write_bytes(content)


def snapshots_in(data):
    return sorted((data / "snapshots").glob("*.snapshot"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
