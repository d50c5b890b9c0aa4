#!/usr/bin/env python3
"""Runs a FIX dialogue: lines sent and lines expected, over a real socket, against the shipped venue.

    tests/system/dialogue.py --bin build/bin tests/fix/logon.fix …
    tests/system/dialogue.py --bin build/bin --one-venue tests/fix/session/*.fix
    tests/system/dialogue.py --bin build/bin --version 5.0SP2 tests/fix/logon.fix

Each file has a venue of its own. With --one-venue they share one, several at a time, and each has sessions with new
numbers, accounts and an instrument of its own; such files say {NAME.comp-id}, {NAME.account} and {symbol}, and nothing
to or of the venue as a whole (`venue`, `admin end-day`).

A dialogue is a text file. Empty lines and lines that begin with # are for the reader. The same file goes for FIX 4.4 and for
FIX 5.0 SP2 over FIXT.1.1; a line that begins with [4.4] or [5.0SP2] is for that version only.

    venue KEY=VALUE …        configuration keys for this file (must come first)
    NAME chosen RULE TEXT    makes an order-entry session of firm ALPHA with that password; RULE of its one-time codes
    NAME password TEXT       from now on that is what {NAME.password} and logons take
    NAME connect [plain]     opens a connection
    NAME logon [fields]      connects, sends a Logon with the right secrets, expects a Logon
    NAME try-logon [fields]  the same, but what comes is for the lines that follow
    NAME > 35=D|11=a|…       sends; 8 9 49 56 34 52 10 are filled in where they are not given
    NAME frame 35=1|34=2|…   sends just these fields in this order; only 8, 9 and 10 are filled in
    NAME raw TEXT            sends bytes; \\x01 and the like are understood, here and in a frame
    NAME < 35=8|39=0|…       the next message has these values. =* any value, =<absent> not there,
                             ={name} remembers the value the first time and compares it later,
                             ~RE matches a regular expression; a tag that stands there twice
                             means its first and its second place in the message, and so on
    NAME < … within 5        waits so many seconds instead of thirty
    NAME eventually 35=8|…   a message has these values; those before it are passed over
    NAME burst 30 35=D|11={n}|…   sends as many at once; {n} counts from 1
    NAME silent 1.5          nothing comes for so long (heartbeats apart)
    NAME in-step             a TestRequest is answered, and nothing comes before the answer
    NAME closed              the venue closes the connection; nothing else comes before
    NAME cut                 the client's end vanishes, and the venue has seen it
    NAME next-out N          the next number that the client sends
    NAME speaks VERSION      of FIX, from now on: 4.4 or 5.0SP2
    admin WORDS              runs `tradehive admin WORDS`; must succeed
    refused WORD: WORDS      runs it; must be refused with that word
    venue kill | stop | start | restart
    value NAME = TEXT        sets {NAME}

{now}, {now-60}, {now+60} are UTC times, {today} and {tomorrow} UTC dates; {NAME.password}, {NAME.totp}, {NAME.totp-1}, {NAME.totp+1} a session's secrets,
{NAME.comp-id} its SenderCompID, {NAME.account} its account, {symbol} the instrument.
Heartbeats (35=0) that answer nothing are passed over unless the line expects one.
"""

import argparse
import concurrent.futures
import datetime
import pathlib
import re
import shlex
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402


AT_A_TIME = 10  # of the dialogues that share a venue; most of a dialogue is waiting


BEGIN_STRINGS = {"4.4": "FIX.4.4", "5.0SP2": "FIXT.1.1"}


class Failure(Exception):
    pass


def bytes_of(text):
    return text.encode().decode("unicode_escape").encode("latin-1")


class Dialogue:
    def __init__(self, path, binaries, version):
        self.path = pathlib.Path(path)
        self.binaries = binaries
        self.version = version
        now = datetime.datetime.now(datetime.timezone.utc)
        self.values = {
            "today": now.strftime("%Y%m%d"),
            "tomorrow": (now + datetime.timedelta(days=1)).strftime("%Y%m%d"),
        }
        self.clients = {}
        self.venue = None
        self.settings = {}

    def run(self):
        try:
            self.play()
            self.the_venue().stop()
        finally:
            for client in self.clients.values():
                client.close()
            if self.venue:
                self.venue.discard()

    def play(self):
        for number, line in enumerate(self.path.read_text().splitlines(), 1):
            line = line.strip()
            if match := re.match(r"\[([\w.]+)\]\s*", line):
                if match.group(1) not in BEGIN_STRINGS:
                    raise Failure(f"{self.path}:{number}: {match.group(1)} is no version")
                line = line[match.end() :] if match.group(1) == self.version else ""
            if not line or line.startswith("#"):
                continue
            try:
                self.step(line)
            except Exception as error:
                raise Failure(f"{self.path}:{number}: {line}\n    {type(error).__name__}: {error}") from error

    def the_venue(self):
        if self.venue is None:
            self.venue = venues.Venue(self.binaries, self.settings)
            self.venue.start()
            self.venue.set_up()
        return self.venue

    def step(self, line):
        word, _, rest = line.partition(" ")
        rest = rest.strip()
        if word == "venue":
            return self.venue_step(rest)
        if word == "admin":
            self.the_venue().admin(*shlex.split(self.fill(rest)))
            return None
        if word == "refused":
            wanted, _, words = rest.partition(":")
            self.the_venue().admin_refused(wanted, *shlex.split(self.fill(words)))
            return None
        if word == "value":
            name, _, text = rest.partition("=")
            self.values[name.strip()] = self.fill(text.strip())
            return None
        return self.client_step(word, rest)

    def venue_step(self, rest):
        if "=" in rest:
            if self.venue:
                raise Failure("configuration must come first")
            self.settings.update(setting.split("=", 1) for setting in rest.split())
            return
        venue = self.the_venue()
        {"kill": venue.kill, "stop": venue.stop, "start": venue.start, "restart": venue.restart}[rest]()
        # Only now, so that the venue never sees a client's end before its own.
        if rest != "start":
            for client in self.clients.values():
                client.close()

    def session(self, name):
        """The FIX session that a client of this name belongs to; ALPHA.second is a second client of ALPHA."""
        return self.the_venue().sessions[name.split(".")[0]]

    def symbol(self):
        return "BTC-USD"

    def client(self, name):
        if name not in self.clients:
            self.clients[name] = self.the_venue().client(self.session(name).name)
            self.clients[name].begin = BEGIN_STRINGS[self.version]
        return self.clients[name]

    def client_step(self, name, rest):
        action, _, text = rest.partition(" ")
        if action == "chosen":
            rule, _, password = text.partition(" ")
            self.the_venue().session("ALPHA", name, ["ALPHA-1"], rule=rule, password=password)
            return
        if action == "password":
            self.session(name).password = self.fill(text)
            return
        client = self.client(name)
        if action == "connect":
            client.tls = client.tls and text.strip() != "plain"
            client.connect(self.the_venue().fix_port)
        elif action in ("logon", "try-logon"):
            session = self.session(name)
            extra = self.fill(text)
            given = {tag for tag, _ in fix.parse_line(extra)}
            base = {"98": "0", "108": "30", "553": session.username, "554": session.logon_password()}
            if client.socket is None:
                client.connect(self.the_venue().fix_port)
            line = "35=A|" + "|".join(f"{t}={v}" for t, v in base.items() if t not in given) + "|" + extra
            if "141=Y" in extra:
                client.next_out = 1
            client.send(line)
            if action == "try-logon":
                return
            answer = client.receive()
            if answer[35] != "A":
                raise Failure(f"expected a Logon, got {answer}")
        elif action == ">":
            client.send(self.fill(text))
        elif action == "frame":
            client.send_raw(fix.frame(bytes_of(self.fill(text).replace("|", "\\x01")), client.begin))
        elif action == "raw":
            client.send_raw(bytes_of(self.fill(text)))
        elif action == "<":
            self.expect(client, text)
        elif action == "eventually":
            self.expect_eventually(client, text)
        elif action == "burst":
            self.burst(client, text)
        elif action == "silent":
            self.silent(client, float(text))
        elif action == "in-step":
            client.send("35=1|112=in step?")
            self.expect(client, "35=0|112=in step?")
        elif action == "closed":
            messages = [m for m in client.until_closed() if m[35] != "0"]
            if messages:
                raise Failure(f"expected the end, got {messages}")
            client.close()
        elif action == "cut":
            client.close(hard=True)
            self.wait_until_gone(self.session(name).name)
        elif action == "next-out":
            client.next_out = int(self.fill(text))
        elif action == "speaks":
            client.begin = BEGIN_STRINGS[text]
        else:
            raise Failure(f"unknown action {action!r}")

    def wait_until_gone(self, comp_id):
        """Until then the venue would put a TestRequest to the old connection when a new one comes."""
        deadline = time.monotonic() + fix.PATIENCE
        while any(
            row["comp_id"] == comp_id and row["connected"] for row in self.the_venue().admin("session", "list")["rows"]
        ):
            if time.monotonic() > deadline:
                raise Failure(f"{comp_id} is still connected")
            time.sleep(0.02)

    def silent(self, client, seconds):
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = client.receive(left)
            except fix.Timeout:
                return
            if message[35] != "0" or "112" in message:
                raise Failure(f"expected silence, got {message}")

    def burst(self, client, text):
        count, _, line = text.partition(" ")
        raw = b""
        for n in range(1, int(count) + 1):
            self.values["n"] = str(n)
            raw += client.encode(fix.parse_line(self.fill(line)))
        client.send_raw(raw)

    def expect_eventually(self, client, text):
        wanted = self.wanted(text)
        deadline = time.monotonic() + fix.PATIENCE
        while True:
            message = client.receive(deadline - time.monotonic())
            before = dict(self.values)
            try:
                return self.compare_all(message, wanted)
            except Failure:
                self.values = before  # names are remembered of the right message only

    @staticmethod
    def wanted(text):
        wanted = []
        for part in text.strip().split("|"):
            if match := re.match(r"(\d+)(~|=)(.*)$", part, re.S):
                wanted.append(match.groups())
            elif part:
                raise Failure(f"not an expectation: {part!r}")
        return wanted

    def expect(self, client, text):
        within = fix.PATIENCE
        if match := re.search(r" within ([\d.]+)$", text):
            within, text = float(match.group(1)), text[: match.start()]
        wanted = self.wanted(text)
        heartbeat = any(tag == "35" and value == "0" for tag, _, value in wanted)
        while True:
            message = client.receive(within)
            if message[35] != "0" or "112" in message or heartbeat:
                break
        self.compare_all(message, wanted)

    def compare_all(self, message, wanted):
        places = {}
        for tag, how, value in wanted:
            place = places[tag] = places.get(tag, -1) + 1
            self.compare(message, tag, how, value, place)

    def compare(self, message, tag, how, value, place):
        actual = (message.all(tag)[place : place + 1] or [None])[0]
        if value == "<absent>":
            if actual is not None:
                raise Failure(f"tag {tag} should be absent in {message}")
            return
        if actual is None:
            raise Failure(f"tag {tag} is missing in {message}")
        if how == "~":
            if not re.search(self.fill(value), actual):
                raise Failure(f"tag {tag}={actual!r} does not match {value!r} in {message}")
        elif match := re.fullmatch(r"\{([\w.]+)\}", value):
            if self.values.setdefault(match.group(1), actual) != actual:
                raise Failure(f"tag {tag} is {actual}, {match.group(1)} was {self.values[match.group(1)]}: {message}")
        elif value != "*" and self.fill(value) != actual:
            raise Failure(f"tag {tag} is {actual!r}, expected {self.fill(value)!r} in {message}")

    def fill(self, text):
        def value(match):
            name = match.group(1)
            if moment := re.fullmatch(r"now([+-][\d.]+)?", name):
                return fix.utc_text(time.time() + float(moment.group(1) or 0))
            if secret := re.fullmatch(r"(\w+)\.(password|secret|totp)([+-]\d+)?", name):
                session = self.session(secret.group(1))
                if secret.group(2) == "totp":
                    return fix.totp(session.totp_secret, step_offset=int(secret.group(3) or 0))
                return session.password
            if own := re.fullmatch(r"(\w+)\.(comp-id|account)", name):
                session = self.session(own.group(1))
                return session.name if own.group(2) == "comp-id" else session.account
            if name == "symbol":
                return self.symbol()
            if name in self.values:
                return self.values[name]
            raise Failure(f"{{{name}}} is not known")

        return re.sub(r"\{([^{}]+)\}", value, text)


class SharedDialogue(Dialogue):
    """One of many against the same venue: what it uses is made when it is first named, and is nobody else's."""

    def __init__(self, path, venue, number, version):
        super().__init__(path, venue.binaries, version)
        self.shared = venue
        self.number = number
        self.sessions = {}
        self.own_symbol = None

    def run(self):
        try:
            self.play()
        finally:
            for client in self.clients.values():
                client.close()

    def the_venue(self):
        return self.shared

    def venue_step(self, rest):
        raise Failure("the venue is shared")

    def session(self, name):
        name = name.split(".")[0]
        if name not in self.sessions:
            own = f"{name}.{self.number}"
            self.shared.account(name, own)
            for asset, amount in (("USD", "1000000.00"), ("BTC", "100")):
                self.shared.deposit(own, asset, amount)
            self.sessions[name] = self.shared.session(name, own, [own])
        return self.sessions[name]

    def symbol(self):
        if self.own_symbol is None:
            self.own_symbol = f"BTC-USD.{self.number}"
            self.shared.instrument(self.own_symbol, "BTC", "USD", tick="0.01", lot="0.0001")
        return self.own_symbol


def report(dialogue):
    """Runs it and says how it went; True when well."""
    began = time.monotonic()
    try:
        dialogue.run()
        verdict = f"ok   {dialogue.path} ({time.monotonic() - began:.1f} s)"
    except Failure as failure:
        verdict = f"FAIL {failure}"
    except Exception:
        verdict = f"FAIL {dialogue.path}\n{traceback.format_exc()}"
    print(verdict, flush=True)
    return verdict.startswith("ok")


def run_with_one_venue(binaries, paths, version):
    with venues.Venue(binaries) as venue, concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        venue.start()
        venue.set_up_market()
        dialogues = [SharedDialogue(path, venue, number, version) for number, path in enumerate(paths, 1)]
        results = list(pool.map(report, dialogues))
        venue.stop()
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", required=True, type=pathlib.Path, help="folder of tradehive")
    parser.add_argument("--one-venue", action="store_true", help="for all files")
    parser.add_argument("--version", choices=list(BEGIN_STRINGS), default="4.4", help="of FIX")
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    binaries = arguments.bin.resolve()
    if arguments.one_venue:
        results = run_with_one_venue(binaries, arguments.files, arguments.version)
    else:
        results = [report(Dialogue(path, binaries, arguments.version)) for path in arguments.files]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
