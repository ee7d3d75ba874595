"""The researcher's own texts: read, filled in, never touched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualcode.errors import BadFile
from qualcode.report import build
from qualcode.report.facts import Facts, facts
from qualcode.report.quotes import agrees
from qualcode.report.sections import _filled, sections
from studies import Build, groups, told
from test_report import markdown, study


@cache
def one_group() -> Facts:
    """Return the facts of a study of one group."""
    return facts(groups(1).snapshot(), "onderzoeker")


def write(out: Path, name: str, text: str) -> Path:
    (out / "teksten").mkdir(parents=True, exist_ok=True)
    path = out / "teksten" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_text_is_made_once_and_never_changed(tmp_path: Path) -> None:
    build_ = study()
    mine = write(tmp_path, "EA.md", "Mijn eigen woorden.\r\n\r\n")
    before = mine.read_bytes()
    build(build_.snapshot(), tmp_path, formats=("md",))
    scaffold = (tmp_path / "teksten" / "EB.md").read_bytes()
    told(build_, "E09", "FG1:2")
    build_.state["code"]["code-EB"]["name"] = "Anders"
    build(build_.snapshot(), tmp_path, formats=("md",))
    assert mine.read_bytes() == before
    assert (tmp_path / "teksten" / "EB.md").read_bytes() == scaffold


def test_generated_parts_are_always_made_anew(tmp_path: Path) -> None:
    build_ = study()
    build(build_.snapshot(), tmp_path, formats=("md",))
    part = tmp_path / "gegenereerd" / "E-spreiding.md"
    before = part.read_text(encoding="utf-8")
    part.write_text("overschreven", encoding="utf-8")
    build(build_.snapshot(), tmp_path, formats=("md",))
    assert part.read_text(encoding="utf-8") == before


def test_a_new_text_explains_itself_and_prints_nothing(tmp_path: Path) -> None:
    snapshot = study().snapshot()
    first = markdown(snapshot, tmp_path)
    hint = (tmp_path / "teksten" / "EB.md").read_text(encoding="utf-8")
    assert "{{spreiding:E07}}" in hint
    assert hint.startswith("<!--")
    assert "Dit bestand is van u" not in first
    assert markdown(snapshot, tmp_path) == first


def test_figures_and_words_are_filled_in(tmp_path: Path) -> None:
    write(
        tmp_path,
        "EB.md",
        "Van onderschatting is verteld {{spreiding:E07}}, dus {{ term : E07 }}, in {{n:focusgroepen}} groepen met {{n:deelnemers}} mensen en {{n:interviews}} interview.",
    )
    text = markdown(study().snapshot(), tmp_path)
    assert (
        "verteld in twee van de drie focusgroepen en in één interview [[spreiding:E07]{.ref}](#h-E07), dus in twee van de drie focusgroepen [["
        in text
    )
    assert "in [drie](#h-sessies) groepen met [dertien](#h-deelnemers) mensen en [één](#h-sessies) interview." in text


def test_a_suggestion_shows_both_sides(tmp_path: Path) -> None:
    write(tmp_path, "SC.md", "Zij worden {{spreiding:S09}}.")
    assert "Zij worden in twee van de twee focusgroepen bepleit, in één weersproken [" in markdown(study().snapshot(), tmp_path)


def test_a_quote_alone_is_set_apart_and_one_in_a_sentence_is_not(tmp_path: Path) -> None:
    write(tmp_path, "EB.md", "Eerst dit.\n\n{{citaat:IV1-0002}}\n\nIemand zei {{citaat:FG1-0002}} en zweeg.")
    text = markdown(study().snapshot(), tmp_path)
    assert "\n\n> “Dat begon met een grap, en daarna hield het niet meer op.” (interview 1, IV1-P1) [[IV1-0002]" in text
    assert "Iemand zei “Woorden van spreker 1 in groep 1, meer niet.” (focusgroep 1, FG1-P1) [[FG1-0002]" in text


def test_candidates_go_once_a_quote_is_chosen(tmp_path: Path) -> None:
    snapshot = study().snapshot()
    assert "Fragmenten om uit te kiezen" in markdown(snapshot, tmp_path)
    assert (tmp_path / "gegenereerd" / "EB-kandidaten.md").exists()
    write(tmp_path, "EB.md", "{{citaat:IV1-0002}}")
    markdown(snapshot, tmp_path)
    assert not (tmp_path / "gegenereerd" / "EB-kandidaten.md").exists()


def test_a_quote_may_be_shortened_and_masked_but_not_reworded(tmp_path: Path) -> None:
    snapshot = study().snapshot()
    write(tmp_path, "EB.md", "{{citaat:IV1-0002|Dat begon met [een opmerking], […] hield het niet meer op.}}")
    assert "“Dat begon met \\[een opmerking\\], \\[…\\] hield het niet meer op.”" in markdown(snapshot, tmp_path)
    write(tmp_path, "EB.md", "{{citaat:IV1-0002|Het begon met een grap.}}")
    with pytest.raises(BadFile, match=r"teksten/EB\.md, regel 1: .*wijkt af van fragment IV1-0002"):
        markdown(snapshot, tmp_path)


@given(st.lists(st.sampled_from(["ja", "nee", "uhm", "toen", "zei", "hij"]), min_size=3, max_size=12), st.data())
def test_leaving_out_agrees_and_changing_does_not(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words) - 2))
    end = data.draw(st.integers(start + 1, len(words) - 1))
    shorter = " ".join([*words[:start], "[…]", *words[end:]])
    assert agrees(shorter, " ".join(words))
    assert not agrees(shorter + " anders", " ".join(words))
    assert not agrees("[…]", " ".join(words))


def test_unknown_placeholders_stop_the_build_with_file_and_line(tmp_path: Path) -> None:
    snapshot = study().snapshot()
    write(tmp_path, "EA.md", "<!-- een\nopmerking {{spreiding:XX}} -->\n\nHier {{spreiding:E99}}.\n\n{{citaat:FG9-0001}}\n")
    write(tmp_path, "EB.md", "{{grafiek:E07}} en {{n:mensen}} en {{spreiding}} en {{")
    with pytest.raises(BadFile) as refused:
        build(snapshot, tmp_path, formats=("md", "docx"))
    said = str(refused.value)
    for part in (
        "teksten/EA.md, regel 4: {{spreiding:E99}}",
        "teksten/EA.md, regel 6: {{citaat:FG9-0001}}",
        "{{grafiek:E07}}",
        "{{n:mensen}}",
    ):
        assert part in said
    assert "XX" not in said
    assert said.count("teksten/EB.md, regel 1") == 4
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["EA.md", "EB.md"]


def test_a_quote_without_its_letter_asks_which(tmp_path: Path) -> None:
    build_ = study()
    build_.code("IV1", "een grap", "E01")
    write(tmp_path, "EB.md", "{{citaat:IV1-0002}}")
    with pytest.raises(BadFile, match="IV1-0002a, IV1-0002b"):
        build(build_.snapshot(), tmp_path, formats=("md",))


def test_a_recoded_quote_never_turns_into_another(tmp_path: Path) -> None:
    build_ = study()
    write(tmp_path, "OB.md", "{{citaat:FG3-0003}}")
    assert "“Woorden van spreker 2 in groep 3”" in markdown(build_.snapshot(), tmp_path)
    del build_.state["coding"]["coding-00010"]
    with pytest.raises(BadFile, match="FG3-0003"):
        markdown(build_.snapshot(), tmp_path)


def test_pictures_are_refused_where_they_stand(tmp_path: Path) -> None:
    write(tmp_path, "conclusie.md", "Een\n\n![kaart](https://x.example/kaart.png)\n")
    with pytest.raises(BadFile, match=r"teksten/conclusie\.md, regel 3"):
        markdown(study().snapshot(), tmp_path)


def test_markup_of_other_kinds_stays_plain_words(tmp_path: Path) -> None:
    write(tmp_path, "conclusie.md", "<img src=https://x.example/a.png> <script>alert(1)</script> \\input{x}\n\n```{=html}\n<b>x</b>\n```\n")
    (path,) = build(study().snapshot(), tmp_path, formats=("html",)).paths
    page = path.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>x" not in page


def test_headings_stay_below_the_section_they_stand_in(tmp_path: Path) -> None:
    write(tmp_path, "conclusie.md", "# Eerst\n\n## Dan\n")
    write(tmp_path, "EB.md", "# Binnen\n")
    text = markdown(study().snapshot(), tmp_path)
    assert "\n## Eerst\n" in text
    assert "\n### Dan\n" in text
    assert "\n### Binnen\n" in text


def test_footnotes_of_two_texts_do_not_meet(tmp_path: Path) -> None:
    write(tmp_path, "EA.md", "Een[^1].\n\n[^1]: Van EA.\n")
    write(tmp_path, "EB.md", "Twee[^1].\n\n[^1]: Van EB.\n")
    (path,) = build(study().snapshot(), tmp_path, formats=("html",)).paths
    page = path.read_text(encoding="utf-8")
    assert "Van EA." in page
    assert "Van EB." in page


def test_a_text_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "teksten").mkdir()
    (tmp_path / "teksten" / "EA.md").write_bytes("Héél".encode("utf-16"))
    with pytest.raises(BadFile, match=r"teksten/EA\.md is geen gewoon tekstbestand"):
        markdown(study().snapshot(), tmp_path)


def test_texts_of_no_section_and_unwritten_sections_are_pointed_out(tmp_path: Path) -> None:
    write(tmp_path, "Z9.md", "oud")
    write(tmp_path, "aanleiding.md", "Waarom.")
    warnings = build(study().snapshot(), tmp_path, formats=("md",)).warnings
    assert any("Z9.md" in warning for warning in warnings)
    assert any("samenvatting.md" in warning and "aanleiding.md" not in warning for warning in warnings)


def test_too_many_quotes_of_one_person_or_session_are_pointed_out(tmp_path: Path) -> None:
    build_ = groups(4)
    told(build_, "E07", "FG1:4 FG2:1 FG3:1")
    build_.code("FG1", "Woorden van spreker 1", "E09")
    write(tmp_path, "EB.md", "\n\n".join(f"{{{{citaat:{ref}}}}}" for ref in ("FG1-0002a", "FG1-0002b", "FG1-0003", "FG2-0002", "FG3-0002")))
    write(tmp_path, "EA.md", "{{citaat:FG1-0002b}}")
    warnings = build(build_.snapshot(), tmp_path, formats=("md",)).warnings
    assert any(warning.startswith("Van deelnemer FG1-P1 staan 3 citaten") for warning in warnings)
    assert any("komen 4 van de 6 citaten uit FG1" in warning for warning in warnings)


def test_a_study_of_three_sessions_cannot_stay_below_a_quarter(tmp_path: Path) -> None:
    write(tmp_path, "EB.md", "\n\n".join(f"{{{{citaat:FG1-000{turn}}}}}" for turn in (2, 3, 4)) + "\n\n{{citaat:FG2-0002}}")
    build_ = groups(3)
    told(build_, "E07", "FG1:3 FG2:1")
    assert not any("kwart" in warning for warning in build(build_.snapshot(), tmp_path, formats=("md",)).warnings)


def test_a_sensitive_quote_warns_before_it_leaves_the_team(tmp_path: Path) -> None:
    write(tmp_path, "SC.md", "{{citaat:FG2-0005}}")
    snapshot = study().snapshot()
    assert not any("gevoelig" in warning for warning in build(snapshot, tmp_path, formats=("md",)).warnings)
    assert any("FG2-0005" in warning for warning in build(snapshot, tmp_path, profile="openbaar", formats=("md",)).warnings)


def test_page_marks_in_a_quote_are_not_printed(tmp_path: Path) -> None:
    build_ = Build()
    build_.document("FG1", [("R1", "Dat was toen\nPagina 3 van 12\nnog heel gewoon.")])
    start, _ = build_.span("FG1", "Pagina 3 van 12")
    build_.state["document"]["doc-FG1"]["turns"]["gaps"] = [[0, start, start + 15]]
    build_.code("FG1", 1, "E07")
    write(tmp_path, "EB.md", "{{citaat:FG1-0001}}")
    assert "“Dat was toen nog heel gewoon.”" in markdown(build_.snapshot(), tmp_path)


def test_ids_that_no_file_can_be_called_still_have_a_file_of_their_own(tmp_path: Path) -> None:
    build_ = study()
    build_.state["code"]["code-EA"]["id"] = "E/A?"
    build_.state["code"]["code-EB"]["id"] = "E:A*"
    build(build_.snapshot(), tmp_path, formats=("md",))
    names = [path.name for path in (tmp_path / "teksten").glob("E-A-*.md")]
    assert len(names) == 2


@settings(max_examples=20)
@given(st.text(st.characters(codec="utf-8", exclude_characters="{}"), max_size=200))
def test_any_words_of_the_researcher_come_through_in_markdown(words: str) -> None:
    known = one_group()
    section = next(s for s in sections(known) if s.stem == "EA")
    text, problems = _filled(known, section, words)
    if "<!--" not in words and "#" not in words and "[" not in words:
        assert problems == []
        assert text.markdown == words.strip()
