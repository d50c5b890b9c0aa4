#!/usr/bin/env python3
"""Marked secrets are really used, rightly and wrongly; then every byte that the venue wrote is searched for them."""

import base64
import os
import pathlib
import resource
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fix  # noqa: E402
import venue as venues  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])
PASSWORD = "MarkedPassword-7f3a91"
WRONG = "MarkedWrongPassword-c2d8"
CHANGED = "Distinct-NewSecret-5b60e2"
REFUSED = "MarkedRefusedSecret-9d14:123456"


def forms(secret):
    """A secret as it stands, and the ways in which programs like to write one."""
    raw = secret.encode()
    yield raw
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield base64.b64encode(raw).rstrip(b"=")


def find(folder, secrets):
    found = []
    for path in sorted(pathlib.Path(folder).rglob("*")):
        if not path.is_file():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # the server goes on working
            continue
        for name, secret in secrets.items():
            if any(form in content for form in forms(secret)):
                found.append(f"{name} in {path}")
    return found


class Secrets(unittest.TestCase):
    def test_no_secret_in_any_file(self):
        with venues.Venue(BINARIES) as venue:
            venue.start()
            venue.set_up()
            chosen = venue.session("ALPHA", "MARKED", ["ALPHA-1"], rule="every-logon", password=PASSWORD)
            generated = venue.sessions["ALPHA"].password
            secrets = {
                "chosen password": PASSWORD,
                "generated secret": generated,
                "TOTP secret": chosen.totp_secret,
                "wrong password": WRONG,
                "changed password": CHANGED,
                "refused password": REFUSED,
            }
            raw_totp = base64.b32decode(chosen.totp_secret + "=" * (-len(chosen.totp_secret) % 8))
            secrets["TOTP secret as bytes"] = raw_totp.decode("latin-1")

            code = self.log_on(venue, "MARKED", chosen.logon_password())
            self.log_on(venue, "ALPHA", generated)
            self.log_on(venue, "MARKED", WRONG, expect="5")
            self.log_on(venue, "MARKED", "x", expect="5", extra=f"20101={WRONG}")
            # A secret where none belongs: unknown user, wrong message, a cut-off Logon, a Logon in a live session.
            self.log_on(venue, WRONG, PASSWORD, expect="5")
            stray = fix.Client("127.0.0.1", venue.fix_port, "ALPHA")
            stray.connect()
            stray.send_raw(stray.encode(fix.parse_line(f"35=A|98=0|108=30|553=ALPHA|554={PASSWORD}"))[:-30])
            stray.close()
            self.change_password(venue, chosen)
            live = venue.client("ALPHA2")
            live.connect()
            live.logon(password=venue.sessions["ALPHA2"].password)
            live.send(f"35=BE|923=1|924=3|553=ALPHA2|554={PASSWORD}|925={WRONG}")
            live.send(f"35=D|11=a|1=ALPHA-1|55=BTC-USD|54=1|60={fix.utc_text()}|38=1|40=2|44=1|554={PASSWORD}")
            live.send(f"35=A|98=0|108=30|553=ALPHA2|554={PASSWORD}")
            live.until_closed()
            venue.kill()
            venue.start()
            venue.stop()

            written = venue.directory
            self.assertTrue(any((venue.data / "log").rglob("*")), "there is no log to search")
            self.assertEqual(find(written, secrets), [])
            if venue.cluster:  # what PostgreSQL wrote: tables, its journal, its log
                self.assertNotEqual(find(venue.cluster.folder / "data", {"a word": "venue_by_password"}), [])
                self.assertEqual(find(venue.cluster.folder / "data", secrets), [])
            self.assertIsNotNone(code)
            # The search itself finds a planted one.
            (venue.data / "log" / "planted").write_bytes(b"x" * 1000 + base64.b64encode(PASSWORD.encode()))
            self.assertEqual(len(find(written, secrets)), 1)
            self.assertEqual((venue.data / "key").stat().st_mode & 0o077, 0)
            self.assertEqual((venue.data).stat().st_mode & 0o077, 0)

    def change_password(self, venue, session):
        """It really becomes another one, and back it does not; also with secrets where none belongs."""
        password = session.logon_password()  # may wait longer for a new code than a connection may for its Logon
        client = venue.client("MARKED")
        client.connect()
        client.next_out = 2
        client.logon(password=password)
        code = fix.totp(session.totp_secret, step_offset=1)
        session.last_step += 1
        for password, wanted, user, status in (
            (WRONG, CHANGED, "MARKED", "4"),
            (PASSWORD, REFUSED, "MARKED", "6"),
            (PASSWORD, CHANGED, WRONG, "3"),
            (f"{PASSWORD}:{code}", CHANGED, "MARKED", "5"),
            (f"{PASSWORD}:{code}", CHANGED, "MARKED", "4"),
        ):
            client.send(f"35=BE|923=1|924=3|553={user}|554={password}|925={wanted}|20101={code}")
            answer = client.receive()
            self.assertEqual((answer[35], answer[926]), ("BF", status), answer)
            for secret in (PASSWORD, CHANGED, REFUSED, WRONG, code):
                self.assertNotIn(secret.encode(), answer.raw)
        client.send("35=2|7=1|16=0")  # what is sent again holds none either
        while (answer := client.receive())[34] != "6":
            self.assertNotIn(CHANGED.encode(), answer.raw)
        client.close()
        session.password = CHANGED

    def log_on(self, venue, name, password, expect="A", extra=""):
        client = fix.Client("127.0.0.1", venue.fix_port, name)
        client.connect()
        number = 1
        client.next_out = number
        client.send(f"35=A|98=0|108=30|553={name}|554={password}|{extra}")
        answer = client.receive()
        self.assertEqual(answer[35], expect, answer)
        for secret in (PASSWORD, WRONG):
            self.assertNotIn(secret.encode(), answer.raw.replace(f"56={name}".encode(), b""))
        client.close()
        return answer

    def test_core_dumps_are_off(self):
        with venues.Venue(BINARIES) as venue:
            resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
            venue.start()
            limits = pathlib.Path(f"/proc/{venue.process.pid}/limits").read_text()
            line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
            self.assertEqual(line.split()[4:6], ["0", "0"], line)
            venue.stop()


if __name__ == "__main__":
    unittest.main(verbosity=2)
