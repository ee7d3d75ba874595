"""Every format gives the same turns, and tells what it left out."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import openpyxl
import pytest

from qualcode.importers import read
from transcripts import keys, opendocument, reading, said, saved, with_body, word

GROUP = [("M1", "Welkom allemaal."), ("R1", "Dank je, één ding."), ("R2", "Nee.")]


def test_word_paragraphs_with_bold_labels_tabs_and_soft_line_breaks(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("Focusgroep 1", 1)
    document.add_paragraph("Datum: 3 maart")
    document.add_paragraph("M1:\tWelkom.")
    opening = document.add_paragraph()
    opening.add_run("R1: ").bold = True
    opening.add_run("Dank.\nTweede regel")
    bare = document.add_paragraph()
    bare.add_run("R2").bold = True
    bare.add_run(" zonder dubbele punt")
    document.add_paragraph("vervolg")
    document.add_heading("Thema 2", 2)
    document.add_paragraph("na de kop")
    document.sections[0].header.paragraphs[0].text = "R9: kopregel"
    document.sections[0].footer.paragraphs[0].text = "R9: voetregel"
    found = read(saved(document, tmp_path / "FG1.docx"))
    assert said(found) == [
        ("M1", "Welkom."),
        ("R1", "Dank.\nTweede regel"),
        ("R2", "zonder dubbele punt\nvervolg\nThema 2\nna de kop"),
    ]
    assert [found.text[start:end] for _, start, end in found.turns.gaps] == ["Thema 2\n"]
    assert found.text.startswith("Focusgroep 1\nDatum: 3 maart\nM1:\tWelkom.\nR1: Dank.\n")


def test_bold_names_without_a_colon_are_labels_when_they_come_back(tmp_path: Path) -> None:
    document = docx.Document()
    for name, words in [("Anna", "ik begin"), ("Bram", "dan ik"), ("Anna", "weer ik"), ("Bram", "en ik")]:
        paragraph = document.add_paragraph()
        paragraph.add_run(name).bold = True
        paragraph.add_run(f" {words}")
    found = read(saved(document, tmp_path / "a.docx"))
    assert said(found) == [("Anna", "ik begin"), ("Bram", "dan ik"), ("Anna", "weer ik"), ("Bram", "en ik")]


def _table(document: docx.document.Document, rows: list[tuple[str, ...]]) -> None:
    table = document.add_table(0, len(rows[0]))
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words


def test_a_word_table_with_one_turn_a_row(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Synthetische data, geen echte personen of gesprekken")
    document.add_paragraph("Verslag van de vijfde groep.")
    _table(
        document,
        [("Tijd", "Spreker", "Tekst"), ("00:01", "M1", "Welkom."), ("00:02", "R1:", "Ja.\nEn nee"), ("", "", "vervolg"), ("", "R2", "")],
    )
    document.add_paragraph("Uitgewerkt door het bureau.")
    found = read(saved(document, tmp_path / "FG5.docx"))
    assert said(found) == [("M1", "Welkom."), ("R1", "Ja.\nEn nee\nvervolg")]
    assert found.turns.time == ["00:01", "00:02"]
    assert found.text.endswith("groep.\nWelkom.\nJa.\nEn nee\nvervolg\nUitgewerkt door het bureau.")


def test_a_word_table_without_a_header_and_tables_that_hold_no_talk(tmp_path: Path) -> None:
    document = docx.Document()
    _table(document, [("Datum", "3 maart"), ("Plaats", "Utrecht")])
    document.add_paragraph("M1: Welkom.")
    document.add_paragraph("R1: Ja.")
    found = read(saved(document, tmp_path / "a.docx"))
    assert said(found) == [("M1", "Welkom."), ("R1", "Ja.")]
    assert found.text.startswith("Datum\t3 maart\nPlaats\tUtrecht\nM1: Welkom.")
    bare = docx.Document()
    _table(bare, [("M1", "Welkom."), ("R1", "Ja."), ("M1", "Mooi zo.")])
    assert said(read(saved(bare, tmp_path / "b.docx"))) == [("M1", "Welkom."), ("R1", "Ja."), ("M1", "Mooi zo.")]


def test_tracked_deletions_and_comments_are_left_out_and_counted(tmp_path: Path) -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    path = with_body(
        tmp_path / "a.docx",
        "<w:p>"
        + run.format("R1: Ik zei ")
        + "<w:del w:id='1' w:author='x'><w:r><w:delText>dat niet</w:delText><w:tab/></w:r></w:del>"
        + "<w:ins w:id='2' w:author='x'>"
        + run.format("dit wel")
        + "</w:ins><w:moveFrom w:id='3'>"
        + run.format("weg")
        + "</w:moveFrom><w:moveTo w:id='4'>"
        + run.format(" hier")
        + "</w:moveTo><w:r><w:rPr><w:vanish/></w:rPr><w:t>verborgen</w:t></w:r></w:p>"
        + "<w:p>"
        + run.format("R2: ja")
        + "<w:r><w:footnoteReference w:id='1'/></w:r></w:p>",
    )
    found = read(path)
    assert said(found) == [("R1", "Ik zei dit wel hier"), ("R2", "ja")]
    assert "weg" not in found.text
    assert {doubt.key: doubt.facts.get("n") for doubt in found.doubts if doubt.key != "importers.short"} == {
        "importers.deletions": 2,
        "importers.notes": 1,
    }
    document = docx.Document()
    paragraph = document.add_paragraph("R1: ja")
    document.add_comment(paragraph.runs, text="zaak 12", author="T. de Wilde", initials="TW")
    document.add_paragraph("R2: nee")
    commented = read(saved(document, tmp_path / "IV4.docx"))
    assert keys(commented) == {"comments"}
    assert "zaak" not in commented.text


def test_content_controls_and_nested_runs_keep_their_words(tmp_path: Path) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    path = with_body(
        tmp_path / "a.docx",
        f"<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent><w:p>{run.format('R1: ja')}</w:p></w:sdtContent></w:sdt>"
        f"<w:p><w:hyperlink>{run.format('R2: zie ')}</w:hyperlink><w:smartTag>{run.format('Utrecht')}</w:smartTag>"
        "<w:r><w:tab/><w:noBreakHyphen/><w:t>tje</w:t></w:r></w:p>",
    )
    assert said(read(path)) == [("R1", "ja"), ("R2", "zie Utrecht\t-tje")]


def test_opendocument_text(tmp_path: Path) -> None:
    body = (
        "<text:sequence-decls/><text:tracked-changes><text:deletion><text:p>R8: weg</text:p></text:deletion></text:tracked-changes>"
        "<text:h>Focusgroep</text:h><text:p>M1:<text:tab/>Welkom<text:s text:c='2'/>\n   allemaal.</text:p>"
        "<text:p><text:span text:style-name='B'>R1</text:span> ja<text:line-break/>tweede"
        "<office:annotation><text:p>zaak 12</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>R2: nee<text:note><text:note-body><text:p>noot</text:p></text:note-body></text:note></text:p>"
        "</text:list-item></text:list>"
    )
    found = read(opendocument(tmp_path / "a.odt", body))
    assert said(found) == [("M1", "Welkom   allemaal."), ("R1", "ja\ntweede"), ("R2", "nee")]
    assert keys(found) == {"comments", "deletions", "notes"}
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = "".join(f"<table:table-row>{''.join(map(cell.format, row))}</table:table-row>" for row in [("spreker", "tekst"), *GROUP])
    table = read(opendocument(tmp_path / "b.odt", f"<table:table>{rows}</table:table>"))
    assert said(table) == GROUP
    assert table.text == "Welkom allemaal.\nDank je, één ding.\nNee."


def test_rich_text(tmp_path: Path) -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Calibri;}}{\*\generator x;}{\header kop\par}"
        r"{\b M1:}\tab Welkom allemaal.\par R1: Dank je, \'e9\u233?n ding \u-10179?\u-8704?.\line tweede\par}"
    )
    found = reading(tmp_path, source, "a.rtf")
    assert said(found) == [("M1", "Welkom allemaal."), ("R1", "Dank je, één ding 😀.\ntweede")]
    row = r"\trowd\cellx1\cellx2\intbl {}\cell {}\cell\row "
    table = r"{\rtf1\ansi " + "".join(row.format(*cells) for cells in [("spreker", "tekst"), ("M1", "Welkom."), ("R1", "Ja.")]) + "}"
    assert said(reading(tmp_path, table, "b.rtf")) == [("M1", "Welkom."), ("R1", "Ja.")]


def test_web_pages(tmp_path: Path) -> None:
    page = (
        "<html><head><title>R9: titel</title><style>p{}</style></head><body><h1>Gesprek</h1><nav>menu</nav>"
        "<p><b>M1:</b>\n Welkom\n   allemaal.</p><p><strong>R1</strong> Dank je,<br>&eacute;&eacute;n ding.</p><div>vervolg</div>"
        "<ul><li>R2: nee &amp; ja</li></ul><script>R3: x</script></body></html>"
    )
    found = reading(tmp_path, page, "a.html")
    assert said(found) == [("M1", "Welkom allemaal."), ("R1", "Dank je,\néén ding.\nvervolg"), ("R2", "nee & ja")]
    podcast = "<cite>Anna:</cite><time>0:00</time><p>Hoi.</p><p>Nog iets.</p><cite>Bram:</cite><time>0:12</time><p>Hallo.</p>"
    heard = reading(tmp_path, podcast, "b.htm")
    assert said(heard) == [("Anna", "Hoi.\nNog iets."), ("Bram", "Hallo.")]
    assert heard.turns.time == ["0:00", "0:12"]
    cells = "".join(f"<tr><td>{label}</td><td><p>{words}</p></td></tr>" for label, words in [("spreker", "tekst"), *GROUP])
    assert said(reading(tmp_path, f"<table>{cells}</table>", "c.html")) == GROUP


def test_markdown(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        "---\ntitle: IV2\n---\n# Interview 2\n\n**M1:** Welkom allemaal.\n\n**R1**: Dank je.\n\n> **R2:** Nee.\n\n## Kop\n\nvervolg\n",
        "IV2.md",
    )
    assert said(found) == [("M1", "Welkom allemaal."), ("R1", "Dank je."), ("R2", "Nee.\n\n## Kop\n\nvervolg")]
    assert [found.text[start:end] for _, start, end in found.turns.gaps] == ["## Kop\n\n"]


VOICES = """WEBVTT - Teams

NOTE R9: geen cue

STYLE
::cue { color: red }

1
00:00:01.000 --> 00:00:04.000
<v M1>Welkom &amp; <i>hallo</i></v>

00:05.000 --> 00:07.500 align:start
<v M1>allemaal.

aa-bb
0.860 --> 7.380
<v.first Anna de Vries>Dank je,
één ding.</v><v R2>Nee.</v>

00:00:09.000 --> 00:00:10.000
toch niet
"""


def test_subtitles_with_voices(tmp_path: Path) -> None:
    found = reading(tmp_path, VOICES, "FG8.vtt")
    assert said(found) == [("M1", "Welkom & hallo allemaal."), ("Anna de Vries", "Dank je, één ding."), ("R2", "Nee. toch niet")]
    assert found.turns.time == ["00:00:01.000", "0.860", "0.860"]
    assert found.text == "\n".join(words for _, words in said(found))
    assert keys(found) == set()


def test_subtitles_with_names_before_a_colon(tmp_path: Path) -> None:
    lines = ["WEBVTT", ""]
    for number, (label, words) in enumerate([("Anna", "Welkom: fijn."), ("Bram", "Dank je."), ("Anna", "Dus: door."), ("Bram", "Ja.")]):
        lines += [str(number), f"00:00:0{number}.000 --> 00:00:0{number}.900", f"{label}: {words}", ""]
        lines += [f"00:00:0{number}.900 --> 00:00:0{number}.990", "en nog iets", ""]
    found = reading(tmp_path, "\n".join(lines), "zoom.vtt")
    assert said(found)[0] == ("Anna", "Welkom: fijn. en nog iets")
    assert [label for label, _ in said(found)] == ["Anna", "Bram", "Anna", "Bram"]


def test_subrip_with_two_lines_a_cue_and_windows_line_ends(tmp_path: Path) -> None:
    source = (
        "1\r\n00:00:01,000 --> 00:00:04,000\r\nM1: Welkom\r\nallemaal.\r\n2\r\n00:00:05,000 --> 00:00:07,000\r\nR1: Ja.\r\nM1: Mooi.\r\n"
    )
    found = reading(tmp_path, source, "a.srt")
    assert said(found) == [("M1", "Welkom allemaal."), ("R1", "Ja."), ("M1", "Mooi.")]
    assert found.turns.time == ["00:00:01,000", "00:00:05,000", "00:00:05,000"]


def test_cues_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\n<v A>ja\n\nkapot --> 00:03.000\n<v B>nee\n", "a.vtt")
    assert said(found) == [("A", "ja")]
    (doubt,) = (doubt for doubt in found.doubts if doubt.key == "importers.cues")
    assert doubt.facts == {"read": 1, "n": 2}


def test_cues_without_speakers_are_turns_without_one(tmp_path: Path) -> None:
    found = reading(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\nhallo\n\n00:02.000 --> 00:03.000\nen dag\n", "a.vtt")
    assert said(found) == [(None, "hallo"), (None, "en dag")]
    assert "no_speakers" in keys(found)


@pytest.mark.parametrize("header", ["tijd;spreker;tekst", "Time;Speaker;Text", "tijdstip;deelnemer;uitspraak", "\ufefftijd;spreker;tekst"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_a_table_with_one_turn_a_row(tmp_path: Path, header: str, encoding: str) -> None:
    if header[0] == "\ufeff" and encoding == "cp1252":
        return
    rows = f'{header}\r\n00:01;M1;"Welkom; allemaal."\r\n;;\r\n00:02;R1;"Dank je,\nhè"\r\n00:03;R1;[chat] +1\r\n'
    found = reading(tmp_path, rows.encode(encoding), "FG9.csv")
    assert said(found) == [("M1", "Welkom; allemaal."), ("R1", "Dank je,\nhè"), ("R1", "[chat] +1")]
    assert found.text == "Welkom; allemaal.\nDank je,\nhè\n[chat] +1"
    assert found.turns.time == ["00:01", "00:02", "00:03"]


def test_open_answers_have_no_speaker_and_name_the_columns_left(tmp_path: Path) -> None:
    found = reading(tmp_path, "antwoord,schaalband\nMeer aandacht,L\n,M\nnvt,H\n", "open.csv")
    assert said(found) == [(None, "Meer aandacht"), (None, "nvt")]
    (doubt,) = (doubt for doubt in found.doubts if doubt.key == "importers.columns_left")
    assert doubt.facts == {"columns": "schaalband"}


def test_a_table_without_a_header(tmp_path: Path) -> None:
    found = reading(tmp_path, "M1,Welkom allemaal\nR1,Ja hoor\nM1,Mooi\n", "a.csv")
    assert said(found) == [("M1", "Welkom allemaal"), ("R1", "Ja hoor"), ("M1", "Mooi")]


def test_a_workbook_with_one_turn_a_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["toelichting"])
    sheet = book.create_sheet("gesprek")
    for row in [
        ("spreker", "tekst", "leeftijd"),
        ("M1", "Welkom allemaal.", 3),
        (None, None, None),
        ("R1", "=1+1 zei hij", None),
        ("R2", 12, None),
    ]:
        sheet.append(row)
    sheet["B4"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert said(found) == [("M1", "Welkom allemaal."), ("R1", "=1+1 zei hij"), ("R2", "12")]
    assert keys(found) == {"columns_left", "sheets_left"}


def test_speech_recognition_as_json(tmp_path: Path) -> None:
    whisper = {
        "text": "x",
        "segments": [
            {"start": 0.5, "end": 1, "text": " Welkom", "speaker": "SPEAKER_00"},
            {"start": 1, "text": " allemaal.", "speaker": "SPEAKER_00"},
        ],
    }
    whisper["segments"].append({"start": 2.0, "text": " Ja.", "speaker": "SPEAKER_01"})
    found = reading(tmp_path, json.dumps(whisper), "a.json")
    assert said(found) == [("SPEAKER_00", "Welkom allemaal."), ("SPEAKER_01", "Ja.")]
    assert found.turns.time == ["0.5", "2.0"]
    words = {
        "speakers": [{"spkid": "spk1", "name": "Anna"}],
        "segments": [{"speaker": "spk1", "words": [{"text": "Dag"}, {"text": "allen."}]}],
    }
    assert said(reading(tmp_path, json.dumps(words), "b.json")) == [("Anna", "Dag allen.")]
    podcast = {"version": "1.0", "segments": [{"speaker": "Bram", "startTime": 0, "body": "Hoi."}]}
    assert said(reading(tmp_path, json.dumps(podcast), "c.json")) == [("Bram", "Hoi.")]
    assert said(reading(tmp_path, json.dumps({"text": "Alleen tekst."}), "d.json")) == [(None, "Alleen tekst.")]


def test_fifty_thousand_words_in_word_are_all_read(tmp_path: Path) -> None:
    sentence = "en toen zei ik dat het niet kon omdat zij daar niets van wisten. " * 3
    path = word(tmp_path / "lang.docx", *(f"R{i % 7}: {sentence}" for i in range(1300)))
    assert read(path).speakers["words"].sum() == 1300 * 3 * 14
