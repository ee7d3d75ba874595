"""The report as a file: the same bytes for the same state, every figure traceable, nothing for the wrong eyes."""

from __future__ import annotations

import re
import socket
import zipfile
from pathlib import Path

import pytest

from qualcode.analysis import trace
from qualcode.errors import Refused
from qualcode.labels import set_language
from qualcode.model import Snapshot
from qualcode.report import FORMATS, PROFILES, Built, build
from studies import Build, groups, told

REFERENCE = re.compile(r"\[([^\[\]\s]+)\]\{\.ref\}")
NASTY = 'a*b_c`d`|e<script>alert(1)</script>#$x$ {.ref} \\end{x} "q" [l](http://x.example/y) ![i](z.png) @k ~~ ^ &amp; %'


def study() -> Build:
    """Return three groups and an interview, with both sides, a session without suggestions and a quote that is long enough."""
    build = groups(3)
    for number in (1, 2, 3):
        attributes = {"stratum": f"groep {number}", "maand": "maart 2025", "locatie": "Almelo"}
        build.state["document"][f"doc-FG{number}"]["attributes"] = attributes
    build.document("IV1", [("M1", "Hoe begon het?"), ("R1", "Dat begon met een grap, en daarna hield het niet meer op.")])
    told(build, "E07", "FG1:3 FG2:1 IV1:1")
    told(build, "E01", "FG3:1", ervaring="van horen zeggen")
    told(build, "S09", "FG1:1 FG2:2")
    build.code("FG2", 5, "S09", stelling="weerspreekt", gevoelig="ja")
    build.code("FG3", "Woorden van spreker 2 in groep 3", "O08", stelling="nuanceert", memo="streng geheim")
    build.topic("FG3", "S", "nee")
    build.search("E", "alle sessies")
    build.status("FG2", "EB", "gedeeld", "anderen stemden in na afloop")
    build.add("question", "question-1", text="Wat maken medewerkers mee?", source="opdracht", position=1, codes=["code-E"])
    build.state["project"]["project"]["definition"] = "gedrag of opmerkingen"
    return build


@pytest.fixture(scope="module")
def small() -> Snapshot:
    return study().snapshot()


@pytest.fixture(scope="module")
def built(small: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("rapport")
    build(small, out, formats=FORMATS)
    return out


def markdown(snapshot: Snapshot, out: Path, profile: str = "onderzoeker") -> str:
    (path,) = build(snapshot, out, profile=profile, formats=("md",)).paths  # type: ignore[arg-type]
    return path.read_text(encoding="utf-8")


def words_of(path: Path) -> str:
    """Return the words a reader sees in a report."""
    if path.suffix == ".pdf":
        from pypdf import PdfReader

        return " ".join(page.extract_text() for page in PdfReader(path).pages)
    if path.suffix in {".docx", ".odt"}:
        part = "word/document.xml" if path.suffix == ".docx" else "content.xml"
        with zipfile.ZipFile(path) as archive:
            return re.sub(r"<[^>]+>", "", archive.read(part).decode())
    return re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8"))


def test_every_format_holds_the_same_findings(built: Path) -> None:
    for name in FORMATS:
        words = " ".join(words_of(built / f"rapport-onderzoeker.{name}").split())
        assert "Synthetische data" in words, name
        assert "Onderschatting" in words, name
        assert "spreiding:E07" in words.replace("- ", ""), name


def test_the_same_state_gives_the_same_bytes(small: Snapshot, built: Path, tmp_path: Path) -> None:
    again = build(small, tmp_path / "elders", formats=FORMATS)
    for path in again.paths:
        assert path.read_bytes() == (built / path.name).read_bytes(), path.name
    for part in (built / "gegenereerd").iterdir():
        assert part.read_bytes() == (tmp_path / "elders" / "gegenereerd" / part.name).read_bytes()


def test_files_carry_the_moment_of_the_study_and_no_other(built: Path) -> None:
    for name in ("docx", "odt"):
        with zipfile.ZipFile(built / f"rapport-onderzoeker.{name}") as archive:
            assert {info.date_time[:3] for info in archive.infolist()} <= {(2025, 6, 3), (1980, 1, 1)}, name
    with zipfile.ZipFile(built / "rapport-onderzoeker.docx") as archive:
        assert b"2025-06-03T10:15:00Z" in archive.read("docProps/core.xml")
    assert b"/CreationDate" not in (built / "rapport-onderzoeker.pdf").read_bytes()


def test_building_opens_no_socket(small: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert len(build(small, tmp_path, formats=("docx", "html", "pdf")).paths) == 3


def test_the_page_stands_on_its_own(built: Path) -> None:
    page = (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")
    assert 'lang="nl-NL"' in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "<script" not in page
    assert "<style" in page


def test_links_of_the_page_lead_somewhere(built: Path) -> None:
    page = (built / "rapport-onderzoeker.html").read_text(encoding="utf-8")
    places = re.findall(r'id="([^"]+)"', page)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(places)
    assert len(places) == len(set(places))


def test_word_repeats_table_heads_numbers_pages_and_speaks_dutch(built: Path) -> None:
    with zipfile.ZipFile(built / "rapport-onderzoeker.docx") as archive:
        document = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
        footers = "".join(archive.read(name).decode() for name in archive.namelist() if "footer" in name)
    assert document.count("<w:tblHeader") == document.count("<w:tbl>")
    assert "PAGE" in footers
    assert re.search(r'<w:lang [^>]*w:val="nl-NL"', styles)
    for style in ("Verwijzing", "Melding", "Werk"):
        assert f'w:val="{style}"' in document


def test_every_reference_goes_back_to_the_words(small: Snapshot, built: Path) -> None:
    references = set(REFERENCE.findall((built / "rapport-onderzoeker.md").read_text(encoding="utf-8")))
    assert {"spreiding:E07", "status:E", "tegengeluid:OB", "sessies", "deelnemers", "aannames", "IV1-0002"} <= references
    for ref in references:
        for row in trace(small, ref).itertuples():
            if isinstance(row.text, str):
                assert small.text(f"doc-{row.document}")[row.start : row.end] == row.text


def test_every_figure_of_the_table_is_the_figure_of_its_reference(small: Snapshot, built: Path) -> None:
    rows = re.findall(r"^\| .*?(\w+) .*? \| (\d) van (\d) \| (\d) van (\d) \|.*\[spreiding:(\w+)\]", (built / "gegenereerd" / "E-spreiding.md").read_text(encoding="utf-8"), re.MULTILINE)  # fmt: skip
    assert len(rows) == 7
    for _, k, _, interviews, _, code in rows:
        traced = trace(small, f"spreiding:{code}")
        counting = set(traced.loc[traced["counts"].astype(bool), "document"])
        assert (len({d for d in counting if d.startswith("FG")}), len({d for d in counting if d.startswith("IV")})) == (
            int(k),
            int(interviews),
        )


@pytest.mark.parametrize("profile", ["opdrachtgever", "openbaar"])
def test_others_see_no_words_no_participants_and_no_coders(tmp_path: Path, profile: str) -> None:
    build_ = study()
    build_.document("FG4", [("M1", "Dus?"), ("R1", "Woorden van spreker 1 in groep 4, meer niet.")])
    build_.code("FG4", 2, "E07", coder="Zwaantje", layer="ronde-1")
    out = tmp_path / profile
    # what an earlier version for researchers left in the same folder must go
    assert "Zwaantje, ronde-1" in markdown(build_.snapshot(), out)
    text = markdown(build_.snapshot(), out, profile)
    held = text + "".join(path.read_text(encoding="utf-8") for path in (out / "gegenereerd").iterdir())
    for hidden in (
        "Woorden van spreker",
        "FG1-P1",
        "IV1-P1",
        "anna ",
        "Zwaantje",
        "een grap",
        "streng geheim",
        "Almelo",
        "Nog te schrijven",
    ):
        assert hidden not in held, hidden
    assert "focusgroep 1" in text


def test_a_public_report_shows_the_quotes_that_were_chosen_with_their_session_alone(small: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "teksten").mkdir()
    (tmp_path / "teksten" / "EB.md").write_text("{{citaat:IV1-0002}}\n", encoding="utf-8")
    text = markdown(small, tmp_path, "openbaar")
    assert "> “Dat begon met een grap, en daarna hield het niet meer op.” (interview 1) [IV1-0002]{.ref}" in text
    assert "IV1-P1" not in text


def test_session_names_that_tell_too_much_become_numbers(tmp_path: Path) -> None:
    build_ = groups(2)
    build_.state["document"]["doc-FG2"]["name"] = "FG2_team-Ronnie"
    told(build_, "E07", "FG1:1 FG2:2")
    build_.topic("FG2", "S", "nee")
    snapshot = build_.snapshot()
    (tmp_path / "teksten").mkdir()
    (tmp_path / "teksten" / "EB.md").write_text("{{citaat:FG2_team-Ronnie-0002}}\n", encoding="utf-8")
    made = build(snapshot, tmp_path, profile="openbaar", formats=("md",))
    text = made.paths[0].read_text(encoding="utf-8")
    assert "Ronnie" not in text
    assert "[focusgroep 2-0002]{.ref}" in text
    assert any("Ronnie" in warning for warning in made.warnings)
    assert trace(snapshot, "focusgroep 2-0002")["speaker"].tolist() == ["R1"]


def test_a_stratum_of_one_person_is_not_published(tmp_path: Path) -> None:
    build_ = study()
    build_.state["document"]["doc-IV1"]["attributes"] = {"stratum": "enige bijenhouder"}
    assert "enige bijenhouder" in markdown(build_.snapshot(), tmp_path / "a")
    text = markdown(build_.snapshot(), tmp_path / "b", "openbaar")
    assert "enige bijenhouder" not in text
    assert "groep 1" in text


def test_percentages_averages_and_nothing_of_nothing_are_never_printed(small: Snapshot, tmp_path: Path) -> None:
    for build_ in (study(), groups(3), groups(1), Build(tree={})):
        text = markdown(build_.snapshot(), tmp_path)
        assert "0 van 0" not in text
        assert "0 van de 0" not in text
        assert not re.search(r"\d ?%|procent|gemiddelde [a-z]* ?\d", text)


def test_three_groups_without_interviews_need_no_column_for_them(tmp_path: Path) -> None:
    build_ = groups(3)
    told(build_, "E07", "FG1:1")
    text = markdown(build_.snapshot(), tmp_path)
    assert "| Interviews |" not in text
    assert "| 1 van 3 |" in text


@pytest.mark.parametrize("profile", PROFILES)
def test_an_empty_codebook_still_makes_a_report(tmp_path: Path, profile: str) -> None:
    build_ = groups(1, build=Build(tree={}))
    assert "Methodologische reflectie" in markdown(build_.snapshot(), tmp_path, profile)


def test_documents_without_sessions_are_listed_and_spread_says_so(tmp_path: Path) -> None:
    build_ = Build()
    build_.document("debat-1", [("De voorzitter", "Ik open de vergadering."), ("Mevrouw A", "Dank u wel, voorzitter.")])
    build_.code("debat-1", 2, "E07")
    text = markdown(build_.snapshot(), tmp_path)
    assert "| debat-1 | document | 2 |" in text
    assert "Er zijn geen focusgroepen en geen interviews; over spreiding valt niets te zeggen." in text


def test_an_empty_study_makes_a_report_in_every_format(tmp_path: Path) -> None:
    made = build(Snapshot.of({}, {}), tmp_path, formats=FORMATS)
    assert [path.suffix[1:] for path in made.paths] == list(FORMATS)


def test_codes_without_a_theme_share_a_chapter(tmp_path: Path) -> None:
    build_ = groups(1, build=Build(tree={"X1": "Los", "X2": "Vast"}))
    told(build_, "X1", "FG1:2")
    text = markdown(build_.snapshot(), tmp_path)
    assert "Overige codes" in text
    assert "X1 Los" in text
    assert (tmp_path / "teksten" / "overige-codes-kern.md").exists()


def test_words_of_the_study_never_become_markup(tmp_path: Path) -> None:
    build_ = Build()
    build_.document("FG1", [("M1", "Nou?"), ("R1", f"Toen zei hij {NASTY} en dat was het dan wel zo ongeveer.")])
    build_.code("FG1", 2, "E07", memo=NASTY)
    for kind, guid, field in (
        ("code", "code-E07", "name"),
        ("code", "code-EB", "definition"),
        ("project", "project", "name"),
        ("project", "project", "definition"),
    ):
        build_.state[kind][guid][field] = NASTY
    made = build(build_.snapshot(), tmp_path, formats=FORMATS)
    page = made.paths[FORMATS.index("html")].read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "alert(1)" in page
    for path in made.paths:
        if path.suffix != ".md":
            assert "end{x}" in words_of(path), path.name


def test_sessions_without_codings_are_named(tmp_path: Path) -> None:
    build_ = groups(3)
    told(build_, "E07", "FG1:1")
    made = build(build_.snapshot(), tmp_path, formats=("md",))
    assert any("FG2 en FG3" in warning for warning in made.warnings)
    assert "Nog niet gecodeerd: FG2 en FG3." in made.paths[0].read_text(encoding="utf-8")


def test_a_researchers_overruling_is_printed_with_its_reason(built: Path) -> None:
    text = (built / "gegenereerd" / "E-status.md").read_text(encoding="utf-8")
    assert "gedeeld \\*" in text
    assert "FG2, Minder tastbaar: volgens de regel ‘enkele stem’; anders beoordeeld omdat: anderen stemden in na afloop" in text


def test_counter_voices_are_told_with_sessions_and_people(built: Path) -> None:
    assert "‘Bi-culturele vertrouwenspersonen’ weersproken in FG2 (één deelnemer)" in (built / "gegenereerd" / "S-tegengeluid.md").read_text(encoding="utf-8")  # fmt: skip
    assert "Gezocht in alle sessies, niet aangetroffen" in (built / "gegenereerd" / "E-tegengeluid.md").read_text(encoding="utf-8")


def test_unused_codes_are_shown_in_the_codebook(built: Path) -> None:
    assert re.search(r"S13 .* Niet gebruikt\.", (built / "gegenereerd" / "bijlage-codeboek.md").read_text(encoding="utf-8"))


def test_english_readers_get_english(small: Snapshot, tmp_path: Path) -> None:
    set_language("en")
    text = markdown(small, tmp_path)
    assert "How to read this report" in text
    assert "Leeswijzer" not in text
    assert "two of the three" in text


def test_a_file_that_cannot_be_replaced_leaves_the_earlier_report(small: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path,) = build(small, tmp_path, formats=("docx",)).paths
    before = path.read_bytes()
    replace = Path.replace

    def locked(self: Path, target: Path) -> Path:
        if Path(target).suffix == ".docx":
            raise PermissionError(13, "in use")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(Refused, match=r"rapport-onderzoeker\.docx is in een ander programma open"):
        build(small, tmp_path, formats=("docx",))
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["gegenereerd", "rapport-onderzoeker.docx", "teksten"]


def test_an_unknown_profile_or_format_is_refused_before_anything_is_written(small: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="pers"):
        build(small, tmp_path / "a", profile="pers")  # type: ignore[arg-type]
    with pytest.raises(Refused, match="doc"):
        build(small, tmp_path / "a", formats=("md", "doc"))
    assert not (tmp_path / "a").exists()


def test_a_file_in_the_way_of_the_folder_is_named(small: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "rapport").write_text("x", encoding="utf-8")
    with pytest.raises(Refused, match="rapport"):
        build(small, tmp_path / "rapport", formats=("md",))


def test_progress_names_each_step_once(small: Snapshot, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    made = build(small, tmp_path, formats=("md", "html"), progress=lambda *step: steps.append(step))
    assert steps == [("tellen", 1, 4), ("teksten", 2, 4), ("md", 3, 4), ("html", 4, 4)]
    assert isinstance(made, Built)
    assert "rapport-onderzoeker.html" in repr(made)
