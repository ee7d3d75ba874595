"""Print, speech recognition and annotation tools: what is set aside is counted, what is said stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from qualcode.errors import BadFile, QualcodeError, Refused
from qualcode.importers import Reading, read
from qualcode.project import Project
from transcripts import reading, said

SENTENCES = [
    ("M1", "Welkom allemaal, fijn dat jullie er zijn. We praten vandaag over wat er op de werkvloer gebeurt als iemand iets zegt."),
    ("R1", "Bij ons werd er altijd om gelachen, en wie er iets van zei was overgevoelig en had geen verantwoordelijkheidsgevoel. " * 4),
    ("R2", "Nee, dat herken ik niet; bij ons werd het besproken in het teamoverleg met de leidinggevende erbij. " * 3),
    ("M1", "Wat gebeurde er daarna?"),
    ("R1", "Daarna gebeurde er niets, en dat is wat mij nu nog steekt als ik er met de anderen over praat. " * 6),
]
TURNS = [(label, words.strip()) for label, words in SENTENCES]


def printed(folder: Path, *settings: str, turns: list[tuple[str, str]] = TURNS, shape: str = "{}: {}") -> Path:
    """Print a transcript as PDF."""
    source = folder / "a.typ"
    page = '#set page(width: 15cm, height: 10cm)\n#set smartquote(enabled: false)\n#set text(size: 11pt, lang: "nl")\n'
    source.write_text(page + "\n".join(settings) + "\n\n" + "\n\n".join(shape.format(*turn) for turn in turns) + "\n", encoding="utf-8")
    typst.compile(str(source), output=str(folder / "a.pdf"), ignore_system_fonts=True)
    return folder / "a.pdf"


def refused(path: Path) -> QualcodeError | None:
    """Return why a file cannot be read; nothing when it can."""
    try:
        read(path)
    except QualcodeError as error:
        return error
    return None


def facts(found: Reading, key: str) -> dict[str, object]:
    return next(doubt.facts for doubt in found.doubts if doubt.key == f"importers.{key}")


HEADER = "#set page(header: [Transcript groep 3 -- vertrouwelijk], footer: context [Pagina #counter(page).display() van 3])"


@pytest.mark.parametrize(
    "settings",
    [
        (),
        (HEADER,),
        ('#set par.line(numbering: "1")',),
        ('#set par.line(numbering: "1")', HEADER),
        ('#set par.line(numbering: "1", numbering-scope: "page")', HEADER),
        ("#set par.line(numbering: n => if calc.rem(n, 5) == 0 { str(n) })",),
        ("#set text(hyphenate: true)", "#set par(justify: true)"),
    ],
    ids=["plain", "heads", "lines", "lines and heads", "lines by page", "each fifth line", "hyphenated"],
)
def test_a_printed_transcript_gives_the_words_that_were_printed(tmp_path: Path, settings: tuple[str, ...]) -> None:
    found = read(printed(tmp_path, *settings))
    assert [(label, " ".join(words.split())) for label, words in said(found)] == TURNS
    assert found.turns.gaps == []


def test_what_is_left_out_of_print_is_counted(tmp_path: Path) -> None:
    found = read(printed(tmp_path, '#set par.line(numbering: "1")', HEADER))
    assert facts(found, "pdf") == {"pages": 2, "lines": 22, "heads": 2, "marks": 2}
    plain = facts(read(printed(tmp_path)), "pdf")
    assert (plain["lines"], plain["heads"], plain["marks"]) == (0, 0, 0)


def test_numbers_that_begin_a_line_of_talk_are_no_line_numbers(tmp_path: Path) -> None:
    turns = [("R1", "We waren met"), ("R2", "12 collega's waren er toen, later 14, en in 2019 nog maar 3."), ("R1", "7 van de 9 dus.")]
    assert said(read(printed(tmp_path, turns=turns))) == turns


def test_labels_in_a_column_of_their_own(tmp_path: Path) -> None:
    path = printed(tmp_path, shape="#grid(columns: (2cm, 1fr), [{}], [{}])")
    assert [(label, " ".join(words.split())) for label, words in said(read(path))] == TURNS


def test_labels_on_a_line_of_their_own(tmp_path: Path) -> None:
    path = printed(tmp_path, shape="*{}:* \\\n{}")
    assert [(label, " ".join(words.split())) for label, words in said(read(path))] == TURNS


def test_a_scan_has_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.typ").write_text("#rect(width: 3cm, height: 2cm)")
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"), ignore_system_fonts=True)
    with pytest.raises(BadFile, match="OCR"):
        read(tmp_path / "a.pdf")


@given(place=st.integers(0, 100_000), value=st.integers(0, 255), length=st.integers(1, 40))
def test_damaged_print_gives_a_reading_or_a_sentence(tmp_path_factory: pytest.TempPathFactory, place: int, value: int, length: int) -> None:
    folder = tmp_path_factory.getbasetemp()
    original = folder / "print" / "a.pdf"
    if not original.exists():
        original.parent.mkdir()
        printed(original.parent, turns=[("R1", "Ja."), ("R2", "Nee.")])
    data = bytearray(original.read_bytes())
    at = place % len(data)
    data[at : at + length] = bytes([value]) * length
    (folder / "b.pdf").write_bytes(bytes(data))
    error = refused(folder / "b.pdf")
    assert error is None or "b.pdf" in str(error)


def test_otranscribe_keeps_its_moments_apart_from_the_words(tmp_path: Path) -> None:
    page = (
        '<p><span class="timestamp" data-timestamp="1.2">00:01</span>\u00a0M1: Welkom.</p>'
        '<p><span class="timestamp" data-timestamp="65">01:05</span>R1: Ja, <b>zeker</b> <i>wel</i><br /></p><p>en nog iets</p>'
        "<p>R2: Nee.<br>R1: Toch.</p>"
    )
    found = reading(tmp_path, json.dumps({"text": page, "media": "a.mp3", "media-time": 3.2}), "a.otr")
    spoken = [(label, " ".join(words.split())) for label, words in said(found)]
    assert spoken == [("M1", "Welkom."), ("R1", "Ja, zeker wel en nog iets"), ("R2", "Nee."), ("R1", "Toch.")]
    assert found.turns.time == ["00:01", "01:05", None, None]


def eaf(*tiers: str, slots: str = "") -> str:
    times = slots or "".join(f'<TIME_SLOT TIME_SLOT_ID="ts{i}" TIME_VALUE="{i * 1500}"/>' for i in range(1, 9))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT><TIME_ORDER>{times}</TIME_ORDER>{"".join(tiers)}</ANNOTATION_DOCUMENT>'
    )


def spoken(guid: str, slot: int, words: str) -> str:
    refs = f'ANNOTATION_ID="{guid}" TIME_SLOT_REF1="ts{slot}" TIME_SLOT_REF2="ts{slot + 1}"'
    return f"<ANNOTATION><ALIGNABLE_ANNOTATION {refs}><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"


def gloss(guid: str, of: str, words: str) -> str:
    refs = f'ANNOTATION_ID="{guid}" ANNOTATION_REF="{of}"'
    return f"<ANNOTATION><REF_ANNOTATION {refs}><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"


ELAN = (
    '<TIER TIER_ID="vertaling" PARENT_REF="spreker 1">' + gloss("a9", "a3", "Yes.") + "</TIER>",
    '<TIER TIER_ID="spreker 1" PARTICIPANT="R1">' + spoken("a1", 2, "Ja.") + spoken("a3", 6, "Nou ja.") + "</TIER>",
    '<TIER TIER_ID="M1">' + spoken("a2", 1, "Welkom.") + spoken("a4", 3, "Dus?") + spoken("a5", 4, "Toch?") + "</TIER>",
    '<TIER TIER_ID="leeg" PARTICIPANT="R2"/>',
)


def test_elan_tiers_are_speakers_in_the_order_of_time(tmp_path: Path) -> None:
    found = reading(tmp_path, eaf(*ELAN), "a.eaf")
    assert said(found) == [("M1", "Welkom."), ("R1", "Ja."), ("M1", "Dus? Toch?"), ("R1", "Nou ja.")]
    assert found.turns.time == ["00:00:01.500", "00:00:03.000", "00:00:04.500", "00:00:09.000"]
    assert facts(found, "tiers_left")["left"] == "vertaling"


def test_elan_tiers_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "a.eaf"
    path.write_text(eaf(*ELAN), encoding="utf-8")
    assert said(read(path, tiers=["vertaling", "M1"])) == [("M1", "Welkom. Dus? Toch?"), ("vertaling", "Yes.")]
    with pytest.raises(BadFile, match="spreker 1"):
        read(path, tiers=["spreker 3"])
    (tmp_path / "a.txt").write_text("R1: ja")
    with pytest.raises(Refused, match="ELAN"):
        read(tmp_path / "a.txt", tiers=["M1"])


def test_elan_slots_without_a_moment_stand_where_the_slot_before_them_stands(tmp_path: Path) -> None:
    slots = '<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="4000"/><TIME_SLOT TIME_SLOT_ID="ts2"/><TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="9"/>'
    tier = '<TIER TIER_ID="R1">' + spoken("a1", 1, "Eerst.") + spoken("a2", 2, "Dan.") + "</TIER>"
    found = reading(tmp_path, eaf(tier, slots=slots), "a.eaf")
    assert said(found) == [("R1", "Eerst. Dan.")]


@pytest.mark.parametrize(
    "text", [eaf(), "<a/>", eaf(*ELAN)[:300], eaf('<TIER TIER_ID="a" PARENT_REF="b"/><TIER TIER_ID="b" PARENT_REF="a"/>')]
)
def test_elan_without_words_is_a_bad_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadFile, match=r"a\.eaf"):
        reading(tmp_path, text, "a.eaf")


def test_speech_recognition_in_other_shapes(tmp_path: Path) -> None:
    cpp = {"transcription": [{"timestamps": {"from": "00:00:01,000", "to": "00:00:02,000"}, "offsets": {"from": 1000}, "text": " Welkom."}]}
    found = reading(tmp_path, json.dumps(cpp), "a.json")
    assert (said(found), found.turns.time) == ([(None, "Welkom.")], ["00:00:01,000"])
    bare = [{"speaker": "A", "text": "Dag.", "start": 1}, {"speaker": "B", "text": "Hoi."}, {"speaker": "B", "text": "Zeg."}]
    assert said(reading(tmp_path, json.dumps(bare), "b.json")) == [("A", "Dag."), ("B", "Hoi. Zeg.")]
    amber = {
        "speakers": [{"spkid": 1, "name": "Anna"}],
        "segments": [{"speaker": 1, "words": [{"text": "Ja", "start": 2.5}, {"text": "."}]}],
    }
    found = reading(tmp_path, json.dumps(amber), "c.json")
    assert (said(found), found.turns.time) == ([("Anna", "Ja .")], ["2.5"])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("R1: <p>", max_size=6),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["segments", "speakers", "words", "text", "speaker", "start", "timestamps", "transcription", "name", "spkid"]),
            inner,
        )
    ),
)


@given(values, st.sampled_from([".json", ".otr"]))
def test_any_json_gives_a_reading_or_a_sentence(tmp_path: Path, found: object, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text(json.dumps(found), encoding="utf-8")
    error = refused(path)
    assert error is None or path.name in str(error)


def test_a_corrected_table_of_turns_can_be_brought_in_instead_of_print(tmp_path: Path) -> None:
    path = printed(tmp_path, HEADER)
    with Project.create(tmp_path / "s.qualcode", coder="anna") as study:
        study.import_documents(path, turns=tmp_path / "na te kijken", dry_run=True)
        table = tmp_path / "na te kijken" / "a.pdf.csv"
        assert said(read(table)) == said(read(path))
        table.write_text(table.read_text(encoding="utf-8").replace("M1", "M2", 1), encoding="utf-8")
        study.import_documents(table, name="FG3")
        assert [speaker["label"] for speaker in study.snapshot().speakers.to_dict("records")] == ["M2", "R1", "R2", "M1"]
        with pytest.raises(Refused, match="staat al"):
            study.import_documents(path, turns=tmp_path / "na te kijken", dry_run=True)
