"""What goes out: nothing of one level comes into a lower one, nothing that identifies comes along, and what was withdrawn stays away."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from qualcode import analysis
from qualcode.cli import main
from qualcode.errors import Refused
from qualcode.labels import say
from qualcode.model import Snapshot
from qualcode.privacy import find
from qualcode.privacy.files import in_file_name, scan_file
from qualcode.project import Project
from qualcode.project.privacy import trained
from qualcode.report import build
from qualcode.report.facts import Facts, facts
from qualcode.report.freezing import thaw
from qualcode.report.quotes import quote
from qualcode.report.release import bundle
from qualcode.report.risks import risks
from qualcode.sample import make_sample, sample_folder
from studies import Build, groups, told

LEVELS = ("L0", "L1", "L2", "L3")
WHO = "stuurgroep, 1 juni: archief"


def counted(build_: Build) -> Facts:
    """Return the study as a public report sees it."""
    return facts(build_.snapshot(), "openbaar")


def study() -> Build:
    """Return three groups and an interview in which something was masked."""
    build = groups(3)
    build.document("IV1", [("M1", "Hoe begon het?"), ("R1", "Dat begon bij Ronnie op de planning, en daarna hield het niet meer op.")])
    told(build, "E07", "FG1:3 FG2:1 IV1:1")
    told(build, "S09", "FG1:1 FG2:2")
    start, end = build.span("IV1", "bij Ronnie op de planning")
    build.add("masking", "masking-1", document="doc-IV1", version=1, start=start, end=end, ground="persoonsgegevens", coder="anna", at="")
    for row in build.state["coding"].values():
        row["memo"] = "streng geheim"
    return build


@pytest.fixture
def snapshot() -> Snapshot:
    return study().snapshot()


def words_in(folder: Path) -> str:
    """Return everything the files of a folder hold, unpacked, and their names."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(path.name)
        if path.suffix in {".docx", ".odt", ".zip"}:
            with zipfile.ZipFile(path) as archive:
                parts += [
                    *archive.namelist(),
                    *(re.sub(r"<[^>]+>", "", archive.read(n).decode("utf-8", "replace")) for n in archive.namelist()),
                ]
        elif path.suffix == ".pdf":
            from pypdf import PdfReader

            reader = PdfReader(path)
            parts += [*(page.extract_text() for page in reader.pages), str(reader.metadata)]
        elif path.is_file():
            parts.append(path.read_text(encoding="utf-8"))
    return "\n".join(parts)


@pytest.fixture
def bundles(snapshot: Snapshot, tmp_path: Path) -> dict[str, str]:
    held = {}
    for level in LEVELS:
        bundle(snapshot, tmp_path / level, level, decision=WHO if level in {"L0", "L1"} else "")
        held[level] = words_in(tmp_path / level)
    return held


def test_each_level_holds_less_than_the_one_before(bundles: dict[str, str]) -> None:
    assert "Ronnie" in bundles["L0"]
    for level in LEVELS[1:]:
        assert "Ronnie" not in bundles[level], level
    assert "Woorden van spreker 2 in groep 1" in bundles["L1"]
    for level in ("L2", "L3"):
        for hidden in ("Woorden van", "FG1-P1", "IV1-P1", "streng geheim", "anna", "R1", "coding-0"):
            assert hidden not in bundles[level], (level, hidden)
    # one row a coding at L2, none at L3
    assert "coderingen.csv" in bundles["L2"]
    assert "coderingen.csv" not in bundles["L3"]


def test_words_masked_in_one_place_and_readable_in_another_stop_the_covered_texts(tmp_path: Path) -> None:
    build_ = study()
    build_.document("FG9", [("R1", "Ook bij mij begon het bij Ronnie op de planning.")])
    with pytest.raises(Refused, match=r"teksten/FG9\.txt") as refused:
        bundle(build_.snapshot(), tmp_path / "l1", "L1", decision=WHO)
    assert "Ronnie" not in str(refused.value)
    assert not (tmp_path / "l1").exists()


def test_words_and_places_stand_in_no_column_below_l1(snapshot: Snapshot, tmp_path: Path) -> None:
    bundle(snapshot, tmp_path / "l2", "L2")
    with (tmp_path / "l2" / "coderingen.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(snapshot.codings)
    forbidden = {"start", "end", "text", "speaker", "participant", "turn", "coder", "at", "memo", "document", "coding", "voorval"}
    assert not forbidden & set(rows[0])


@pytest.mark.parametrize("level", LEVELS)
def test_the_manifest_names_every_file_with_its_checksum(snapshot: Snapshot, tmp_path: Path, level: str) -> None:
    made = bundle(snapshot, tmp_path / "uit", level, decision=WHO)
    listed = pd.read_csv(made.folder / "manifest.csv", keep_default_na=False).set_index("file")
    there = {path.relative_to(made.folder).as_posix() for path in made.folder.rglob("*") if path.is_file()} - {"manifest.csv"}
    assert set(listed.index) == there
    for name, row in listed.iterrows():
        content = (made.folder / str(name)).read_bytes()
        assert (row["sha256"], int(row["bytes"])) == (hashlib.sha256(content).hexdigest(), len(content))
        assert row["description"]


def test_a_bundle_is_made_whole_or_not_at_all(snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Leg eerst vast wie"):
        bundle(snapshot, tmp_path / "l0", "L0")
    assert not (tmp_path / "l0").exists()
    with pytest.raises(Refused):
        bundle(snapshot, tmp_path / "l3", "L3", report=tmp_path / "rapport")
    assert not (tmp_path / "l3").exists() or not any((tmp_path / "l3").iterdir())


def test_the_same_study_gives_the_same_bundle(snapshot: Snapshot, tmp_path: Path) -> None:
    for name in ("een", "twee"):
        bundle(snapshot, tmp_path / name, "L3")
    for path in (tmp_path / "een").iterdir():
        assert path.read_bytes() == (tmp_path / "twee" / path.name).read_bytes()


def test_what_an_earlier_bundle_printed_never_gives_a_newcomer_away(tmp_path: Path) -> None:
    build_ = groups(3)
    for number, row in enumerate(build_.state["participant"].values()):
        row["attributes"] = {"geslacht": "vrouw" if number % 2 else "man"}
    now = build_.snapshot()
    printed = bundle(now, tmp_path / "een", "L3").tables["geslacht"]
    assert len(printed) == 2
    # one woman less was counted then: the difference would be her
    before = {**printed, "vrouw": printed["vrouw"] - 1}
    build_.add("release", "release-1", level="L3", profile="openbaar", tables={"geslacht": before})
    # and a later version that printed nothing of it does not wipe that out
    build_.add("release", "release-2", level="L3", profile="openbaar", tables={})
    made = bundle(build_.snapshot(), tmp_path / "twee", "L3")
    assert made.tables["geslacht"] == {}
    rows = pd.read_csv(made.folder / "deelnemers.csv", dtype=str, keep_default_na=False)
    assert set(rows.loc[rows["attribute"] == "geslacht", "shown"]) == {"–"}
    text = build(build_.snapshot(), tmp_path / "r", profile="openbaar", formats=("md",)).paths[0].read_text(encoding="utf-8")
    assert f"| vrouw | {printed['vrouw']} |" not in text


def test_the_plan_by_organisation_tells_nothing_that_the_table_of_participants_keeps_back(tmp_path: Path) -> None:
    build_ = groups(3)
    people = list(build_.state["participant"].values())
    for number, row in enumerate(people):
        row["attributes"] = {"organisatie": "inspectie" if number % 2 else "ministerie"}
    size = {name: sum(row["attributes"]["organisatie"] == name for row in people) for name in ("inspectie", "ministerie")}
    for name, number in size.items():
        for step, asked in (("plan per organisatie", number + 2), ("deelname per organisatie", number)):
            build_.add("recruitment", f"{step}-{name}", step=step, organisation=name, number=asked)
    whole = build(build_.snapshot(), tmp_path / "a", profile="openbaar", formats=("md",)).paths[0].read_text(encoding="utf-8")
    assert f"| inspectie | {size['inspectie'] + 2} | {size['inspectie']} |" in whole
    # an earlier version had one inspector less
    build_.add("release", "release-1", level="L3", profile="openbaar", tables={"organisatie": {**size, "inspectie": size["inspectie"] - 1}})
    later = build(build_.snapshot(), tmp_path / "b", profile="openbaar", formats=("md",)).paths[0].read_text(encoding="utf-8")
    assert f"| inspectie | {size['inspectie'] + 2} | – |" in later
    assert f"inspectie ({size['inspectie']} van" not in later


def test_what_an_earlier_report_quoted_counts_when_somebody_is_quoted_again() -> None:
    build_ = groups(3)
    kinds = ["Mijn man zegt ook dat het zo niet kan.", "Ik werk parttime en dan tel je niet mee.", "Ik ben toen voorzitter geweest."]
    build_.document("IV1", [("M1", "Hoe begon het?"), *(("R1", words) for words in kinds)])
    told(build_, "E07", "IV1:3")
    refs = [ref for ref in counted(build_).refs if ref.startswith("IV1-")]
    assert len(refs) == len(kinds)

    def stands_out() -> list[tuple[str, ...]]:
        now = counted(build_)
        return [one.refs for one in risks(now, [("Ervaringen", [quote(now, refs[2])])]) if one.rule == "mosaic"]

    assert stands_out() == []
    build_.add("release", "release-1", level="L3", profile="openbaar", quotes=[refs[0], "IV9-0001"])
    assert stands_out() == []
    build_.add("release", "release-2", level="L3", profile="openbaar", quotes=refs[:2])
    (found,) = stands_out()
    assert set(found) == set(refs)


def test_the_command_takes_a_report_along_and_refuses_one_that_is_not_definitive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "FG1.txt").write_text("M1: hoe gaat het?\n\nR1: Het kan beter, zeg ik dan maar.", encoding="utf-8")
    with Project.create(tmp_path / "s.qualcode", coder="anna") as made:
        made.import_documents(tmp_path / "FG1.txt")
    asked = ["release", str(tmp_path / "s.qualcode"), str(tmp_path / "uit"), "--level", "L3", "--coder", "anna"]
    assert main([*asked, "--report", str(tmp_path / "rapport")]) == 1
    assert "samenvatting.md" in capsys.readouterr().err
    assert not any((tmp_path / "uit").glob("*"))
    assert main(asked) == 0


# the scan of what was written ---------------------------------------------------------------------------

WRITTEN = """# 4 Ervaringen met racisme
## 4.1 Spreiding
| Onderwerp | Groepen | In woorden |
| EB Minder tastbaar | 9 van 9 | alle |
| O09 Snel en doortastend | 2 van 9 | twee van de negen |
Kamerbrief Focusgroepenonderzoek Racisme, 25 oktober 2024 (Kamerstukken II 2024/25, 30 950, nr. 424)
Bijlage G. COREQ en SRQR
| MM1 één gezamenlijk loket | 1 februari 2025 | het ministerie van Buitenlandse Zaken | Omlo 2022, samengevat |
| focusgroep 3 | leidinggevenden | maart 2025 |
Zo deden anderen het ook (Guest, Namey en Chen 2020). Gegevens: stand van 2 juni 2025, kenmerk 41-0b5532e7.
"""


def test_headings_codes_sources_and_dates_of_letters_identify_nobody() -> None:
    assert find(WRITTEN, written=True)["text"].tolist() == []


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("| O09 Snel en doortastend | zo zei Annelies Terpstra |", "person"),
        ("## 4.2 Gerda Yildiz vertelt", "person"),
        ("| focusgroep 3 | leidinggevenden | 14 maart 2025 |", "date"),
        ("In focusgroep 3, op 14 maart 2025, ging het daarover.", "date"),
        ("Zij sprak op 14 maart 2025 met haar leidinggevende.", "date"),
        ("| MM1 één gezamenlijk loket | bel 06-12345678 |", "phone"),
        ("Het dossier nummer 41-12345678 is gesloten.", "number"),
        ("> “Ik ben de enige vrouw in het district.”", "unique"),
    ],
)
def test_in_a_written_text_what_points_at_somebody_is_still_found(line: str, label: str) -> None:
    assert label in set(find(WRITTEN + line + "\n", written=True)["label"])


def test_a_transcript_is_never_read_as_something_written(tmp_path: Path) -> None:
    (tmp_path / "gesprek.txt").write_text(
        "M1: Wanneer?\n\nP1: Dat was 14 maart 2025.\n\nM1: En toen?\n\nP1: Toen was het 15 maart 2025.\n", encoding="utf-8"
    )
    assert scan_file(tmp_path / "gesprek.txt")[0]["label"].tolist() == ["date", "date"]


def test_figures_are_scanned_as_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "tabel.csv").write_text("categorie,aantal\nOverig,12\nbij Annelies Terpstra,7\n", encoding="utf-8")
    assert scan_file(tmp_path / "tabel.csv")[0]["text"].tolist() == ["Annelies Terpstra"]


# frozen ------------------------------------------------------------------------------------------------

SECRET = "mijn zeldzame zweefvliegclub verloor toen de gouden distel"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "FG1.txt").write_text(
        f"M1: Hoe ging dat?\n\nP1: Nou, {SECRET}, en dat wist iedereen.\n\nP2: Dat was heel anders bij ons.\n", encoding="utf-8"
    )
    with Project.create(tmp_path / "s.qualcode", coder="anna", name="Proef") as made:
        made.import_documents(tmp_path / "FG1.txt", kind="focusgroep")
        made.codebook.add("A", "Thema", codable=False)
        made.codebook.add("A1", "Onderdeel", parent="A", codable=False)
        made.codebook.add("A11", "Code", parent="A1")
        made.code("FG1", "A11", turn=2)
        yield made


def test_a_frozen_state_gives_the_same_bytes_and_later_codings_do_not_touch_it(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "uit"
    (out / "teksten").mkdir(parents=True)
    (out / "teksten" / "A1.md").write_text("Verteld {{spreiding:A11}}.\n\n{{citaat:FG1-0002}}\n", encoding="utf-8")
    first = {path.name: path.read_bytes() for path in build(project, out, formats=("md", "docx", "html")).paths}
    frozen = project.freeze(tmp_path / "bevroren.zip", out=out)
    project.code("FG1", "A11", turn=3)
    held = thaw(frozen)
    again = build(held.snapshot, held.lay_out(tmp_path / "later"), formats=("md", "docx", "html"))
    assert {path.name: path.read_bytes() for path in again.paths} == first


def test_a_withdrawn_passage_comes_out_of_no_frozen_state_and_no_quote(project: Project, tmp_path: Path) -> None:
    project.choose_quote("FG1-0002", sort="typisch", edited=f"Nou, {SECRET}, en dat wist iedereen.")
    out = tmp_path / "uit"
    (out / "teksten").mkdir(parents=True)
    (out / "teksten" / "A1.md").write_text("{{citaat:FG1-0002}}\n", encoding="utf-8")
    frozen = project.freeze(tmp_path / "bevroren.zip", out=out)
    assert SECRET in words_in_zip(frozen)
    project.withdraw("FG1", text=SECRET)
    assert SECRET not in words_in_zip(frozen)
    assert thaw(frozen).withdrawn == 1
    held = thaw(frozen)
    for where, source in (("nu", project.snapshot()), ("toen", held.snapshot)):
        folder = tmp_path / where
        (folder / "teksten").mkdir(parents=True)
        assert SECRET not in str(source.tables["quote"].to_dict("records"))
        refs = list(analysis.segments(source)["ref"])
        (folder / "teksten" / "A1.md").write_text("\n\n".join(f"{{{{citaat:{ref}}}}}" for ref in refs), encoding="utf-8")
        build(source, folder, formats=("md",))
        assert SECRET not in words_in(folder)


def words_in_zip(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


# the sample --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("voorbeeld") / "v.qualcode"
    make_sample(path).close()
    return path


@pytest.fixture
def own(sample: Path, tmp_path: Path) -> Iterator[Project]:
    shutil.copyfile(sample, tmp_path / "eigen.qualcode")
    shutil.copytree(sample_folder() / "teksten", tmp_path / "rapport" / "teksten")
    with Project.open(tmp_path / "eigen.qualcode", coder="S.K.") as opened:
        opened.agree(tmp_path / "rapport")
        yield opened


@pytest.mark.slow
def test_the_public_report_of_the_sample_passes_our_own_scan_with_nothing_left(own: Project, tmp_path: Path) -> None:
    made = own.release(tmp_path / "vrij", "L3", report=tmp_path / "rapport")
    assert made.quotes
    assert list(own.snapshot().tables["release"]["quotes"])[-1] == list(made.quotes)
    build(own, tmp_path / "rapport", profile="openbaar", formats=("md",), definitive=True)
    shutil.copy(tmp_path / "rapport" / "rapport-openbaar.md", made.folder)
    files = [path for path in sorted(made.folder.rglob("*")) if path.is_file()]
    assert {".docx", ".html", ".pdf", ".csv", ".md", ".yaml"} <= {path.suffix for path in files}
    printed = [path for path in files if path.suffix == ".pdf"]
    files = [path for path in files if path not in printed]
    recogniser = trained()
    source = (made.folder / "rapport-openbaar.md").read_text(encoding="utf-8")
    for path in printed:
        assert left_in_print(path, source, recogniser) == []
    left = [f"{path.name}: {row.label} {row.text!r}" for path in files for row in scan_file(path, entities=recogniser)[0].itertuples()]
    assert left == []
    # the words are there to be scanned: a name in any of them is found
    for path in files:
        text = scan_file(path)[1]
        assert len(text) > 40, path.name
    with zipfile.ZipFile(tmp_path / "vrij" / "rapport-openbaar.docx") as archive:
        assert "word/comments.xml" not in archive.namelist() or b"<w:comment " not in archive.read("word/comments.xml")
        assert b"<dc:creator></dc:creator>" in archive.read("docProps/core.xml") or b"<dc:creator/>" in archive.read("docProps/core.xml")


def left_in_print(path: Path, source: str, recogniser: object = None) -> list[str]:
    """Return what our scan finds in a printed page and in its properties, but for words that the source, which was scanned, holds as well.

    A page has lost its headings and cells, by which the scan tells a word that begins one from a name.
    """
    from pypdf import PdfReader

    reader = PdfReader(path)
    held = reader.metadata or {}
    left = [name for name, value in held.items() if name in {"/Author", "/CreationDate"} and value]
    left += [str(row.text) for row in in_file_name(path.name).itertuples()]
    # the head over a column of references is of the layout
    cleared = flat(source + say("looks.reference"))
    pages = [page.extract_text() for page in reader.pages]
    assert len(flat(" ".join(pages))) > len(cleared) / 3, "the words of the pages are there to be scanned"
    for text in [*pages, "\n".join(str(value) for value in held.values())]:
        found = find(text, written=True, entities=recogniser)  # type: ignore[arg-type]
        left += [
            f"{row.label} {row.text!r}" for row in found.itertuples() if any(flat(word) not in cleared for word in str(row.text).split())
        ]
    return left


def flat(text: str) -> str:
    """Return a text as one string of signs, without what a page or Markdown adds."""
    return re.sub(r"[\s\-\u00ad\\*]+", "", text)


def test_the_scan_of_a_printed_page_finds_what_its_source_does_not_hold(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "r" / "teksten").mkdir(parents=True)
    (tmp_path / "r" / "teksten" / "conclusie.md").write_text("Zo zei Annelies Terpstra het, bel 06-12345678.\n", encoding="utf-8")
    paths = build(snapshot, tmp_path / "r", formats=("pdf", "md")).paths
    source = paths[1].read_text(encoding="utf-8")
    assert left_in_print(paths[0], source) == []
    left = " ".join(left_in_print(paths[0], source.replace("Annelies Terpstra", "zij").replace("06-12345678", "ons")))
    assert "Terpstra" in left
    assert "phone" in left


@pytest.mark.slow
def test_without_the_decisions_of_the_researchers_the_public_build_refuses_and_names_each_place(own: Project, tmp_path: Path) -> None:
    table = own.snapshot().tables["quote"]
    decided = table[table["decision"].notna() | table["edited"].notna()]
    refs = set()
    segments = analysis.segments(own).assign(place=lambda s: list(zip(s["document"], s["start"], s["end"], strict=True)))
    names = {guid: name for name, guid in own.snapshot().document_names.items()}
    for row in decided.itertuples():
        own.strike("quote", row.guid)
        if pd.notna(row.decision) or names[row.document] == "IV2":
            refs |= set(segments.loc[segments["place"] == (names[row.document], row.start, row.end), "ref"])
    assert len(refs) == 5
    own.agree(tmp_path / "rapport")
    with pytest.raises(Refused) as refused:
        own.release(tmp_path / "vrij", "L3", report=tmp_path / "rapport")
    for ref in refs:
        assert ref in str(refused.value)
    assert "negenen" not in str(refused.value)
    assert not list(tmp_path.rglob("rapport-openbaar.*"))
    # a name in the researcher's own words stops it too, and is not repeated
    (tmp_path / "rapport" / "teksten" / "conclusie.md").write_text("Zo zei Annelies Terpstra het.\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"teksten/conclusie\.md, regel 1: Hier staat nog wat iemand kan aanwijzen \(naam\)") as refused:
        build(own, tmp_path / "rapport", profile="openbaar", formats=("md",), definitive=True)
    assert "Annelies" not in str(refused.value)
