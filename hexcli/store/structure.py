"""Whether a database is built as diskcache builds ours: nothing in it may do more than hold rows."""

import re
import sqlite3
from typing import Any

import diskcache

# What diskcache 5.6 creates, white space aside (a test compares); the three indexes are of its other policies.
_NUMBERS = "access_count INTEGER DEFAULT 0, tag BLOB, size INTEGER DEFAULT 0, mode INTEGER DEFAULT 0"
_TIMES = "store_time REAL, expire_time REAL, access_time REAL"
SCHEMA = {
    "Settings": "CREATE TABLE Settings ( key TEXT NOT NULL UNIQUE, value)",
    "Cache": f"CREATE TABLE Cache ( rowid INTEGER PRIMARY KEY, key BLOB, raw INTEGER, {_TIMES}, {_NUMBERS}, "
    "filename TEXT, value BLOB)",
    "Cache_key_raw": "CREATE UNIQUE INDEX Cache_key_raw ON Cache(key, raw)",
    "Cache_expire_time": "CREATE INDEX Cache_expire_time ON Cache (expire_time)",
    "Cache_store_time": "CREATE INDEX Cache_store_time ON Cache (store_time)",
    "Cache_access_time": "CREATE INDEX Cache_access_time ON Cache (access_time)",
    "Cache_access_count": "CREATE INDEX Cache_access_count ON Cache (access_count)",
} | {
    f"Settings_{name}_{event.lower()}": f"CREATE TRIGGER Settings_{name}_{event.lower()} AFTER {event} ON Cache "
    f'FOR EACH ROW BEGIN UPDATE Settings SET value = value {change} WHERE key = "{name}"; END'
    for name, event, change in (
        ("count", "INSERT", "+ 1"),
        ("count", "DELETE", "- 1"),
        ("size", "INSERT", "+ NEW.size"),
        ("size", "UPDATE", "+ NEW.size - OLD.size"),
        ("size", "DELETE", "- OLD.size"),
    )
}
_TEXTS = {
    "eviction_policy": tuple(diskcache.core.EVICTION_POLICY),
    "sqlite_journal_mode": ("wal", "delete", "truncate", "persist", "memory", "off"),
}
_COUNTS = {*diskcache.core.DEFAULT_SETTINGS, *diskcache.core.METADATA} - set(_TEXTS)
_LARGEST = 2**62


def foreign(connection: sqlite3.Connection) -> str | None:
    """What in the database is not ours, in a few words; None for one that is ours, or new.

    diskcache makes attributes and pragmas of whatever is in Settings, and triggers run with every row. Raises
    sqlite3.DatabaseError where it cannot be read.
    """
    rows = connection.execute("SELECT CAST(name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master").fetchall()
    for name, sql in ((_text(name), _text(sql)) for name, sql in rows):
        if not name.startswith("sqlite_") and re.sub(r"\s+", " ", sql) != SCHEMA.get(name):
            return f"its schema has {name!r:.60}, which is not as we made it"
    if not any(_text(name) == "Settings" for name, _ in rows):
        return None
    for raw, value in connection.execute("SELECT CAST(key AS BLOB), value FROM Settings"):
        name = _text(raw)
        if not _fits(name, value):
            return f"its setting {name!r:.60} is {value!r:.60}, which is none of ours"
    return None


def _fits(name: str, value: Any) -> bool:
    if name in _TEXTS:
        return value in _TEXTS[name]
    return name in _COUNTS and isinstance(value, int) and abs(value) <= _LARGEST


def _text(value: bytes | None) -> str:
    return (value or b"").decode(errors="backslashreplace")
