#!/usr/bin/env python3
"""Dialogues with echo_acceptor, in both versions of FIX: what the session tests of others ask of it.

    TRADEHIVE_BIN=build-test/bin tests/foreign/echo_acceptor_test.py
"""

import os
import pathlib
import subprocess
import sys
import types
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "system"))
import dialogue  # noqa: E402
import fix  # noqa: E402
import stock_dictionary  # noqa: E402

BINARIES = pathlib.Path(os.environ["TRADEHIVE_BIN"])


class Anybody(dict):
    """Every name is a session."""

    def __missing__(self, name):
        return types.SimpleNamespace(name=name)


class EchoAcceptor:
    def __init__(self, *options):
        command = [str(BINARIES / "echo_acceptor"), "--comp-id", "ECHO", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        word, port = self.process.stdout.readline().split()
        assert word == "port"
        self.fix_port = int(port)
        self.sessions = Anybody()

    def client(self, name):
        return fix.Client("127.0.0.1", self.fix_port, name, target="ECHO")

    def stop(self):
        self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        assert status == 0, status


class EchoDialogue(dialogue.Dialogue):
    def __init__(self, path, server, version):
        super().__init__(path, BINARIES, version)
        self.server = server

    def run(self):
        try:
            self.play()
        finally:
            for client in self.clients.values():
                client.close()

    def the_venue(self):
        return self.server

    def wait_until_gone(self, comp_id):
        pass  # a claim waits for an end that is under way


class Dialogues(unittest.TestCase):
    def play(self, folder, *options):
        paths = sorted((HERE / folder).glob("*.fix"))
        self.assertTrue(paths)
        for version in dialogue.BEGIN_STRINGS:
            server = EchoAcceptor(*options)
            try:
                for path in paths:
                    with self.subTest(f"{path.name} in {version}"):
                        EchoDialogue(path, server, version).run()
            finally:
                server.stop()

    def test_with_numbers_that_begin_anew(self):
        self.play("dialogues", "--reset-on-logon")

    def test_with_stock_dictionaries(self):
        if not stock_dictionary.installed():
            self.assertNotEqual(os.environ.get("CI"), "true", "no stock dictionaries: scripts/install test")
            self.skipTest("no stock dictionaries: scripts/install test")
        files = [str(stock_dictionary.FOLDER / name) for names in stock_dictionary.FILES.values() for name in names]
        self.play("stock-dictionaries", "--reset-on-logon", *(word for file in files for word in ("--dictionary", file)))

    def test_with_numbers_that_go_on(self):
        self.play("numbers-kept")


if __name__ == "__main__":
    unittest.main(verbosity=2)
