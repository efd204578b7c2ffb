"""The database's own guard over the record: entries are only ever added, each after the last, and never by nobody.

The same rules for both engines. Django rebuilds a table of SQLite to change it, and drops its triggers with it, so they
are installed after every migration, and looked for at every start.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

_START = "0" * 64
NAMES = ("evenhand_entry_follows", "evenhand_entry_stays", "evenhand_entry_is_kept")

_SQLITE = (
    f"""
    CREATE TRIGGER {NAMES[0]} BEFORE INSERT ON web_entry BEGIN
      SELECT RAISE(ABORT, 'the record refuses an entry by nobody')
        WHERE trim(coalesce(json_extract(NEW.line, '$.by.user'), '')) = ''
           OR trim(coalesce(json_extract(NEW.line, '$.by.role'), '')) = '';
      SELECT RAISE(ABORT, 'the record refuses an entry that is not what its columns say')
        WHERE json_extract(NEW.line, '$.study') IS NOT NEW.study OR json_extract(NEW.line, '$.seq') IS NOT NEW.seq;
      SELECT RAISE(ABORT, 'the record refuses an entry that does not follow the last one')
        WHERE NEW.seq IS NOT 1 + coalesce((SELECT max(seq) FROM web_entry WHERE study = NEW.study), 0)
           OR json_extract(NEW.line, '$.previous') IS NOT coalesce((SELECT json_extract(line, '$.hash') FROM web_entry
                WHERE study = NEW.study ORDER BY seq DESC LIMIT 1), '{_START}');
    END
    """,
    f"""
    CREATE TRIGGER {NAMES[1]} BEFORE UPDATE ON web_entry BEGIN
      SELECT RAISE(ABORT, 'the record is never rewritten: correct an entry by another one');
    END
    """,
    f"""
    CREATE TRIGGER {NAMES[2]} BEFORE DELETE ON web_entry BEGIN
      SELECT RAISE(ABORT, 'the record is never rewritten: nothing is deleted from it');
    END
    """,
)

_POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION evenhand_entry_follows() RETURNS trigger LANGUAGE plpgsql AS $guard$
    DECLARE
      given jsonb := NEW.line::jsonb;
      last record;
    BEGIN
      IF trim(coalesce(given #>> '{{by,user}}', '')) = '' OR trim(coalesce(given #>> '{{by,role}}', '')) = '' THEN
        RAISE EXCEPTION 'the record refuses an entry by nobody' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF given ->> 'study' IS DISTINCT FROM NEW.study OR given ->> 'seq' IS DISTINCT FROM NEW.seq::text THEN
        RAISE EXCEPTION 'the record refuses an entry that is not what its columns say'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      SELECT seq, line::jsonb ->> 'hash' AS hash INTO last
        FROM web_entry WHERE study = NEW.study ORDER BY seq DESC LIMIT 1;
      IF NEW.seq <> coalesce(last.seq, 0) + 1 OR given ->> 'previous' IS DISTINCT FROM coalesce(last.hash, '{_START}')
      THEN
        RAISE EXCEPTION 'the record refuses an entry that does not follow the last one'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $guard$
    """,
    """
    CREATE OR REPLACE FUNCTION evenhand_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $guard$
    BEGIN
      RAISE EXCEPTION 'the record is never rewritten: correct an entry by another one'
        USING ERRCODE = 'integrity_constraint_violation';
    END $guard$
    """,
    f"""
    CREATE TRIGGER {NAMES[0]} BEFORE INSERT ON web_entry FOR EACH ROW EXECUTE FUNCTION evenhand_entry_follows()
    """,
    f"""
    CREATE TRIGGER {NAMES[1]} BEFORE UPDATE OR DELETE ON web_entry
      FOR EACH ROW EXECUTE FUNCTION evenhand_entry_stays()
    """,
    f"""
    CREATE TRIGGER {NAMES[2]} BEFORE TRUNCATE ON web_entry
      FOR EACH STATEMENT EXECUTE FUNCTION evenhand_entry_stays()
    """,
)

_DROP = {"sqlite": "DROP TRIGGER IF EXISTS {}", "postgresql": "DROP TRIGGER IF EXISTS {} ON web_entry"}
_CREATE = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_LOOK = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'web_entry'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'web_entry'::regclass AND tgenabled IN ('O', 'A')",
}


def install(alias: str = "default") -> None:
    """Put the guard in place, anew where it stands already."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(_DROP[_vendor(connection)].format(name))
        for statement in _CREATE[_vendor(connection)]:
            cursor.execute(statement)


def missing(alias: str = "default") -> list[str]:
    """The parts of the guard that are absent or switched off; an empty list when all is in order."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        cursor.execute(_LOOK[_vendor(connection)])
        present = {str(row[0]) for row in cursor.fetchall()}
    return [name for name in NAMES if name not in present]


def _vendor(connection: BaseDatabaseWrapper) -> str:
    return connection.vendor
