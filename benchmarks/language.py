"""Measure the Dutch pipeline on what it never learned from, and write the figures to docs/taal.md.

``uv run --group training benchmarks/language.py --data DIR`` measures and prints; ``--write`` also writes the page. DIR holds the files that
training/README.md names. Where the library compound-split is installed, it is measured on the same compounds.
"""

from __future__ import annotations

import argparse
import sys
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))

import card
import scores

from qualcode import __version__, language
from qualcode.language import pipeline

ROOT = Path(__file__).parents[1]
# explosion/spacy-models, meta of nl_core_news_sm 3.8.0: its own tokens, its own test part of UD 2.8 and of its own names
PUBLISHED = {
    "pos": 0.958,
    "morph": 0.951,
    "lemma": 0.950,
    "uas": 0.857,
    "las": 0.805,
    "sentences": 0.865,
    "names": 0.715,
    "words": 9465,
    "size": 12,
}
PARTS = {"lassysmall_wikipedia": "LassySmall, Wikipedia", "alpino": "Alpino"}
SETS = {
    "written_sentences": "30 geschreven zinnen zoals mensen praten",
    "generated_kept_apart": "gemaakte zinnen met namen die niet zijn geleerd",
    "wikiann_test": "WikiANN, Nederlandse testset (3.000 zinnen)",
}
GROUPS = {
    "afghan_iranian": "Afghaans, Iraans", "antillean": "Antilliaans", "balkan_greek_italian": "Balkan, Grieks, Italiaans",
    "cape_verdean_portuguese_brazilian": "Kaapverdisch, Portugees, Braziliaans", "chinese": "Chinees",
    "congolese_cameroonian_other_african": "Congolees, Kameroens, ander Afrikaans", "dutch": "Nederlands", "eritrean_ethiopian": "Eritrees, Ethiopisch",
    "frisian": "Fries", "ghanaian_nigerian": "Ghanees, Nigeriaans", "jewish_hebrew": "Joods", "kurdish_armenian_suryoyo": "Koerdisch, Armeens, Suryoyo",
    "moluccan_indonesian": "Moluks, Indonesisch", "moroccan": "Marokkaans", "other_european": "overig Europees", "pakistani_indian": "Pakistaans, Indiaas",
    "polish": "Pools", "roma_sinti": "Roma, Sinti", "romanian_bulgarian": "Roemeens, Bulgaars", "somali": "Somalisch",
    "spanish_latin_american": "Spaans, Latijns-Amerikaans", "surinamese": "Surinaams", "syrian_iraqi": "Syrisch, Iraaks", "turkish": "Turks",
    "ukrainian_russian": "Oekraïens, Russisch", "vietnamese": "Vietnamees",
}  # fmt: skip


def number(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}".replace(".", ",")


def thousands(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def library(data: Path) -> dict[str, float | int] | None:
    """Return the figures of compound-split on the same nouns, where it is installed."""
    if find_spec("compound_split") is None:
        return None
    from compound_split import char_split

    def split(word: str) -> tuple[str, ...]:
        score, front, head = char_split.split_compound(word, "nl")[0]
        return (front.lower(), head.lower()) if score > 0 else (word,)

    return scores.compounds(data, split)


def tagging(found: dict) -> list[str]:
    ours, cut, sm = found["tagging"], found["cutting"], PUBLISHED
    published = (
        f"| nl_core_news_sm 3.8.0, zoals gepubliceerd | {number(sm['pos'])} | {number(sm['morph'])} | {number(sm['lemma'])} | | {number(sm['uas'])} | "
        f"{number(sm['las'])} | {number(sm['sentences'])} | |"
    )
    rows = [
        f"| {PARTS[name]} | {number(one['pos'])} | {number(one['morph'])} | {number(one['lemma'])} | {number(one['lemma_tree'])} | "
        f"{number(one['uas'])} | {number(one['las'])} | {number(one['sentences_parser'])} | {number(cut[name]['sentences_ours'])} |"
        for name, one in ours.items()
    ]
    return [
        "| getoetst op | woordsoort | morfologie | lemma | lemma zonder onze regels | UAS | LAS | zinnen, parser | zinnen, onze regels |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        published,
    ]


def names(found: dict) -> list[str]:
    made = found["names"]
    lower = {name: made.get(f"{name}_lower_case") for name in SETS}
    rows = [
        f"| {title} | {made[name]['names']} | {number(made[name]['precision'])} | {number(made[name]['recall'])} | "
        + " | ".join(number(made[name][f"recall_{label}"]) if f"recall_{label}" in made[name] else "" for label in ("PER", "LOC", "ORG"))
        + f" | {number(lower[name]['recall']) if lower[name] else ''} |"
        for name, title in SETS.items()
    ]
    return [
        "| getoetst op | namen | precisie | gevonden | personen | plaatsen | organisaties | gevonden zonder hoofdletters |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
    ]


def groups(found: dict) -> list[str]:
    upper, lower = found["names_by_group"], found["names_by_group_lower_case"]
    rows = [
        f"| {GROUPS[name]} | {number(upper[name], 0)} | {number(lower[name], 0)} |" for name in sorted(upper, key=lambda name: GROUPS[name])
    ]
    return ["| namen | gevonden | zonder hoofdletters |", "| --- | ---: | ---: |", *rows]


def compounds(found: dict, other: dict | None) -> list[str]:
    def row(title: str, one: dict) -> str:
        cells = (number(one[name]) for name in ("precision", "recall", "all_parts", "last_part"))
        return f"| {title} | {' | '.join(cells)} |"

    rows = [row("`language.parts`", found["compounds"])]
    rows += [row("compound-split 1.0.2 (grens 0)", other)] if other else ["| compound-split | niet gemeten: niet geïnstalleerd | | | |"]
    return ["| | precisie | gevonden | alle delen goed | laatste deel goed |", "| --- | ---: | ---: | ---: | ---: |", *rows]


def page(found: dict, other: dict | None, seconds: float) -> str:
    size = sum(file.stat().st_size for file in (ROOT / "src/qualcode/language/nl").rglob("*") if file.is_file()) / 1e6
    none, small, speed, cut = (
        found["names"]["turns_without_names"], found["names"]["turns_without_names_lower_case"], found["words_a_second"], found["cutting"],
    )  # fmt: skip
    tokens = ", ".join(
        f"{PARTS[name]} {number(one['tokens_ours'])} (spaCy's eigen regels {number(one['tokens_spacy'])})" for name, one in cut.items()
    )
    nouns = found["compounds"]
    template = (ROOT / "training/taal.md").read_text(encoding="utf-8")
    return template.format(
        version=__version__, pipeline=found["pipeline"], spacy=found["spacy"], python=found["python"], seconds=f"{seconds:.1f}".replace(".", ","),
        size=f"{size:.0f}", tagging="\n".join(tagging(found)), tokens=tokens, names="\n".join(names(found)), groups="\n".join(groups(found)),
        flagged=none["flagged"], turns=none["turns"], flagged_small=small["flagged"], compounds="\n".join(compounds(found, other)),
        nouns=nouns["nouns"], compound_nouns=nouns["compounds"], words=thousands(speed["words"]), named=thousands(speed["names"]),
        sm_words=thousands(PUBLISHED["words"]), sm_names=number(PUBLISHED["names"]), sm_size=PUBLISHED["size"],
    )  # fmt: skip


def main() -> None:
    """Measure, print, and write the page when asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="the folder with the treebank, name and silver files")
    options.add_argument("--write", action="store_true", help="write docs/taal.md")
    chosen = options.parse_args()
    language.use(pipeline.OWN)
    begun = time.process_time()
    pipeline.loaded()
    seconds = time.process_time() - begun
    text = page(card.measured(chosen.data), library(chosen.data), seconds)
    if chosen.write:
        (ROOT / "docs/taal.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
