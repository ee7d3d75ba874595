"""The laws of the store, the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import DamagedStudy, DiskFull, NewerStudy, ReadOnlyStudy, Refused, StudyExists, StudyNotFound
from qualcode.model import KINDS, Change, State, replay
from qualcode.store import Draft, Moved, SharedFolderWarning, Store, examine, merge
from qualcode.store.log import sha
from qualcode.store.tables import event, metadata

ANNA = "coder-anna"


def clock() -> Callable[[], str]:
    ticks = count()
    return lambda: f"2025-01-01T00:{next(ticks) // 60 % 60:02}:{next(ticks) % 60:02}Z"


def guids(prefix: str = "g") -> Callable[[], str]:
    numbers = count()
    return lambda: f"{prefix}-{next(numbers):05}"


@pytest.fixture
def store(address: str) -> Iterator[Store]:
    made = Store.create(address, clock=clock(), guids=guids())
    yield made
    made.close()


def add_code(store: Store, guid: str, **fields: Any) -> None:
    after = {"exists": [True], "id": [guid.upper()], "name": [guid], "codable": [True]} | {k: [v] for k, v in fields.items()}
    store.commit(Draft("codebook-add", ANNA, (Change("code", [guid], after),)))


def edit(store: Store, guid: str, **fields: Any) -> Any:
    return store.commit(Draft("codebook-edit", ANNA, (Change("code", [guid], {k: [v] for k, v in fields.items()}),)))


def state_of(store: Store) -> State:
    return {kind: rows for kind, rows in store.rows(set(KINDS)).items() if rows}


def test_an_event_is_written_with_what_stood_before(store: Store) -> None:
    add_code(store, "a")
    done = edit(store, "a", name="nieuw")
    assert done.event.changes == (Change("code", ["a"], {"name": ["nieuw"]}, {"name": ["a"]}),)
    assert [e.kind for e in store.events()] == ["codebook-add", "codebook-edit"]


def test_a_gesture_that_changes_nothing_writes_nothing(store: Store) -> None:
    add_code(store, "a", name="zelfde")
    assert edit(store, "a", name="zelfde").event is None
    assert len(list(store.events())) == 1


def test_a_failing_commit_changes_nothing(store: Store) -> None:
    add_code(store, "a")
    with pytest.raises(KeyError):
        store.commit(Draft("edit", ANNA, (Change("code", ["a"], {"name": ["half"]}), Change("code", ["a"], {"bestaat_niet": [1]}))))
    assert state_of(store)["code"]["a"]["name"] == "a"
    assert all(f.sound for f in examine(store))


def test_a_commit_on_a_state_that_moved_on_is_refused(store: Store) -> None:
    add_code(store, "a")
    with pytest.raises(Moved):
        store.commit(Draft("edit", ANNA, (Change("code", ["a"], {"name": ["b"]}),)), expect=0)


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["name", "parent", "exists"]), st.sampled_from("abcd")), max_size=10))
def test_the_projection_equals_the_replayed_log(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, str]]) -> None:
    store = Store.create(tmp_path_factory.mktemp("laws") / "s.qualcode", clock=clock(), guids=guids())
    for guid in "abcd":
        add_code(store, guid)
    for guid, field, value in steps:
        edit(store, guid, **{field: value if field != "exists" else value > "b"})
    replayed = replay(store.events())[0]
    assert state_of(store) == replayed
    store.rebuild()
    assert state_of(store) == replayed
    store.close()


def test_reopening_shows_the_same_study(store: Store, address: str) -> None:
    add_code(store, "a", examples=["één", "twee"])
    again = Store.open(address)
    assert again.snapshot().codes.to_dict("records") == store.snapshot().codes.to_dict("records")
    assert again.study == store.study
    again.close()


def test_texts_are_kept_once_and_byte_for_byte(store: Store) -> None:
    text = "R1: ’t was ’n é😀\n\tja\r weg"
    change = Change(
        "document",
        ["d"],
        {"exists": [True], "name": ["FG1"], "text": [sha(text)], "turns": [{"start": [], "end": [], "label": [], "time": []}]},
    )
    store.commit(Draft("import", ANNA, (change,), texts={sha(text): text}))
    assert store.snapshot().text("d") == text


def test_what_another_connection_wrote_comes_in_with_since(store: Store, address: str) -> None:
    add_code(store, "a")
    other = Store.open(address)
    seen = other.snapshot().stamp.events
    add_code(store, "b")
    rows, _, stamp = other.since(seen)
    assert list(rows["code"]) == ["b"]
    assert stamp.events == seen + 1
    other.close()


def test_a_changed_event_is_found_by_the_doctor(store: Store) -> None:
    add_code(store, "a")
    add_code(store, "b")
    with store.writing() as connection:
        connection.execute(sa.update(event).where(event.c.seq == 1).values(payload=event.c.payload + " "))
    found = {f.check: f for f in examine(store)}
    assert not found["chain"].sound
    assert found["chain"].facts["n"] == 1


def test_a_changed_projection_is_mended_from_the_log(store: Store) -> None:
    add_code(store, "a")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE code SET name = 'stiekem'")
    found = {f.check: f for f in examine(store)}
    assert not found["projection"].sound
    assert found["projection"].repaired
    assert state_of(store)["code"]["a"]["name"] == "a"


def test_a_changed_text_is_found_by_the_doctor(store: Store) -> None:
    change = Change("document", ["d"], {"exists": [True], "text": [sha("ja")], "turns": [{"start": [], "end": [], "label": []}]})
    store.commit(Draft("import", ANNA, (change,), texts={sha("ja"): "ja"}))
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE blob SET body = 'nee'")
    assert not {f.check: f for f in examine(store)}["texts"].sound


def test_dangling_references_and_spans_outside_their_text_are_found(store: Store) -> None:
    turns = {"start": [], "end": [], "label": []}
    document = Change("document", ["d"], {"exists": [True], "text": [sha("ja")], "version": [1], "turns": [turns]})
    coding = Change(
        "coding", ["x"], {"exists": [True], "document": ["d"], "version": [1], "start": [0], "end": [9], "code": ["weg"], "coder": [None]}
    )
    store.commit(Draft("import", ANNA, (document, coding), texts={sha("ja"): "ja"}))
    found = {f.check: f for f in examine(store)}
    assert (found["references"].facts["n"], found["spans"].facts["n"]) == (1, 1)


def test_the_migrations_make_the_schema_that_the_store_makes(tmp_path: Path) -> None:
    from alembic import command
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext

    import qualcode.store

    config = Config()
    config.set_main_option("script_location", str(Path(qualcode.store.__file__).parent / "migrations"))
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'm.db'}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        context = MigrationContext.configure(
            connection, opts={"include_object": lambda _o, name, kind, *_: kind != "table" or name in ("event", "blob", "meta")}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_an_older_projection_is_backed_up_and_made_again(tmp_path: Path) -> None:
    path = tmp_path / "oud.qualcode"
    store = Store.create(path)
    add_code(store, "a")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = 'ouder' WHERE key = 'projection'")
        connection.exec_driver_sql("ALTER TABLE code DROP COLUMN colour")
    store.close()
    again = Store.open(path)
    assert state_of(again)["code"]["a"]["name"] == "a"
    assert (tmp_path / "oud.qualcode.voor-projectie.backup").exists()
    again.close()


def test_a_newer_study_is_refused_by_name(store: Store, address: str) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerStudy, match="9999"):
        Store.open(address)


def test_an_older_schema_is_brought_up_to_date_and_a_team_database_only_when_asked(
    store: Store, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import qualcode.store

    add_code(store, "a")
    folder = tmp_path / "migrations"
    shutil.copytree(Path(qualcode.store.__file__).parent / "migrations", folder)
    later = "from alembic import op\nimport sqlalchemy as sa\nrevision = '0002'\ndown_revision = '0001'\n"
    later += "def upgrade() -> None:\n    op.add_column('blob', sa.Column('later', sa.Text))\n"
    (folder / "versions" / "0002_later.py").write_text(later)
    monkeypatch.setattr("qualcode.store.migrating.migrations", lambda: nullcontext(folder))
    for room in ("migrating", "study"):
        monkeypatch.setattr(f"qualcode.store.{room}.REVISION", "0002")
    team = "://" in address
    if team:
        with pytest.raises(Refused, match="--migrate"):
            Store.open(address)
    again = Store.open(address, upgrade=team)
    with again.reading() as connection:
        assert "later" in {column["name"] for column in sa.inspect(connection).get_columns("blob")}
    assert state_of(again)["code"]["a"]["name"] == "a"
    assert team or Path(f"{address}.voor-0002.backup").exists()
    again.close()


def test_opening_never_makes_a_study(tmp_path: Path) -> None:
    with pytest.raises(StudyNotFound, match=r"tikfout\.qualcode"):
        Store.open(tmp_path / "tikfout.qualcode")
    assert list(tmp_path.iterdir()) == []


def test_creating_never_overwrites(store: Store, address: str) -> None:
    add_code(store, "a")
    with pytest.raises(StudyExists):
        Store.create(address)
    assert "a" in state_of(store)["code"]


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", StudyNotFound), (b"PK\x03\x04 a docx", DamagedStudy), (b"SQLite format 3\x00" + b"\x00" * 200, StudyNotFound)],
)
def test_a_file_that_is_no_study_is_refused_and_left_alone(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    path = tmp_path / "iets.qualcode"
    path.write_bytes(content)
    with pytest.raises(error, match=r"iets\.qualcode"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_read_only_study_says_so_and_stays_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vast.qualcode"
    store = Store.create(path)
    add_code(store, "a")
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        # the same connection serves the next write: the pool holds one
    with pytest.raises(ReadOnlyStudy, match=r"vast\.qualcode"):
        add_code(store, "b")
    store.close()
    again = Store.open(path)
    assert list(state_of(again)["code"]) == ["a"]
    again.close()


def test_a_full_disk_says_so_and_loses_nothing_that_was_written(tmp_path: Path) -> None:
    path = tmp_path / "vol.qualcode"
    store = Store.create(path)
    add_code(store, "a")
    with store.engine.connect() as connection:
        # as full as a disk can be: the file may not grow by a page
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull, match=r"vol\.qualcode"):
        add_code(store, "b", definition="lang " * 20_000)
    add_code(store, "c")
    store.close()
    again = Store.open(path)
    assert list(state_of(again)["code"]) == ["a", "c"]
    assert all(finding.sound for finding in examine(again))
    again.close()


def test_a_synced_folder_gets_a_warning_one_writer_and_no_wal(tmp_path: Path) -> None:
    folder = tmp_path / "OneDrive - Bureau"
    folder.mkdir()
    with pytest.warns(SharedFolderWarning, match="OneDrive"):
        store = Store.create(folder / "s.qualcode")
    add_code(store, "a")
    assert not list(folder.glob("*-wal"))
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    store.close()


def test_merge_is_union_whatever_the_order_and_however_often(new_address: Callable[[], str], tmp_path: Path) -> None:
    path = tmp_path / "moeder.qualcode"
    mother = Store.create(path, guids=guids("m"))
    add_code(mother, "a")
    add_code(mother, "b")
    mother.close()
    copies = []
    for name, change in (("een", {"name": "één"}), ("twee", {"definition": "twee"}), ("drie", {"parent": "b"})):
        copy = tmp_path / f"{name}.qualcode"
        copy.write_bytes(path.read_bytes())
        opened = Store.open(copy, clock=clock(), guids=guids(name))
        edit(opened, "a", **change)
        copies.append(opened)
    forth, back = (tmp_path / f"{n}.qualcode" for n in ("heen", "terug"))
    for target in (forth, back):
        target.write_bytes(path.read_bytes())
    one, other = Store.open(forth), Store.open(back)
    for copy in copies:
        merge(one, copy)
    for copy in reversed(copies):
        merge(other, copy)
    assert state_of(one) == state_of(other)
    row = state_of(one)["code"]["a"]
    assert (row["name"], row["definition"], row["parent"]) == ("één", "twee", "b")
    before = len(list(one.events()))
    merge(one, other)
    merge(one, one)
    assert len(list(one.events())) == before
    assert all(f.sound for f in examine(one))
    for opened in (one, other, *copies):
        opened.close()


def test_a_dry_run_of_a_merge_tells_and_writes_nothing(tmp_path: Path) -> None:
    one = Store.create(tmp_path / "a.qualcode")
    copy = tmp_path / "b.qualcode"
    one.close()
    copy.write_bytes((tmp_path / "a.qualcode").read_bytes())
    other = Store.open(copy)
    add_code(other, "x")
    one = Store.open(tmp_path / "a.qualcode")
    assert len(merge(one, other, dry_run=True).events) == 1
    assert state_of(one) == {}
    one.close()
    other.close()


def test_two_copies_that_add_the_same_id_keep_both(tmp_path: Path) -> None:
    store = Store.create(tmp_path / "a.qualcode")
    store.close()
    (tmp_path / "b.qualcode").write_bytes((tmp_path / "a.qualcode").read_bytes())
    one, other = Store.open(tmp_path / "a.qualcode"), Store.open(tmp_path / "b.qualcode")
    add_code(one, "guid-een", id="E17")
    add_code(other, "guid-twee", id="E17")
    merge(one, other)
    assert sorted(row["id"] for row in state_of(one)["code"].values()) == ["E17", "E17"]
    one.close()
    other.close()


def test_copies_of_different_studies_are_not_merged(tmp_path: Path) -> None:
    one, other = Store.create(tmp_path / "a.qualcode"), Store.create(tmp_path / "b.qualcode")
    with pytest.raises(Refused, match=r"b\.qualcode"):
        merge(one, other)
    one.close()
    other.close()


def test_a_damaged_copy_is_not_merged(tmp_path: Path) -> None:
    one = Store.create(tmp_path / "a.qualcode")
    one.close()
    (tmp_path / "b.qualcode").write_bytes((tmp_path / "a.qualcode").read_bytes())
    one, other = Store.open(tmp_path / "a.qualcode"), Store.open(tmp_path / "b.qualcode")
    add_code(other, "x")
    with other.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET payload = replace(payload, '\"x\"', '\"y\"')")
    with pytest.raises(DamagedStudy):
        merge(one, other)
    assert state_of(one) == {}
    one.close()
    other.close()


def test_a_withdrawn_passage_does_not_come_back_in_an_old_copy(tmp_path: Path) -> None:
    text = "R1: mijn geheim verhaal"
    store = Store.create(tmp_path / "a.qualcode")
    change = Change("document", ["d"], {"exists": [True], "text": [sha(text)], "turns": [{"start": [], "end": [], "label": []}]})
    store.close()
    (tmp_path / "oud.qualcode").write_bytes((tmp_path / "a.qualcode").read_bytes())
    old = Store.open(tmp_path / "oud.qualcode", guids=guids("oud"))
    old.commit(Draft("import", ANNA, (change,), texts={sha(text): text}))
    store = Store.open(tmp_path / "a.qualcode")
    store.commit(Draft("withdraw", ANNA, (Change("memo", ["w"], {"exists": [True]}),), {"masks": {sha(text): [[9, 15]]}}))
    merge(store, old)
    assert store.snapshot().text("d") == "R1: mijn ██████ verhaal"
    store.close()
    old.close()
    assert b"geheim" not in (tmp_path / "a.qualcode").read_bytes()
