#!/usr/bin/env python3
"""The same load on one venue twice by turns: PostgreSQL undisturbed, and PostgreSQL killed and started ten times.

Prints orders, refusals and latencies of both, and their ratio; fails when an order was refused or the projection does
not end equal to the journal.

    tests/bench/postgres_bench.py --bin build-test/bin [--rate 2000] [--seconds 30] [--kills 10] [--rounds 1]
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
import postgres  # noqa: E402
import venue as venues  # noqa: E402


UNITS = {"ns": 1e-6, "µs": 1e-3, "us": 1e-3, "ms": 1.0, "s": 1000.0}


def p99_milliseconds(told):
    number, unit = re.search(r"p99 ([0-9.]+) ?(ns|µs|us|ms|s)\b", told).groups()
    return float(number) * UNITS[unit]


def load(binaries, venue, options):
    session = venue.sessions["ALPHA"]
    command = [str(binaries / "tradehive-trader"), "load", "--port", str(venue.fix_port), "--sender", session.name]
    command += ["--account", "ALPHA-1", "--rate", str(options.rate), "--seconds", str(options.seconds), "--reset"]
    environment = venue.environment | {"TRADEHIVE_PASSWORD": session.password}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def kill_by_turns(cluster, running, options):
    pause = options.seconds / (options.kills + 1)
    for kills in range(options.kills):
        try:
            running.wait(pause / 2)
            return kills  # the load has ended
        except subprocess.TimeoutExpired:
            pass
        cluster.run("kill")
        time.sleep(pause / 2)
        cluster.run("start")
    return options.kills


def caught_up(venue):
    database = venue.status()["database"]
    return database["state"] == "up" and database["events_behind"] == 0


def wait_until_caught_up(venue):
    began = time.monotonic()
    while not caught_up(venue):
        if time.monotonic() - began > 300:
            raise SystemExit(f"the projection does not catch up: {venue.status()}")
        time.sleep(0.05)
    return time.monotonic() - began


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--bin", type=pathlib.Path, required=True)
    arguments.add_argument("--rate", type=int, default=2000)
    arguments.add_argument("--seconds", type=int, default=30)
    arguments.add_argument("--kills", type=int, default=10)
    arguments.add_argument("--rounds", type=int, default=1)
    options = arguments.parse_args()

    cluster = postgres.Cluster()
    venue = venues.Venue(options.bin, cluster=cluster)
    try:
        venue.start()
        venue.set_up()
        p99 = {"undisturbed": [], "killed": []}
        for _ in range(options.rounds):
            for what in p99:
                running = load(options.bin, venue, options)
                if what == "killed":
                    print(f"{kill_by_turns(cluster, running, options)} kills")
                told = running.communicate()[0]
                print(f"== {what}\n{told}")
                if running.returncode != 0:
                    raise SystemExit(f"the load ended with {running.returncode}")
                p99[what].append(p99_milliseconds(told))
                print(f"the projection was complete after {wait_until_caught_up(venue):.1f} s more")
        ratio = statistics.median(p99["killed"]) / statistics.median(p99["undisturbed"])
        print(f"p99 killed / undisturbed: {ratio:.2f}")
        venue.stop()
        done = subprocess.run(
            [str(options.bin / "tradehive"), "db", "check", "--config", str(venue.write_configuration())],
            capture_output=True,
            text=True,
        )
        print(done.stdout, done.stderr)
        return done.returncode
    finally:
        venue.discard()
        cluster.discard()


if __name__ == "__main__":
    sys.exit(main())
