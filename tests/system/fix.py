"""A FIX 4.4 or FIXT.1.1 client that does nothing by itself: bytes in, messages out, over TCP or TLS.

Tests say each message; only the frame (8, 9, 49, 56, 34, 52, 10) is filled in where a test leaves it out. What comes must be
valid by a stock dictionary (stock_dictionary.py).
"""

import base64
import datetime
import hashlib
import hmac
import re
import select
import socket
import ssl
import struct
import time

import stock_dictionary

SOH = b"\x01"
PATIENCE = 30.0  # seconds for what comes in milliseconds when the machine is not busy
HEADER = ("49", "56", "34", "52")


def utc_text(seconds=None):
    moment = datetime.datetime.fromtimestamp(time.time() if seconds is None else seconds, datetime.timezone.utc)
    return moment.strftime("%Y%m%d-%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


def totp(secret_base32, at=None, step_offset=0):
    """RFC 6238 with SHA-1, six digits and 30 s steps."""
    padded = secret_base32 + "=" * (-len(secret_base32) % 8)
    step = int((time.time() if at is None else at) // 30) + step_offset
    digest = hmac.new(base64.b32decode(padded), struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def parse_line(text):
    """'35=D|11=a' → [('35', 'D'), ('11', 'a')]"""
    fields = []
    for part in text.strip().split("|"):
        if part:
            tag, _, value = part.partition("=")
            fields.append((tag, value))
    return fields


def frame(body, begin="FIX.4.4", length=None, checksum=None):
    """The bytes of a message whose fields, delimited by SOH, are the body. A * in a given length is the right one."""
    text = body + SOH
    text = f"8={begin}".encode() + SOH + f"9={(length or '*').replace('*', str(len(text)))}".encode() + SOH + text
    return text + f"10={checksum or f'{sum(text) % 256:03d}'}".encode() + SOH


class Message:
    def __init__(self, raw):
        self.raw = raw
        self.fields = []
        for part in raw.split(SOH):
            if part:
                tag, _, value = part.partition(b"=")
                self.fields.append((tag.decode("latin-1"), value.decode("latin-1")))

    def get(self, tag, default=None):
        for name, value in self.fields:
            if name == str(tag):
                return value
        return default

    def all(self, tag):
        return [value for name, value in self.fields if name == str(tag)]

    def __getitem__(self, tag):
        value = self.get(tag)
        if value is None:
            raise KeyError(f"tag {tag} is not in {self}")
        return value

    def __contains__(self, tag):
        return self.get(tag) is not None

    def __repr__(self):
        return "|".join(f"{tag}={value}" for tag, value in self.fields)


class Closed(Exception):
    """The peer has closed the connection."""


class Timeout(Exception):
    """Nothing came in time."""


class Client:
    def __init__(self, host, port, sender, target="TRADEHIVE", tls_ca=None, tls=False, begin="FIX.4.4"):
        self.address = (host, port)
        self.sender = sender
        self.target = target
        self.begin = begin
        self.tls_ca = tls_ca
        self.tls = tls or bool(tls_ca)
        self.next_out = 1
        self.next_in = 1
        self.socket = None
        self.buffer = b""
        self.check = stock_dictionary.faults

    # --- connection ---
    def connect(self, port=None, source=None):
        self.close()
        if port:
            self.address = (self.address[0], port)
        self.buffer = b""
        plain = socket.create_connection(self.address, timeout=PATIENCE, source_address=(source, 0) if source else None)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls:
            context = ssl.create_default_context(cafile=self.tls_ca) if self.tls_ca else ssl._create_unverified_context()
            plain = context.wrap_socket(plain, server_hostname="localhost")
        self.socket = plain
        return self

    def close(self, hard=False):
        if self.socket is None:
            return
        if hard:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        self.socket = None

    # --- out ---
    def encode(self, fields):
        given = dict(fields)
        body = []
        kind = given.pop("35")
        begin = given.get("8", self.begin)
        if kind == "A" and begin == "FIXT.1.1" and "1137" not in given:
            fields = [*fields, ("1137", "9")]
        for tag in HEADER:
            if tag in given:
                continue
            value = {"49": self.sender, "56": self.target, "34": str(self.next_out), "52": utc_text()}[tag]
            body.append((tag, value))
            if tag == "34":
                self.next_out += 1
        body += [(tag, value) for tag, value in fields if tag not in ("8", "9", "35", "10") and value != "<absent>"]
        body.sort(key=lambda field: field[0] not in HEADER + ("43", "97", "122"))
        if "34" in given and given["34"].isdigit() and int(given["34"]) >= self.next_out and "43" not in given:
            self.next_out = int(given["34"]) + 1
        text = SOH.join(f"{tag}={value}".encode("latin-1") for tag, value in [("35", kind)] + body)
        return frame(text, begin, given.get("9"), given.get("10"))

    def send(self, line):
        self.send_raw(self.encode(parse_line(line) if isinstance(line, str) else line))

    def send_raw(self, raw):
        self.socket.sendall(raw)

    # --- in ---
    def _take(self):
        match = re.match(rb"8=[^\x01]*\x019=(\d+)\x01", self.buffer)
        if not match:
            return None
        end = match.end() + int(match.group(1)) + 7
        if len(self.buffer) < end:
            return None
        raw, self.buffer = self.buffer[:end], self.buffer[end:]
        message = Message(raw)
        if faults := self.check(raw):
            raise AssertionError(f"not valid by the stock dictionary: {'; '.join(faults)}: {message}")
        if message.get(43) != "Y":
            number = int(message[34])
            if message[35] == "4":
                self.next_in = int(message[36])
            else:
                self.next_in = max(self.next_in, number + 1)
        return message

    def receive(self, within=PATIENCE):
        """The next message; raises Timeout or Closed."""
        deadline = time.monotonic() + within
        while True:
            message = self._take()
            if message:
                return message
            left = max(0.0, deadline - time.monotonic())
            pending = self.tls and self.socket.pending()
            if not pending and not select.select([self.socket], [], [], left)[0]:
                raise Timeout(f"nothing came within {within} s; unparsed: {self.buffer[:200]!r}")
            try:
                data = self.socket.recv(1 << 16)
            except (ConnectionError, ssl.SSLError) as error:
                raise Closed(str(error)) from error
            if not data:
                raise Closed("end of stream")
            self.buffer += data

    def wait_for(self, within=PATIENCE, **tags):
        """The next message with these values (names like t35='8'); others are passed over."""
        wanted = {name[1:]: str(value) for name, value in tags.items()}
        deadline = time.monotonic() + within
        while True:
            message = self.receive(max(0.001, deadline - time.monotonic()))
            if all(message.get(tag) == value for tag, value in wanted.items()):
                return message

    def until_closed(self, within=PATIENCE):
        """All messages up to the end of the connection."""
        messages = []
        deadline = time.monotonic() + within
        try:
            while True:
                messages.append(self.receive(max(0.001, deadline - time.monotonic())))
        except Closed:
            return messages

    # --- session ---
    def logon(self, username=None, password="", heartbeat=30, extra="", within=PATIENCE):
        self.send(f"35=A|98=0|108={heartbeat}|553={username or self.sender}|554={password}|{extra}")
        answer = self.receive(within)
        if answer[35] != "A":
            raise AssertionError(f"logon refused: {answer}")
        return answer
