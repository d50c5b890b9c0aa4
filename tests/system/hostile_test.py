#!/usr/bin/env python3
"""Hostile and broken clients: each gets its answer within its bound, none disturbs a trading session."""

import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
ROOT = pathlib.Path(__file__).resolve().parents[2]
SLOWER = 3.0 if "asan" in os.environ["TRADEHIVE_BIN"] else 1.0


class Trader(threading.Thread):
    """A well-behaved session that trades all the time and keeps the longest wait for an answer."""

    def __init__(self, venue):
        super().__init__(daemon=True)
        self.client = venue.client("ALPHA")
        self.client.connect(venue.fix_port)
        self.client.logon(password=venue.sessions["ALPHA"].password)
        self.longest = 0.0
        self.orders = 0
        self.fault = None
        self.going = True

    def run(self):
        try:
            while self.going:
                self.orders += 1
                name = f"t{self.orders}"
                began = time.monotonic()
                self.client.send(f"35=D|11={name}|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=1|40=2|44=1|59=3")
                self.client.wait_for(t35="8", t11=name, t150="C")
                self.longest = max(self.longest, time.monotonic() - began)
                time.sleep(0.005)
        except Exception as fault:  # told by the test
            self.fault = fault


class Hostile(unittest.TestCase):
    # What is closed at once is closed long before a connection that has only failed to log on in time.
    logon_timeout = 5.0
    settings = {"fix.limits.logon_timeout_seconds": "5"}
    at_once = 4.0
    in_time = 20.0

    @classmethod
    def setUpClass(cls):
        cls.venue = venues.Venue(BINARIES, cls.settings)
        cls.venue.start()
        cls.venue.set_up()
        cls.trader = Trader(cls.venue)
        cls.trader.start()

    @classmethod
    def tearDownClass(cls):
        cls.trader.going = False
        cls.trader.join(20)
        try:
            if cls.trader.fault:
                raise AssertionError(f"the trading session was disturbed: {cls.trader.fault!r}\n{cls.venue.log_tail()}")
            if cls.trader.orders < 20:
                raise AssertionError("the trading session hardly traded")
            if cls.trader.longest > cls.at_once * SLOWER:
                raise AssertionError(f"an order waited {cls.trader.longest:.2f} s for its answer")
            cls.venue.stop()
        finally:
            cls.venue.discard()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.venue.fix_port), timeout=20)

    def assert_closed_within(self, connection, seconds, least=0.0):
        began = time.monotonic()
        connection.settimeout(seconds)
        received = b""
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionError:
            pass
        except TimeoutError:
            self.fail(f"still open after {seconds} s; received {received!r}")
        self.assertGreaterEqual(time.monotonic() - began, least)
        return received

    def test_garbage_is_closed_at_once(self):
        for garbage in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x00" * 64, b"8=FIX.4.4\x019=abc\x01", os.urandom(4096)):
            with self.connect() as connection:
                connection.sendall(garbage)
                self.assert_closed_within(connection, self.at_once)

    def test_a_message_over_the_limit_is_closed_at_once(self):
        with self.connect() as connection:
            connection.sendall(b"8=FIX.4.4\x019=100000\x0135=A\x01" + b"58=" + b"x" * 9000)
            self.assert_closed_within(connection, self.at_once)

    def test_a_message_over_the_limit_after_logon_ends_that_session_only(self):
        client = self.venue.client("ALPHA2")
        client.connect()
        client.logon(password=self.venue.sessions["ALPHA2"].password)
        client.send_raw(b"8=FIX.4.4\x019=9000\x0135=0\x01" + b"58=" + b"x" * 9000)
        messages = client.until_closed(self.at_once)
        self.assertTrue(messages == [] or messages[-1][35] == "5", messages)
        client.close()

    def test_silence_before_logon_is_closed_in_time(self):
        with self.connect() as connection:
            self.assert_closed_within(connection, self.in_time, least=self.logon_timeout - 1)

    def test_one_byte_at_a_time_does_not_extend_the_logon_time(self):
        with self.connect() as connection:
            with self.assertRaises(OSError):  # the message, which never becomes whole, takes longer than that
                for byte in b"8=FIX.4.4\x019=100\x0135=A\x0149=ALPHA\x0156=TRADEHIVE\x01":
                    connection.sendall(bytes([byte]))
                    connection.settimeout(0.2)
                    try:
                        if connection.recv(1) == b"":
                            raise ConnectionResetError
                    except TimeoutError:
                        pass

    def test_more_than_256_strangers_are_turned_away_and_a_trader_still_gets_in(self):
        strangers = []
        try:
            refused = 0
            for _ in range(300):
                connection = self.connect()
                strangers.append(connection)
            deadline = time.monotonic() + self.at_once
            while time.monotonic() < deadline and refused < 300 - 256:
                refused = 0
                for connection in strangers:
                    connection.setblocking(False)
                    try:
                        refused += connection.recv(1) == b""
                    except BlockingIOError:
                        pass
                    except ConnectionError:
                        refused += 1
                time.sleep(0.02)
            self.assertGreaterEqual(refused, 300 - 256)
        finally:
            for connection in strangers:
                connection.close()
        client = self.venue.client("ALPHA2")
        deadline = time.monotonic() + fix.PATIENCE
        while True:
            try:
                client.next_out = 1
                client.connect()
                client.send(f"35=A|98=0|108=30|141=Y|553=ALPHA2|554={self.venue.sessions['ALPHA2'].password}")
                self.assertEqual(client.receive()[35], "A")
                break
            except (fix.Closed, OSError):
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.05)
        client.close()

    def test_a_reader_that_never_reads_is_disconnected_and_catches_up_by_resend(self):
        client = self.venue.client("SECURE")
        session = self.venue.sessions["SECURE"]
        client.connect()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.logon(password=session.logon_password())
        sent = 0
        try:
            client.socket.settimeout(5)
            while sent < 200_000:
                batch = b"".join(
                    client.encode(fix.parse_line("35=D|11=bad id|1=ALPHA-1|55=BTC-USD|54=1|60=20260101-00:00:00|38=1|40=2|44=1"))
                    for _ in range(100)
                )
                client.send_raw(batch)
                sent += 100
        except (OSError, ssl.SSLError):
            pass
        deadline = time.monotonic() + 120 * SLOWER
        while any(row["comp_id"] == "SECURE" and row["connected"] for row in self.venue.admin("session", "list")["rows"]):
            self.assertLess(time.monotonic(), deadline, "the reader that never reads is still connected")
            time.sleep(0.1)
        client.close()

    def test_after_many_wrong_passwords_the_right_one_waits_there_and_gets_in_from_elsewhere(self):
        client = self.venue.client("BETA")

        def answer_to(password, source=None):
            client.next_out = 1
            client.connect(source=source)
            client.send(f"35=A|98=0|108=30|141=Y|553=BETA|554={password}")
            return client.receive()[35]

        right = self.venue.sessions["BETA"].password
        # The fifth closes it for a second. Who is too slow for that logs on, is forgiven all, and tries again.
        for _ in range(5):
            self.assertEqual([answer_to("wrong") for _ in range(5)], ["5"] * 5)
            if refused := answer_to(right) == "5":
                break
        self.assertTrue(refused)
        self.assertEqual(answer_to(right, source="127.0.0.2"), "A")
        client.close()


class HostileTls(unittest.TestCase):
    def test_tls_port(self):
        with venues.Venue(BINARIES) as venue:
            certificates = venue.directory / "certificates"
            subprocess.run([str(ROOT / "scripts/make-certificates"), str(certificates)], check=True, capture_output=True)
            venue.settings.update(
                {"fix.tls.certificate": certificates / "fix.crt", "fix.tls.key": certificates / "fix.key"}
            )
            venue.start()
            venue.set_up()
            # A plain client on the TLS port is closed at once.
            plain = fix.Client("127.0.0.1", venue.fix_port, "ALPHA")
            plain.connect()
            plain.send("35=A|98=0|108=30|553=ALPHA|554=x")
            # At most a TLS alert comes back; never FIX.
            plain.socket.settimeout(8)  # less than a connection may take to log on
            received = b""
            try:
                while data := plain.socket.recv(4096):
                    received += data
            except ConnectionError:
                pass
            self.assertNotIn(b"8=FIX", received)
            # Old protocol versions are refused.
            context = ssl._create_unverified_context()
            context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            context.maximum_version = ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
            with self.assertRaises((ssl.SSLError, ConnectionError)):
                with socket.create_connection(("127.0.0.1", venue.fix_port), timeout=5) as raw:
                    context.wrap_socket(raw)
            # A client that checks the certificate against the CA logs on.
            client = fix.Client("127.0.0.1", venue.fix_port, "ALPHA", tls_ca=str(certificates / "ca.crt"))
            client.connect()
            client.logon(password=venue.sessions["ALPHA"].password)
            client.send(f"35=D|11=t1|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=1|40=2|44=1")
            self.assertEqual(client.receive()[150], "0")
            venue.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
