"""A client that keeps the FIX session rules by itself: gaps, resends, heartbeats, reconnects.

Written from the FIX 4.4 specification, volume 2, and sharing nothing with the venue, so that recovery is
checked by a second opinion. It remembers all that it was told and insists that no ExecID ever means two things.
"""

import time

import fix

SESSION_TYPES = set("A012345")
# What may differ between two deliveries of one report.
ENVELOPE = {"8", "9", "34", "52", "43", "97", "122", "10"}


class Engine:
    def __init__(self, client, password, on_report=None):
        self.client = client
        self.password = password
        self.on_report = on_report or (lambda report: None)
        self.sent = {}  # number of an application message → the line and its SendingTime, for resends
        self.next_in = 1
        self.held = {}  # too early, by number
        self.asked_from = None
        self.executions = {}  # ExecID → the report without its envelope, as text
        self.reports = 0
        self.repeated = 0  # reports that came again
        self.resent = 0  # messages that went out again
        self.logged_on = False

    # --- connection ---
    def connect(self, port, within=60.0, extra=""):
        """Connects and logs on, trying again while the venue is not there."""
        deadline = time.monotonic() + within
        while True:
            try:
                self.client.close()
                self.held.clear()
                self.asked_from = None
                self.client.connect(port)
                self.client.send(f"35=A|98=0|108=30|553={self.client.sender}|554={self.password}|{extra}")
                self.logged_on = False
                while not self.logged_on:
                    self.step(max(0.01, deadline - time.monotonic()))
                return
            except (fix.Closed, fix.Timeout, OSError) as error:
                if time.monotonic() > deadline:
                    raise AssertionError(f"{self.client.sender} cannot log on: {error!r}") from error
                time.sleep(0.02)

    def cut(self):
        self.client.close(hard=True)

    # --- out ---
    def send(self, line):
        """Sends an application message; what the socket does not take is sent again when it is asked for."""
        number, now = self.client.next_out, fix.utc_text()
        self.sent[number] = line, now
        self.client.send_raw(self.client.encode([*fix.parse_line(line), ("52", now)]))
        return number

    def resend(self, first, last):
        last = self.client.next_out - 1 if last == 0 else min(last, self.client.next_out - 1)
        number = first
        while number <= last:
            if number not in self.sent:
                gap = number
                while number <= last and number not in self.sent:
                    number += 1
                self.client.send_raw(
                    self.client.encode(
                        [("35", "4"), ("34", str(gap)), ("43", "Y"), ("122", fix.utc_text()), ("123", "Y"), ("36", str(number))]
                    )
                )
                continue
            self.resent += 1
            line, original = self.sent[number]
            again = fix.parse_line(line)
            again[1:1] = [("34", str(number)), ("43", "Y"), ("122", original)]
            self.client.send_raw(self.client.encode(again))
            number += 1

    # --- in ---
    def step(self, within):
        """Takes one message and does what the session rules ask. Raises Timeout or Closed."""
        message = self.client.receive(within)
        kind, number = message[35], int(message[34])
        if kind == "4" and message.get(123) != "Y":
            self.next_in = int(message[36])
            return
        if kind == "5":
            raise fix.Closed(f"Logout: {message.get(58)}")
        if kind == "A":
            self.logged_on = True
        if kind == "2" and number > self.next_in:
            self.resend(int(message[7]), int(message[16]))  # at once, or two engines wait for each other
        if number > self.next_in:
            self.held[number] = message
            if self.asked_from != self.next_in:
                self.asked_from = self.next_in
                self.client.send(f"35=2|7={self.next_in}|16=0")
            return
        if number < self.next_in:
            if message.get(43) != "Y":
                raise AssertionError(f"{self.client.sender}: number {number} below {self.next_in}: {message}")
            return
        self.take(message)
        while self.next_in in self.held:
            self.take(self.held.pop(self.next_in), late=True)

    def take(self, message, late=False):
        kind = message[35]
        if kind == "4":
            self.next_in = int(message[36])
            self.held = {n: m for n, m in self.held.items() if n >= self.next_in}
            return
        self.next_in = int(message[34]) + 1
        if kind == "1":
            self.client.send(f"35=0|112={message[112]}")
        elif kind == "2" and not late:
            self.resend(int(message[7]), int(message[16]))
        elif kind not in SESSION_TYPES:
            self.application(message)

    def application(self, message):
        self.reports += 1
        if message[35] == "8" and message.get(150) != "I":
            content = "|".join(f"{tag}={value}" for tag, value in message.fields if tag not in ENVELOPE)
            known = self.executions.setdefault(message[17], content)
            if known != content:
                raise AssertionError(f"ExecID {message[17]} means two things:\n{known}\n{content}")
            if known is not content:
                self.repeated += 1
                return
        self.on_report(message)

    def drain(self, quiet=0.3, within=60.0):
        """Takes messages until none comes for a while."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                self.step(quiet)
            except fix.Timeout:
                return
        raise AssertionError(f"{self.client.sender}: messages without end")
