"""Holds a database of `decode --format sqlite` against the JSON lines of `decode --format jsonl --raw` on the same input.

usage: same_values.py DATABASE JSONL        prints how many values were compared, or what is not the same
"""

import json
import math
import re
import sqlite3
import sys
from datetime import datetime, timezone

HEADER = ("spacecraft", "vcid", "apid", "sequence")


def nanoseconds(text):
    """Since 1970, of a time in ISO 8601 with any number of decimals."""
    if text is None:
        return None
    whole, _, rest = text.rstrip("Z").partition(".")
    moment = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 10**9 + int(rest.ljust(9, "0")[:9])


def number(cell):
    """Numbers that SQLite has no integer for are hexadecimal."""
    return int(cell, 16) if isinstance(cell, str) and re.fullmatch("0x[0-9a-f]{16}", cell) else cell


def same(kind, value, cell):
    """Whether a value of the JSON line is what the database has."""
    if value is None or value == "NaN" and kind == "float":
        return cell is None
    if kind in ("unsigned", "signed"):
        return number(cell) == value
    if kind == "float":
        return cell == (math.copysign(math.inf, -1 if value[0] == "-" else 1) if isinstance(value, str) else value)
    if kind == "boolean":
        return cell == int(value)
    if kind == "binary":
        return isinstance(cell, bytes) and cell.hex() == value
    if kind == "list":
        return json.loads(cell) == value
    return cell == value


def same_raw(value, cell):
    if isinstance(value, str):
        octets = cell if isinstance(cell, bytes) else str(cell).encode()
        return value in (cell, octets.hex(), "0x" + octets.hex()) or value == "NaN" and cell is None
    return number(cell) == value


class Table:
    """A table of a type, read row by row in the order of writing."""

    def __init__(self, db, name):
        self.name, self.parameters = name, {}
        rows = db.execute(
            "SELECT column_name, raw_column, limit_column, name, kind FROM parameters WHERE table_name = ? ORDER BY rowid",
            [name],
        ).fetchall()
        short = [row[3].rpartition(".")[2] for row in rows]
        for row, last in zip(rows, short):
            self.parameters[last if short.count(last) == 1 else row[3]] = row
        self.rows = db.execute(f'SELECT t.*, f.name AS flow_name FROM "{name}" t JOIN flows f ON f.id = t.flow ORDER BY t.rowid')
        self.next()

    def next(self):
        self.row = self.rows.fetchone()

    def compare(self, line):
        """What is not the same in the next row, and how many values were."""
        row, wrong, count = self.row, [], 0
        if row is None:
            return ["no row is left"], 0

        def check(what, fits):
            nonlocal count
            count += 1
            if not fits:
                wrong.append(f"{self.name}.{what} of packet {line['packet']}")

        check("time", row["time"] == nanoseconds(line["time"]))
        check("packet", row["packet"] == line["packet"])
        check("flow", row["flow_name"] == line["flow"])
        for field in HEADER:
            if field in line:
                check(field, row[field] == line[field])
        if line.get("type") is None:
            check("protocol", row["protocol"] == line.get("protocol"))
            check("octets", isinstance(row["octets"], bytes))
            return wrong, count
        unknown = set(line["parameters"]) - set(self.parameters)
        if unknown:
            wrong.append(f"{self.name} has no columns for {unknown}")
        for key, (column, raw, limit, _, kind) in self.parameters.items():
            value = line["parameters"].get(key)
            check(column, same(kind, value, row[column]))
            original = line["raw"].get(key)
            if raw:
                check(raw, row[raw] is None if original is None else same_raw(original, row[raw]))
            elif original is not None and kind != "boolean":
                check(f"{column} as raw value", same_raw(original, row[column]))
            if limit:
                check(limit, row[limit] == line.get("limits", {}).get(key))
        if self.parameters:
            check("invalid", (json.loads(row["invalid"]) if row["invalid"] else None) == line.get("invalid"))
        return wrong, count


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    db.row_factory = sqlite3.Row
    tables = {}
    for table, type, dialect in db.execute("SELECT table_name, type, dialect FROM types ORDER BY variant").fetchall():
        tables.setdefault((type, dialect), []).append(Table(db, table))
    if db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'packets_unknown'").fetchone()[0]:
        tables[(None, None)] = [Table(db, "packets_unknown")]
    compared = 0
    for text in open(sys.argv[2], encoding="utf-8"):
        line = json.loads(text)
        results = []
        # Editions of a protocol have types of the same name: the row is that of one of them.
        for table in tables.get((line["type"], line.get("dialect")), []):
            wrong, count = table.compare(line)
            results.append(wrong)
            if not wrong:
                table.next()
                compared += count
                break
        else:
            sys.exit(f"not the same: {results}, where the line is {text[:2000]}")
    left = [table.name for some in tables.values() for table in some if table.row is not None]
    if left:
        sys.exit(f"rows that have no line: {left}")
    for row in db.execute("SELECT * FROM ledger_totals"):
        parts = [row[key] for key in ("decoded", "overhead", "idle", "unclaimed", "rejected", "pending")]
        if sum(parts) != row["octets"]:
            sys.exit(f"the ledger does not balance: {parts}, {row['octets']}")
    print(compared)


main()
