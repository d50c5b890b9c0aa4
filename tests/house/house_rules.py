#!/usr/bin/env python3
"""Rules of the house that a program can hold: arrows between folders, sizes, names, words.

    tests/house/house_rules.py ROOT
"""

import pathlib
import re
import subprocess
import sys

# Who may include whom. A folder may always include itself.
ARROWS = {
    "domain": set(),
    "matching": {"domain"},
    "risk": {"domain"},
    "journal": {"domain"},
    "venue": {"domain", "matching", "risk", "journal"},
    "credentials": {"domain"},
    "acceptor": {"domain", "credentials"},
    "control": {"domain", "credentials"},
    "db": {"domain", "credentials"},
    "trader": {"domain"},
}
QUICKFIX = {"acceptor", "trader", "tests"}
NO_FLOATS = {"domain", "matching", "risk", "journal", "venue"}
NO_CLOCKS = {"domain", "matching", "risk"}
MOST_LINES = 650
FORBIDDEN_FOLDERS = {"util", "utils", "common", "helpers", "misc"}


def sources(root):
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, text=True)
    names = listed.stdout.split() if listed.returncode == 0 else [str(p.relative_to(root)) for p in root.rglob("*")]
    return [pathlib.Path(name) for name in names if (root / name).is_file()]


def faults(root):
    for path in sources(root):
        room = path.parts[0]
        if FORBIDDEN_FOLDERS & set(path.parts[:-1]):
            yield f"{path}: a folder of that name may not be born"
        if path.suffix not in (".hpp", ".cpp", ".py", ".txt", ".sh", ".md", ".yaml", ".fix", ""):
            continue
        text = (root / path).read_text(errors="replace")
        lines = text.splitlines()
        for number, line in enumerate(lines, 1):
            if re.search(r"/wor[k]/|shared/(?!data)", line) and room != "tests":
                yield f"{path}:{number}: speaks of a machine: {line.strip()}"
        if path.suffix not in (".hpp", ".cpp"):
            continue
        if len(lines) > MOST_LINES:
            yield f"{path}: {len(lines)} lines; find the concept that wants a name (at most {MOST_LINES})"
        if path.suffix == ".hpp" and "#pragma once" not in text:
            yield f"{path}: no #pragma once"
        for number, line in enumerate(lines, 1):
            code = re.sub(r'"(\\.|[^"\\])*"', '""', line.split("//")[0]) if "#include" not in line else line
            where = f"{path}:{number}"
            if match := re.match(r'#include "(\w+)/', line):
                other = match.group(1)
                if room in ARROWS and other != room and other not in ARROWS[room] and other in ARROWS:
                    if not (room == "trader" and "acceptor/quickfix.hpp" in line):
                        yield f"{where}: {room} may not see {other}"
            if re.match(r"#include [<\"]quickfix/", line) and "quickfix" not in path.name:
                yield f"{where}: QuickFIX comes in through acceptor/quickfix.hpp only"
            if room not in QUICKFIX and "acceptor/quickfix.hpp" in line:
                yield f"{where}: {room} may not see QuickFIX"
            if room in NO_FLOATS and re.search(r"\b(double|float)\b", code):
                yield f"{where}: no floating point here"
            if room in NO_CLOCKS and re.search(r"system_clock::now|steady_clock::now|\bclock_gettime|\btime\(nullptr", code):
                yield f"{where}: time comes with the command"
            if re.search(r"\b(TODO|FIXME|XXX)\b", line):
                yield f"{where}: unfinished: {line.strip()}"


def faults_of_the_dialogue_table(root):
    """tests/fix/README.md names each dialogue, and nothing else."""
    folder = root / "tests/fix"
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.fix")}
    named = set(re.findall(r"`([\w./-]+\.fix)`", (folder / "README.md").read_text()))
    for name in sorted(there - named):
        yield f"tests/fix/README.md: {name} stands in no row"
    for name in sorted(named - there):
        yield f"tests/fix/README.md: there is no {name}"


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = [*faults(root), *faults_of_the_dialogue_table(root)]
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
