#!/usr/bin/env python3
"""The rules of engagement are what happens: the examples of fix-spec/*.md are sent to a venue, each page from top to
bottom to one of its own, and what comes is what the page shows.

    TRADEHIVE_BIN=build-test/bin tests/e2e/rules_of_engagement_test.py

Examples are indented by four blanks; a line that is indented by six goes on with the one before.

    → 35=D|…               ALPHA sends it. BETA → 35=D|…: BETA does
    ← 35=8|…               the next message that comes to ALPHA, heartbeats apart; to others: the next of this type
    $ tradehive admin …    the operator does it
    (the venue closes the connection)    and nothing else came to ALPHA
    (the connection breaks)              ALPHA's end of it vanishes

A session that has not sent a Logon on its page is logged on at its first line. A ← line shows every field of the body, or ends
with |…; of the header it shows what it likes. Values are compared exactly, but
  * times and dates by their form,
  * ids that the venue gives (and, for a session that was logged on beforehand, MsgSeqNum) one to one: what is shown twice
    is the same twice, and what is shown as two is two.
A comment <!-- settings: key=value … --> configures the venue of the page, and <!-- version: 5.0SP2 --> has its clients speak
FIXT.1.1. In a → line times are now, `secret` is the session's password and six digits behind it its code.
"""

import os
import pathlib
import re
import shlex
import sys
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/system"))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
PAGES = sorted((ROOT / "fix-spec").glob("*.md"))
ENVELOPE = {"8", "9", "34", "49", "52", "56", "10"}
TIMES = {"42", "52", "60", "75", "122", "272", "273", "336", "341", "432"}
IDS = {"17": "exec", "37": "order", "278": "entry", "322": "answer", "527": "trade", "880": "trade"}
# Each has an example.
SENT = {"A", "0", "1", "2", "4", "5", "D", "F", "G", "H", "q", "AF", "V", "x", "e", "g", "BE"}
RECEIVED = {"A", "0", "1", "2", "3", "4", "5", "8", "9", "r", "W", "X", "Y", "y", "f", "h", "B", "j", "BF"}


def examples(page):
    """[(line number, text)] of a page, each on one line."""
    found, going_on = [], False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if going_on and line.startswith(" " * 6):
            begun = found[-1][1]
            found[-1] = (found[-1][0], begun + ("" if begun.endswith("|") else " ") + line.strip())
            continue
        going_on = re.match(r" {4}(\w+ )?[→←$(]", line) is not None
        if going_on:
            found.append((number, line.strip()))
    return found


def form(text):
    return re.sub(r"\d", "9", text)


class Page:
    def __init__(self, venue, begin):
        self.venue = venue
        self.begin = begin
        self.clients = {}
        self.exact = set()  # sessions whose numbers are the page's
        self.known = {}  # (kind, shown) → actual
        self.shown = {}  # (kind, actual) → shown
        self.answered = {}  # messages that others got and no line has shown yet
        self.sent_types, self.received_types = set(), set()

    def close(self):
        for client in self.clients.values():
            client.close()

    def step(self, text):
        if text.startswith("$ tradehive admin "):
            self.venue.admin(*shlex.split(text.removeprefix("$ tradehive admin ")))
        elif text == "(the venue closes the connection)":
            rest = [message for message in self.clients["ALPHA"].until_closed() if message[35] != "0"]
            assert not rest, f"before the end came {rest}"
            self.clients["ALPHA"].close()
        elif text == "(the connection breaks)":
            self.clients["ALPHA"].close(hard=True)
            self.wait_until_gone("ALPHA")
        else:
            match = re.fullmatch(r"(?:(\w+) )?([→←]) (.*)", text)
            assert match, "not an example"
            name, arrow, line = match.group(1) or "ALPHA", match.group(2), match.group(3)
            (self.send if arrow == "→" else self.expect)(name, fix.parse_line(line))

    def wait_until_gone(self, name):
        deadline = time.monotonic() + fix.PATIENCE
        while any(row["comp_id"] == name and row["connected"] for row in self.venue.admin("session", "list")["rows"]):
            assert time.monotonic() < deadline, f"{name} is still connected"
            time.sleep(0.02)

    def client(self, name, logs_on=False):
        if name not in self.clients:
            self.clients[name] = self.venue.client(name)
            self.clients[name].begin = self.begin
            if logs_on:
                self.exact.add(name)
            else:
                self.clients[name].connect().logon(password=self.venue.sessions[name].logon_password())
        if self.clients[name].socket is None:
            self.clients[name].connect()
        return self.clients[name]

    # --- out ---
    def send(self, name, fields):
        kind = dict(fields)["35"]
        self.sent_types.add(kind)
        client = self.client(name, logs_on=kind == "A")
        client.send([field for field in (self.actual(name, *field) for field in fields) if field])
        if name != "ALPHA":
            self.await_answer(name, dict(fields).get("11"))

    def await_answer(self, name, cl_ord_id):
        """So that what ALPHA does next comes after it."""
        answered = self.answered.setdefault(name, [])
        while True:
            answered.append(self.clients[name].receive())
            if answered[-1].get(11) == cl_ord_id:
                return

    def actual(self, name, tag, shown):
        if tag in ("49", "56"):
            return (tag, shown)
        if tag == "34" and name not in self.exact:
            self.same("number", shown, str(self.clients[name].next_out))
            return None
        if tag == "554":
            session = self.venue.sessions[name]
            return (tag, session.logon_password() if re.fullmatch(r"secret(:\d{6})?", shown) else shown)
        if tag in ("52", "60"):
            return (tag, fix.utc_text())
        if tag == "126":
            return (tag, self.known.setdefault(("expires", shown), fix.utc_text(time.time() + 3600)))
        if tag == "122":
            return (tag, fix.utc_text(time.time() - 1))
        if tag in IDS:
            return (tag, self.known.get((IDS[tag], shown), shown))
        return (tag, shown)

    # --- in ---
    def expect(self, name, shown):
        kind = dict(shown).get("35")
        while True:
            message = self.answered[name].pop(0) if self.answered.get(name) else self.client(name).receive()
            heartbeat = message[35] == "0" and "112" not in message and kind != "0"
            if not heartbeat and (name == "ALPHA" or message[35] == kind):
                break
        self.received_types.add(message[35])
        open_end = shown[-1][0] == "…"
        shown = shown[:-1] if open_end else shown
        for tag in dict.fromkeys(tag for tag, _ in shown):
            values = [value for other, value in shown if other == tag]
            actual = message.all(tag)
            assert len(actual) == len(values), f"tag {tag} is there {len(actual)} times in {message}"
            for value, other in zip(values, actual):
                self.compare(name, tag, value, other, message)
        tags = {tag for tag, _ in shown}
        more = [f"{tag}={value}" for tag, value in message.fields if tag not in tags | ENVELOPE]
        assert open_end or not more, f"not shown: {'|'.join(more)} of {message}"

    def compare(self, name, tag, shown, actual, message):
        if tag == "126":
            self.same("expires", shown, actual)
        elif tag in TIMES:
            assert form(actual) == form(shown), f"{tag}={actual} is of another form than {shown}: {message}"
        elif tag == "34" and name not in self.exact:
            self.same("their number", shown, actual)
        elif tag == "45" and name not in self.exact:
            self.same("number", shown, actual)
        elif tag in IDS and shown != "NONE" and re.search(r"^\d|^H\d", shown):
            assert re.sub(r"\d+", "9", actual) == re.sub(r"\d+", "9", shown), f"{tag}={actual}, not like {shown}: {message}"
            self.same(IDS[tag], shown, actual)
        else:
            assert actual == shown, f"{tag}={actual}, not {shown}: {message}"

    def same(self, kind, shown, actual):
        known = self.known.setdefault((kind, shown), actual)
        assert known == actual, f"{kind} {shown} was {known}, now {actual}"
        before = self.shown.setdefault((kind, actual), shown)
        assert before == shown, f"{kind} {actual} was shown as {before}, now as {shown}"


class RulesOfEngagement(unittest.TestCase):
    def play(self, path):
        settings = re.search(r"<!-- settings: (.*) -->", path.read_text())
        with venues.Venue(BINARIES, dict(pair.split("=") for pair in settings[1].split()) if settings else {}) as venue:
            venue.start()
            venue.set_up()
            page = Page(venue, "FIXT.1.1" if "<!-- version: 5.0SP2 -->" in path.read_text() else "FIX.4.4")
            self.addCleanup(page.close)
            for number, text in examples(path):
                try:
                    page.step(text)
                except Exception as error:
                    raise AssertionError(f"{path}:{number}: {text}\n    {error!r}") from error
            venue.stop()
            return page

    def test_the_examples_are_what_happens(self):
        sent, received = set(), set()
        for path in PAGES:
            if examples(path):
                with self.subTest(path.name):
                    page = self.play(path)
                    sent |= page.sent_types
                    received |= page.received_types
        self.assertEqual(SENT - sent, set(), "no example sends these")
        self.assertEqual(RECEIVED - received, set(), "no example shows these coming")


if __name__ == "__main__":
    unittest.main(verbosity=2)
