"""Is a message valid by a stock FIX dictionary? By one that others made, not by the venue's own.

The dictionaries are those that the npm package jspurefix brings (tests/engines; `scripts/install test`). Only this file reads
them here, and it shares nothing with the venue. By BeginString: FIX.4.4 is FIX44.xml; FIXT.1.1 is FIX50SP2.xml, which holds the
session messages too.

    faults(raw)          what is wrong with the bytes of one message, as sentences; nothing where no dictionary is installed
    Dictionary(files)    read from such files; .faults(raw)

What is looked at: BodyLength, CheckSum and the places of 8, 9, 35 and 10; header, body, trailer; each tag known, of its message,
once; what is required, in groups and components too (a component that may be left out asks for nothing unless something
of it is there); groups: the count, the first field of an entry, the order in it; the form of each type and the values
of each enumeration.
"""

import datetime
import os
import pathlib
import re
import sys
import xml.etree.ElementTree

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "engines/node_modules/jspurefix/data"
FILES = {b"FIX.4.4": ["FIX44.xml"], b"FIXT.1.1": ["FIX50SP2.xml"]}
SOH = b"\x01"

DECIMAL = re.compile(rb"-?\d+(\.\d+)?")
FORMS = {
    "INT": re.compile(rb"-?\d+"),
    "LENGTH": re.compile(rb"[1-9]\d*"),
    "NUMINGROUP": re.compile(rb"\d+"),
    "SEQNUM": re.compile(rb"\d+"),
    "TAGNUM": re.compile(rb"[1-9]\d*"),
    **dict.fromkeys(("FLOAT", "PRICE", "PRICEOFFSET", "AMT", "PERCENTAGE"), DECIMAL),
    "QTY": re.compile(rb"\d+(\.\d+)?"),
    "CHAR": re.compile(rb"[!-~]"),
    "BOOLEAN": re.compile(rb"[YN]"),
    "COUNTRY": re.compile(rb"[A-Z]{2}"),
    "MONTHYEAR": re.compile(rb"\d{6}(\d\d|w[1-5])?"),
    "UTCTIMESTAMP": re.compile(rb"(?P<date>\d{8})-([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{3})?"),
    "UTCTIMEONLY": re.compile(rb"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{3})?"),
    "UTCDATEONLY": re.compile(rb"(?P<date>\d{8})"),
    "LOCALMKTDATE": re.compile(rb"(?P<date>\d{8})"),
}
TEXT = re.compile(rb"[ -~]+")  # every other type: a String, which is ASCII
# LastUpdateTime of W: FIX 5.0 SP2 itself does not have it there, and engines that go by it refuse it.
SINCE_AN_EXTENSION_PACK = {779}
# SessionStatus of Logout, which FIXT.1.1 has, and engines' own dictionaries too, but this one lacks.
LEFT_OUT = {b"5": [1409]}
SEVERAL = {"MULTIPLEVALUESTRING", "MULTIPLECHARVALUE", "MULTIPLESTRINGVALUE"}


class Fault(Exception):
    """After this nothing more can be said of the message."""


class Field:
    def __init__(self, element):
        self.tag = int(element.get("number"))
        self.name = element.get("name")
        self.kind = element.get("type").upper()
        self.values = {value.get("enum").encode() for value in element.findall("value")}
        self.form = FORMS.get(self.kind, TEXT)
        self.label = f"{self.name}({self.tag})"

    def fault(self, value):
        if self.kind in ("DATA", "XMLDATA"):
            return None if value else f"{self.label} has no value"
        if not value:
            return f"{self.label} has no value"
        match = self.form.fullmatch(value)
        if not match or not is_date(match.groupdict().get("date", b"20000101")):
            return f"{self.label}={value.decode('latin-1')} is no {self.kind}"
        parts = value.split(b" ") if self.kind in SEVERAL else [value]
        if self.values and not self.values.issuperset(parts):
            return f"{self.label}={value.decode('latin-1')} is not among its values"
        return None


def is_date(text):
    try:
        datetime.datetime.strptime(text.decode(), "%Y%m%d")
        return True
    except ValueError:
        return False


class Layout:
    """What may stand in a header, a body, a trailer or an entry of a group."""

    def __init__(self):
        self.order = {}  # tag → its place, in the dictionary's order
        self.groups = {}  # count tag → the Layout of an entry
        self.required = []
        self.components = []  # (name, tags) of those of which something must be there
        self.conditional = []  # (tags of a component that may be left out, which of them it then needs)

    def first(self):
        return next(iter(self.order))


class Dictionary:
    def __init__(self, files):
        self.fields = {}  # by tag
        self.names = {}
        self.messages = {}  # MsgType → Layout
        roots = [xml.etree.ElementTree.parse(file).getroot() for file in files]
        for root in roots:
            for element in root.find("fields"):
                field = Field(element)
                self.fields[field.tag] = self.names[field.name] = field
        components = {element.get("name"): element for root in roots for element in root.findall("components/component")}
        for root in roots:
            for element in root.find("messages"):
                kind = element.get("msgtype").encode()
                self.messages[kind] = self.layout(element, components)
                for tag in LEFT_OUT.get(kind, []):
                    if tag in self.fields:
                        self.messages[kind].order[tag] = len(self.messages[kind].order)
        self.header, self.trailer = (
            self.layout(next(root.find(part) for root in roots if root.find(part) is not None), components)
            for part in ("header", "trailer")
        )

    def layout(self, element, components):
        layout = Layout()
        self.add(layout, element, components, layout.required)
        return layout

    def add(self, layout, element, components, required):
        for child in element:
            needed = child.get("required") == "Y"
            if child.tag == "component":
                before, wants = set(layout.order), []
                self.add(layout, components[child.get("name")], components, required if needed else wants)
                tags = set(layout.order) - before
                if wants:
                    layout.conditional.append((tags, wants))
                if needed and required is layout.required:
                    layout.components.append((child.get("name"), tags))
                continue
            tag = self.names[child.get("name")].tag
            layout.order[tag] = len(layout.order)
            if needed:
                required.append(tag)
            if child.tag == "group":
                layout.groups[tag] = self.layout(child, components)

    # --- a message ---
    def faults(self, raw):
        found = []
        try:
            self.check(raw, found)
        except Fault as fault:
            found.append(str(fault))
        return found

    def check(self, raw, found):
        fields = self.split(raw, found)
        check_frame(raw, fields, found)
        kind = fields[2][1]
        body = self.messages.get(kind)
        if body is None:
            raise Fault(f"MsgType(35)={kind.decode('latin-1')} is not known")
        at = 0
        for part, layout in (("header", self.header), ("body", body), ("trailer", self.trailer)):
            at = self.walk(layout, fields, at, f"the {part} of {kind.decode()}", found)
        if at < len(fields):
            raise Fault(f"{self.label(fields[at][0])} does not belong there in {kind.decode()}")

    def split(self, raw, found):
        """[(tag, value)]; a value of type data may hold the delimiter, its length stands before it."""
        fields, at = [], 0
        while at < len(raw):
            match = re.compile(rb"([1-9]\d*)=").match(raw, at)
            if not match:
                raise Fault(f"no tag at byte {at}: {raw[at : at + 20]!r}")
            tag = int(match.group(1))
            field = self.fields.get(tag)
            end = raw.find(SOH, match.end())
            if field is not None and field.kind in ("DATA", "XMLDATA"):
                before = self.fields.get(fields[-1][0]) if fields else None
                if before is None or before.kind != "LENGTH" or not fields[-1][1].isdigit():
                    raise Fault(f"{field.label} stands behind no length")
                end = match.end() + int(fields[-1][1])
            if end < 0 or raw[end : end + 1] != SOH:
                raise Fault(f"no delimiter behind {self.label(tag)}")
            value = raw[match.end() : end]
            fields.append((tag, value))
            fault = field.fault(value) if field else f"tag {tag} is not known"
            if fault:
                found.append(fault)
            at = end + 1
        return fields

    def walk(self, layout, fields, at, where, found):
        """Takes what belongs to the layout, in any order; the place behind it."""
        seen = set()
        while at < len(fields) and fields[at][0] in layout.order:
            tag = fields[at][0]
            if tag in seen:
                found.append(f"{self.label(tag)} stands twice in {where}")
            seen.add(tag)
            at = self.entries(layout.groups[tag], fields, at, found) if tag in layout.groups else at + 1
        self.check_required(layout, seen, where, found)
        return at

    def entries(self, layout, fields, at, found):
        """Takes a group from its count on; the place behind it."""
        count_tag, text = fields[at]
        group = self.label(count_tag)
        count = int(text) if text.isdigit() else 0
        at += 1
        for number in range(1, count + 1):
            if at == len(fields) or fields[at][0] != layout.first():
                raise Fault(f"entry {number} of {count} of {group} does not begin with {self.label(layout.first())}")
            seen, place = set(), -1
            while at < len(fields) and fields[at][0] in layout.order:
                tag = fields[at][0]
                if tag in seen and tag == layout.first():
                    break
                if layout.order[tag] <= place:
                    found.append(f"{self.label(tag)} is out of its order in {group}")
                place = layout.order[tag]
                seen.add(tag)
                at = self.entries(layout.groups[tag], fields, at, found) if tag in layout.groups else at + 1
            self.check_required(layout, seen, f"entry {number} of {group}", found)
        if at < len(fields) and fields[at][0] in layout.order and fields[at][0] == layout.first():
            raise Fault(f"{group} has more entries than it says")
        return at

    def check_required(self, layout, seen, where, found):
        missing = [tag for tag in layout.required if tag not in seen and tag not in SINCE_AN_EXTENSION_PACK]
        for tags, wants in layout.conditional:
            if tags & seen:
                missing += [tag for tag in wants if tag not in seen]
        found += [f"{self.label(tag)} is missing in {where}" for tag in missing]
        found += [f"nothing of {name} is in {where}" for name, tags in layout.components if not tags & seen]

    def label(self, tag):
        return self.fields[tag].label if tag in self.fields else f"tag {tag}"


def check_frame(raw, fields, found):
    tags = [tag for tag, _ in fields]
    if tags[:3] != [8, 9, 35] or tags[-1] != 10:
        raise Fault(f"8, 9, 35 must come first and 10 last: {tags[:3]}, {tags[-1]}")
    body = raw[raw.index(SOH + b"35=") + 1 : raw.rindex(SOH + b"10=") + 1]
    if fields[1][1] != str(len(body)).encode():
        found.append(f"BodyLength(9) is {fields[1][1].decode()}, the body has {len(body)} bytes")
    sum_text = b"%03d" % (sum(raw[: raw.rindex(SOH + b"10=") + 1]) % 256)
    if fields[-1][1] != sum_text:
        found.append(f"CheckSum(10) is {fields[-1][1].decode()}, and should be {sum_text.decode()}")


# --- those that are installed ---


def installed():
    return all((FOLDER / name).is_file() for names in FILES.values() for name in names)


_read = {}


def faults(raw):
    begin = raw[2 : raw.index(SOH)]
    if begin not in FILES:
        return [f"BeginString(8)={begin.decode('latin-1')} is not known"]
    if begin not in _read:
        files = [FOLDER / name for name in FILES[begin]]
        _read[begin] = Dictionary(files) if all(file.is_file() for file in files) else None
        if _read[begin] is None:
            if os.environ.get("CI") == "true":
                raise AssertionError(f"no stock dictionary in {FOLDER}: scripts/install test")
            print(f"not checked by a stock dictionary, none is in {FOLDER}: scripts/install test", file=sys.stderr)
    return _read[begin].faults(raw) if _read[begin] else []
