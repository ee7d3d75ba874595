"""``qualcode agreement`` in both its forms, as the command line calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qualcode.analysis.agreement import SEED, UNITS, every
from qualcode.analysis.spreading import LEVELS
from qualcode.cli import agreement
from qualcode.cli.speaking import SpeakingParser
from qualcode.errors import BadFile, NotFound, Refused
from qualcode.labels import set_language
from qualcode.project import Project

KEYS = [
    "percent_agreement", "cohen_kappa", "fleiss_kappa", "scott_pi", "gwet_ac1", "brennan_prediger",
    "alpha_nominal", "alpha_ordinal", "alpha_interval", "alpha_ratio",
]  # fmt: skip
BINARY = "A,B\n1,0\n1,1\n0,1\n0,0\n0,0\n0,1\n0,0\n0,1\n0,0\n0,0\n"


def call(*words: str) -> int:
    parser = SpeakingParser(prog="qualcode agreement")
    agreement.options(parser)
    parser.add_argument("--json", action="store_true")
    return agreement.run(parser.parse_args(words))


def written(folder: Path, text: str, name: str = "eenheden.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_a_table_gives_every_coefficient_by_name_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--table", written(tmp_path, BINARY), "--json") == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert list(found) == KEYS
    assert all(list(one) == ["value", "reason", "ci_low", "ci_high", "units"] for one in found.values())
    assert found["percent_agreement"]["value"] == pytest.approx(0.6)
    assert found["cohen_kappa"]["value"] == pytest.approx(0.0909, abs=5e-5)
    assert found["alpha_nominal"]["value"] == pytest.approx(0.0952, abs=5e-5)
    assert {one["units"] for one in found.values()} == {10}
    assert "startgetal 7" in said.err


@pytest.mark.parametrize(
    "text",
    [
        "A;B\n1;0\n1;1\n;1\n0;0\n",
        "\ufeffA,B\r\n1,0\r\n1,1\r\n,1\r\n0,0\r\n",
        "eenheid,A,B\nx1,1,0\nx2,1,1\nx3,,1\nx4,0,0\n",
        ",A,B\n0,1,0\n1,1,1\n2,,1\n3,0,0\n",
        "A,A\n1,0\n1,1\n,1\n0,0\n",
        'A,B\n"1"," 0 "\n1,1\n,1\n0\t,0\n,\n',
    ],
)
def test_empty_is_missing_however_the_table_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert call("--table", written(tmp_path, text), "--json") == 0
    wanted = every([[1, 0], [1, 1], [None, 1], [0, 0]])
    assert json.loads(capsys.readouterr().out) == {name: one.as_json() for name, one in wanted.items()}


def test_what_is_undefined_is_null_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("--table", written(tmp_path, "A,B\nja,ja\nja,ja\nja,ja\n"), "--json")
    found = json.loads(capsys.readouterr().out)
    assert all(found[name]["value"] is None and found[name]["reason"].startswith("Niet gedefinieerd") for name in KEYS[1:])
    call("--table", written(tmp_path, "A,B\nja,ja\n,nee\nja,nee\nnee,nee\n"), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["alpha_nominal"]["value"] is not None
    assert "Weinig waarnemingen (3" in found["alpha_nominal"]["reason"]
    assert "getallen" in found["alpha_interval"]["reason"]


def test_without_json_people_read_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--table", written(tmp_path, BINARY)) == 0
    assert "kappa (Cohen)     0,09" in capsys.readouterr().out
    set_language("en")
    assert call("--table", written(tmp_path, BINARY), "--seed", "3") == 0
    said = capsys.readouterr()
    assert "kappa (Cohen)     0.09" in said.out
    assert "seed 3" in said.err


@pytest.mark.parametrize(
    ("text", "says"),
    [("A,B\n", "geen eenheden"), ("A,B\n1,1\n1,0,1\n", "Regel 3"), ("", "eenheden.csv"), ('A,B\n1,"0\n', "eenheden.csv")],
)
def test_a_table_that_cannot_be_one_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        call("--table", written(tmp_path, text), "--json")


@pytest.mark.parametrize(
    "words", [[], ["s.qualcode", "--table", "u.csv"], ["s.qualcode"], ["s.qualcode", "--coders", "A,B", "--seed", "-1"]]
)
def test_wrong_words_end_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        call(*words)
    assert stop.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_command_knows_the_units_levels_and_seed_of_the_analysis() -> None:
    assert (agreement._UNITS, set(agreement._LEVELS), agreement._SEED) == (UNITS, set(LEVELS), SEED)


# a study -------------------------------------------------------------------------------------------------


@pytest.fixture
def study(tmp_path: Path) -> str:
    """Return a study of two coders: of the eight turns of participants anna gave E07 to six, bram to five of them."""
    address = str(tmp_path / "studie.qualcode")
    turns = "\n".join(f"{'M1' if at % 5 == 0 else 'R' + str(at % 5)}: Dit is beurt {at}." for at in range(10))
    transcript = written(tmp_path, turns + "\n", "FG1.txt")
    book = written(tmp_path, "id,name,parent\nE,Ervaringen,\nE07,Onderschatting,E\n", "boek.csv")
    with Project.create(address, coder="anna", codebook=book) as made:
        made.import_documents([transcript])
        for turn in (2, 3, 4, 5, 7, 8):
            made.code("FG1", turn=turn, code="E07", layer="ronde-1")
    with Project.open(address, coder="bram") as made:
        for turn in (2, 3, 4, 5, 9):
            made.code("FG1", turn=turn, code="E07", layer="ronde-1")
    return address


def test_a_study_gives_units_and_spans_with_their_places(study: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(study, "--coders", "anna, bram", "--json") == 0
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert list(found) == ["units", "spans"]
    rows = {row["coefficient"]: row for row in found["units"] if row["code"] == "E07" and row["document"] is None}
    table = [[int(t in {2, 3, 4, 5, 7, 8}), int(t in {2, 3, 4, 5, 9})] for t in (2, 3, 4, 5, 7, 8, 9, 10)]
    assert rows["cohen_kappa"]["value"] == pytest.approx(every(table)["cohen_kappa"].value)
    assert {key: rows["cohen_kappa"][key] for key in ("units", "used", "uncoded", "unit", "layer", "seed")} == {
        "units": 8, "used": 7, "uncoded": 1, "unit": "turn", "layer": "ronde-1", "seed": 7,
    }  # fmt: skip
    assert {row["coefficient"] for row in found["spans"]} == {"span_f1", "span_f1_exact", "span_overlap", "alpha_unitizing"}


@pytest.mark.parametrize("unit", UNITS)
def test_the_screen_says_what_was_compared_and_how_much_nobody_coded(study: str, unit: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(study, "--coders", "anna,bram", "--unit", unit) == 0
    said = capsys.readouterr()
    if unit == "turn":
        assert "anna, bram, ronde ‘ronde-1’, per code: 8 spreekbeurten van deelnemers, waarvan 1 door geen van hen gecodeerd." in said.out
    assert "E07" in said.out
    assert "startgetal 7" in said.err


def test_an_unknown_coder_and_nothing_to_compare_are_one_sentence(study: str) -> None:
    with pytest.raises(NotFound, match="carla"):
        call(study, "--coders", "anna,carla")
    with pytest.raises(Refused, match="twee verschillende"):
        call(study, "--coders", "anna")
