"""What a page was told change by change is what a new page would be told: nothing is missed, whoever wrote it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

import qualcode as qc
from qualcode.widgets.told import Told

TALK = "M1: hoe gaat het?\n\nR1: goed hoor, dank je\n\nR2: kan beter vind ik\n\nR1: nou ja zeg\n\nR2: echt waar hoor\n"
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["code", "uncode", "recode", "memo", "edit", "forget", "read", "undo", "redo"]), st.integers(0, 5), st.booleans()
    ),
    max_size=14,
)


def step(study: qc.Project, what: str, number: int) -> None:
    codings, memos = list(study.snapshot().codings["guid"]), list(study.snapshot().memos["guid"])
    if what == "code":
        study.code("FG1" if number % 2 else "FG2", f"E0{1 + number % 2}", turn=2 + number % 4)
    elif what == "memo":
        study.memo(f"let op {number}", document="FG1", turn=2 + number % 4)
    elif what == "read":
        study.read("FG1", [1 + number % 5])
    elif what in {"undo", "redo"}:
        getattr(study, what)()
    elif what in {"uncode", "recode"} and codings:
        guid = codings[number % len(codings)]
        study.uncode(guid) if what == "uncode" else study.recode(guid, code=f"E0{1 + number % 2}", memo=f"m{number}")
    elif what in {"edit", "forget"} and memos:
        guid = memos[number % len(memos)]
        study.edit_memo(guid, f"anders {number}") if what == "edit" else study.remove_memo(guid)


@settings(max_examples=12)
@given(steps=STEPS)
def test_changes_taken_one_by_one_end_where_a_new_page_begins(steps: list[tuple[str, int, bool]]) -> None:
    with TemporaryDirectory() as place:
        for name in ("FG1", "FG2"):
            (Path(place) / f"{name}.txt").write_text(TALK, encoding="utf-8")
        with qc.Project.create(Path(place) / "s.qualcode", coder="anna") as study:
            study.import_documents(Path(place) / "FG*.txt", kind="focusgroep")
            for id in ("E01", "E02"):
                study.codebook.add(id, f"Code {id}")
            study.code("FG1", "E01", turn=2)
            study.codebook.retire("E02")
            study.codebook.restore("E02")
            with qc.Project.open(Path(place) / "s.qualcode", coder="bram") as other:
                told = fresh(study)
                for what, number, by_other in steps:
                    step(other if by_other else study, what, number)
                    other.refresh()
                    study.refresh()
                    touched = study.touched(told.events)
                    assert touched is not None
                    if not told.meet(touched.get("coder", {})) or touched.keys() - {"coding", "memo", "reading", "coder"}:
                        if "FG1" not in study.snapshot().document_names:
                            return
                        told = fresh(study)  # an undo that reached the codebook
                        continue
                    told.take("codings", touched.get("coding", {}))
                    told.take("memos", touched.get("memo", {}))
                    told.events = study.stamp.events
                    new = fresh(study)
                    assert told.codings == new.codings
                    assert told.memos == new.memos
                    assert told.waiting == new.waiting
                    assert study.touched(told.events) == {}


def fresh(study: qc.Project) -> Told:
    now = study.snapshot()
    return Told.of(now, study.codebook.book, now.document_names["FG1"], study.stamp.events)


def test_what_is_too_long_ago_is_not_guessed(tmp_path: Path) -> None:
    with qc.Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        begun = study.stamp.events
        study.codebook.add("E01", "Belediging")
        assert set(study.touched(begun) or ()) == {"code"}
        study.doctor(rebuild=True)  # reads everything anew
        assert study.touched(begun) is None
        assert study.touched(study.stamp.events) == {}
