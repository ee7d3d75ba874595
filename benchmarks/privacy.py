"""Measure what `qualcode.privacy` finds, per kind and per community's names, and write ``docs/privacy-cijfers.md``.

``uv run benchmarks/privacy.py`` makes its own sentences from templates and names of its own (seed 7). With ``QUALCODE_EXTERNAL`` it also
reads the thirty marked sentences, the old newspapers, WikiANN and the debates there; those are for measuring only.
"""

from __future__ import annotations

import gzip
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from qualcode.privacy import find
from qualcode.privacy.listed import folded, is_given, is_surname
from qualcode.privacy.scanning import Entities

SEED = 7
EACH = 60
TARGET = Path(__file__).parents[1] / "docs" / "privacy-cijfers.md"

# whole names, written for this measurement alone: tools/names.py never sees them
PEOPLE = {
    "Nederlands": "Wieneke Oldenkamp|Gert-Jan van Hunnik|Babs Tollenaar|Sjuul Verhaegh|Marit van Dorsten|Teun Wagelaar|Hetty Bolhuis|Ruud de Leede|Fenne Kruidhof|Jorrit Slabbekoorn|Aleid van Houwelingen|Bert ten Cate|Puk Nieuwstraten|Kjeld Vonk|Thirza op den Velde|Wim Baars|Roos Pannekoek|Els in 't Veld",
    "Fries": "Sjirk Haitsma|Baukje Wynia|Fokje Dijkgraaf|Rommert Sikkema|Ymkje Hoitinga|Gurbe Boonstra|Jildau Tolsma|Wobbe Nammensma|Tjerk Osinga|Hiltsje Reidsma",
    "Marokkaans": "Zouhra Bouyakoub|Anouar Et-Taheri|Hafssa Lamkadmi|Redouane Oukacha|Ikrame El Mahi|Abdelmajid Chakrouni|Nawel Aknin|Mimoent Azahaf|Jaouad Benhammane|Loubna Ouriaghli|Soulaiman El Bouayadi|Ilyass Ouaali",
    "Turks": "Gülizar Karaçam|Mükremin Söylemez|Hatun Çoşkunsu|Atakan Börekçi|Nurhayat Kızıltepe|Ünzile Gökdemir|Berkant Sarıgül|Şükran Delibaş|Ilkin Yetgin|Zümra Bayındır|Tuğçe Küçükkaya|Veli Ateşoğlu",
    "Hindostaans-Surinaams": "Radjkoemar Bhageloe|Sheryta Ramnandanlall|Oemradj Sukul|Shanti Bhikhie|Iswardat Nanhoe|Prewien Ghoerahoe|Wanita Mangroe|Djaienti Kalpa|Reshmie Durga|Vinodkoemar Jhingoer",
    "Creools en Antilliaans": "Rudmila Eustatia|Jurgly Cicilia|Djenairo Sumares|Fabiënne Plet|Vandario Emanuelson|Sueneily Rosario|Rignaldo Winterdal|Merlien Vrutaal|Gladiënne Koorndijk|Oraldo Francees|Sharlon Bernadina|Quinty Misidjan",
    "Javaans, Moluks, Indisch": "Djoemadi Sastropawiro|Wilhelmien Noya|Sarmoedji Amatredjo|Christoffel Rumahloine|Ngatinah Kromosetiko|Boetje Matinahoru|Ketoet Suarjana|Yohana Latupeirissa|Agoeng Soerodikromo|Febe Leihitu",
    "Somalisch": "Saynab Cabdulle|Liibaan Xirsi|Ifrax Maxamuud|Cabdiraxmaan Guuleed|Hoodan Jaamac|Faysal Warsamow|Sahro Dhiblaawe|Mahdi Axmed|Ruqiyo Nuuriye|Deeqo Siyaad",
    "Eritrees en Ethiopisch": "Letekidan Ghebrehans|Amanuel Weldeslasie|Tsigereda Habteab|Filmawi Kiflemariam|Rahwa Okbagabir|Merhawit Teklehaimanot|Bisrat Gebrekidan|Yirgalem Woldegiorgis|Hermon Asgedom|Semhar Ghirmatsion",
    "West-Afrikaans": "Abdoulie Sanyang|Akosua Asamoah-Frempong|Nana Yaa Ofosuhene|Ebrima Kanyi|Chiamaka Nwachukwu|Kwadwo Ansere|Oumy Ndour|Tijaan Bojang|Folasade Ogunleye|Mariatu Kargbo",
    "Arabisch": "Ghayth Alkurdi|Bayan Shaqfeh|Abdulbaset Alnasan|Rawaa Zaytoun|Muhannad Kabakibi|Thuraya Albarazi|Laith Al-Obaidi|Hanaa Sarraj|Nibras Aljubouri|Wiam Qabbani",
    "Perzisch, Afghaans, Koerdisch": "Golshifteh Tavallaei|Zmarai Ibrahimkhel|Behrooz Ghanbari|Shukria Nuristani|Rojhat Demirtepe|Hemin Qadirpour|Farkhunda Zadran|Pedram Jamshidnejad|Nesrîn Barzinji|Ormoz Sohrabpour",
    "Chinees en Vietnamees": "Xiuwen Shao|Yiu-Ming Tse|Zhengyu Fan|Bích Ngọc Lương|Liqin Ouyang|Hoi-Yan Lau|Thuỷ Tiên Đặng|Yaqi Deng|Jinglong Pang|Quỳnh Anh Tô",
    "Oost-Europees": "Bogusława Wierzbicka|Krzysiek Gołąb|Ilinca Dragomirescu|Zornitsa Karadzhova|Vasyl Hrytsenko|Grzesiek Mroczek|Doina Ungureanu|Nevena Radulovic|Ludwika Pietruszka|Oleksii Fedorchuk",
    "Joods": "Hadassa Vleeschhouwer|Naftali Evers-Cohen|Channa Wijnberg|Boaz Lilienthal|Rivka Blanes|Awraham Soesan|Noemi Frankfurther|Eljakim Drilsma",
    "Zuid-Aziatisch": "Sukhwinder Randhawa|Aqsa Bhutta|Tharmini Kandasamy|Mubeen Warraich|Harleen Deol|Zaheer Gondal|Nirosha Wickramasinghe|Kulsoom Siddiqui",
    "Portugees, Kaapverdisch, Latijns": "Jandira Évora Tavares|Adelino Semedo|Yuleisy Marte|Ivanilda Brito Lima|Edilson Varela|Xiomara Quispe|Leandro Monteagudo|Dulcineia Fortes",
}
PERSON = (
    "En toen zei {full} tegen mij dat ik niet moest zeuren.",
    "Mijn collega {given} had precies hetzelfde, weet je.",
    "{given} werkt hier al jaren, die kent iedereen.",
    "Ik ben {given}, ik werk bij de administratie.",
    "Volgens mij was dat mevrouw {family} van personeelszaken.",
    "Dat heb ik nog aan {full} gevraagd, maar die wist het ook niet.",
    "Bij ons op de gang zit {given}, die lacht daar altijd om.",
    "{full} heeft dat formulier toen ingevuld.",
    "Nou ja, ik dacht: laat {given} het maar oplossen.",
    "Je moet bij meneer {family} zijn, zeiden ze.",
    "Ik sprak {given} vorige week nog in de lift.",
    "Hij heet {full}, maar niemand spreekt dat goed uit.",
    "Met {given} en nog iemand zijn we naar boven gegaan.",
    "Toen kwam {family} binnen en was het meteen stil.",
    "Dat was op de verjaardag van {given}, geloof ik.",
)
PLACES = "Zierikzee|Oldebroek|Winterswijk|Harlingen|Beverwijk|Geleen|Stadskanaal|Gorinchem|Boxtel|Ter Apel|Kapelle|Coevorden|Mechelen|Rabat|Kenitra|Eskişehir|Nieuw Nickerie|Albina|Asmara|Berbera|Tema|Homs|Sulaymaniyah|Mazar-e-Sharif|Đà Nẵng|Katowice|Constanța|Mindelo|Praia|Ambon|Malang|Barneveld|Enkhuizen|Epe|Best|Goes|Elst|Zeist|Heerde|Vaals"
PLACE = (
    "Ik ben opgegroeid in {x} en daarna verhuisd.",
    "Mijn ouders komen uit {x}, dat hoor je nog.",
    "We gingen elke zomer naar {x} met z'n allen in de auto.",
    "Op de vestiging {x} was het anders dan hier.",
    "Bij ons in {x} kent iedereen elkaar.",
    "Toen ik van {x} hierheen kwam, moest ik wennen.",
)
ORGANISATIONS = "Rabobank|Albert Heijn|Jumbo|Philips|PostNL|Tata Steel|Deltion College|Radboudumc|Sint Franciscus Gasthuis|Hogeschool Utrecht|Woningstichting Eigen Haard|Transportbedrijf Van Uden|Bakkerij Bosgoed|Achmea|ASML|Stichting De Brug|gemeente Ommen|GGZ Friesland|Zorggroep Almere|Coolblue|Vanderlande|Royal Flora|Brocacef|Hoekstra Metaal|De Vries Logistics|Technolution|Rijnstate|UWV|ING|Belastingdienst"
ORGANISATION = (
    "Ik heb jaren bij {x} gewerkt, in de nachtdienst.",
    "Daarvoor liep ik stage bij {x}, dat was leuk.",
    "Ze belde met {x} en kreeg niemand te pakken.",
    "Mijn zus werkt voor {x}, die snapt dat wel.",
    "Toen ben ik aangenomen door {x}.",
)
NUMBERS = {
    "telefoon": (
        "Bel me op {x}, na zessen.",
        "06-48123907|0612345678|+31 6 12 34 56 78|020-6234567|(0541) 512 345|0031 6 87654321|06 2345 6789|nul zes vier acht een twee drie negen nul zeven",
    ),
    "e-mail": (
        "Stuur het maar naar {x}, dan kijk ik.",
        "j.bakker@ziggo.nl|fatima_82@gmail.com|hr-desk@bedrijf.example|o.yilmaz@student.hu.nl|piet apenstaartje hotmail punt com",
    ),
    "bsn": ("Mijn bsn is {x}, dat weet ik uit mijn hoofd.", "111222333|123456782|1112.22.333|111 222 333"),
    "iban": ("Het staat op rekening {x} van mij.", "NL91ABNA0417164300|NL91 ABNA 0417 1643 00|NL20INGB0001234567|DE89370400440532013000"),
    "postcode": ("Ik woon op {x}, vlak bij het spoor.", "3584 CX|1012AB|7511 JN|9711LM"),
    "adres": (
        "We wonen aan de {x} daar.",
        "Kastanjelaan 14|Jan Steenstraat 203|Prins Hendrikkade 12a|Laan van Meerdervoort 501|Noorderhaven 7|Dorpsstraat 9",
    ),
    "kenteken": ("De auto met kenteken {x} stond er weer.", "12-ABC-3|GB-001-B|AB-12-CD|8-KLM-77"),
    "datum": (
        "Dat was op {x}, dat vergeet ik niet.",
        "12 maart 2019|3 april|14-02-2021|de eerste augustus|zeven november|2023-05-01|31 december 2022",
    ),
    "leeftijd": ("Ik ben {x}, dus ik heb al wat gezien.", "23 jaar|34|achtenvijftig|61 jaar oud|negentien"),
    "url": (
        "Kijk maar op {x}, daar staat het.",
        "www.linkedin.com/in/sannebakker|https://voorbeeld.nl/wie|facebook.com/annedevries|mijnblog.nl",
    ),
    "nummer": (
        "Het was {x}, en nooit meer iets gehoord.",
        "dossiernummer 2023-4471|zaak 24-0117|personeelsnummer 004512|klantnummer 88123|melding nummer 7",
    ),
}
CLEAN = (
    "Nou ja, ik vind gewoon dat er te weinig geluisterd wordt.|Op de koffieautomaat na is er niks veranderd.|In het begin zei ik er niks van.|Precies, dat herken ik.|Wil je daar nog iets over zeggen?|"
    "Mooi was dat, toen we nog samen lunchten.|Pas later dacht ik: dit klopt niet.|Mijn leidinggevende zei dat het een grapje was.|De directeur kwam langs en zei geen woord.|Ik kom uit een Marokkaans gezin en dat hoor je.|"
    "Als moslim moet je je steeds uitleggen.|Met Suikerfeest neem ik altijd vrij.|Den Haag vindt dat allemaal prima.|Het stond gewoon in Teams, iedereen kon het lezen.|Wat bedoel je daarmee?|Roosters zijn bij ons een ramp.|"
    "Dan zit je in zo'n vergadering en lacht iedereen.|Kom op zeg, dat kan toch niet.|Bij het Rijk zou je anders verwachten.|Vroeger was dat normaal, nu niet meer.|Mensen zeggen: je spreekt goed Nederlands.|Ze noemden me Jan Modaal, als grapje.|"
    "Ik heb drie keer gesolliciteerd en drie keer niks gehoord.|Het duurde zes weken voor er antwoord kwam.|Daar sta je dan, met je goede gedrag.|Ja, nee, dat is waar.|Er waren twintig mensen en niemand zei iets.|Sinterklaas blijft elk jaar weer gedoe.|"
    "Hè, dat had ik niet verwacht.|Vertrouwenspersonen zijn er wel, maar je kent ze niet.|Kijk, het gaat niet om die ene opmerking.|Artikel 1 hangt bij ons in de gang.|Zij zei: waar kom je echt vandaan?|In mei vorig jaar begon dat.|"
    "Heel eerlijk, ik ben er klaar mee.|Mijn dochter vraagt daar nu ook naar.|Collega's van kleur snappen het meteen.|Onze afdeling is best gemengd.|Koffie halen doen we om de beurt.|Hoe ga je daar dan mee om?|Werkdruk is er altijd.|"
    "Om negen uur begint de dienst.|Moet ik dat dan melden, ja of nee?|Goed dat je het zegt.|Racisme is een groot woord, vind ik.|De minister heeft excuses gemaakt.|Surinaamse mensen lachen daarom, maar het steekt wel.|Weet je, het slijt niet.|"
    "Niemand durft iets te zeggen als hij erbij is.|Toen heb ik mijn jas gepakt en ben ik gegaan.|Hoofddoeken mogen, maar je merkt het wel.|Alles wordt een geintje genoemd.|Eerst lachte ik mee.|Sorry, ik was even de draad kwijt.|Aan tafel viel het stil.|"
    "Leidinggevenden moeten daar echt iets mee.|Boven wordt dat weggewuifd.|Het ergste is dat je aan jezelf gaat twijfelen.|Ik schrijf het op, dan heb ik het zwart op wit.|Gelukkig heb ik een goede band met mijn team.|Dank je wel voor het vragen."
)


def marked(pattern: str, words: str) -> tuple[str, int, int]:
    """Return a sentence with words filled in, and where they stand."""
    at = pattern.index("{x}")
    return pattern.replace("{x}", words), at, at + len(words)


def people(chance: random.Random) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield community, name as used, sentence, start and end."""
    for community, held in PEOPLE.items():
        for _ in range(EACH):
            full = chance.choice(held.split("|"))
            given, _, family = full.partition(" ")
            if full.startswith(("Nana Yaa", "Bích Ngọc", "Thuỷ Tiên", "Quỳnh Anh")):
                given, family = " ".join(full.split()[:2]), " ".join(full.split()[2:])
            pattern = chance.choice(PERSON)
            field = next(name for name in ("full", "given", "family") if f"{{{name}}}" in pattern)
            used = {"full": full, "given": given, "family": family[0].upper() + family[1:]}[field]
            yield community, used, *marked(pattern.replace(f"{{{field}}}", "{x}"), used)


def hit(sentence: str, start: int, end: int, entities: Entities | None) -> bool:
    """Tell whether any finding shares words with the span."""
    found = find(sentence, entities=entities)
    return bool(((found["start"] < end) & (found["end"] > start)).any())


def generated(entities: Entities | None, *, small: bool) -> dict[str, tuple[int, int]]:
    """Return found and total per kind; ``small`` measures the same sentences without capitals and marks."""
    chance = random.Random(SEED)
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def count(kind: str, sentence: str, start: int, end: int) -> None:
        if small:
            end += len(re.sub(r"[.,:!?]", "", sentence[:start])) - start - (len(sentence[start:end]) - len(sentence[start:end]))
            start, sentence = len(re.sub(r"[.,:!?]", "", sentence[:start])), re.sub(r"[,:!?]|\.(?= |$)", "", sentence).lower()
        tally[kind][1] += 1
        tally[kind][0] += hit(sentence, start, end, entities)

    for community, name, sentence, start, end in people(chance):
        count("personen", sentence, start, end)
        count(f"groep {community}", sentence, start, end)
        bare = [folded(part) for part in name.split()]
        if not any(is_given(part) or is_surname(part) for part in bare):
            count("buiten de lijsten", sentence, start, end)
    for name, patterns, held in (("plaatsen", PLACE, PLACES), ("organisaties", ORGANISATION, ORGANISATIONS)):
        for words in held.split("|"):
            for pattern in patterns:
                count(name, *marked(pattern, words))
    for name, (pattern, held) in NUMBERS.items():
        for words in held.split("|"):
            count("cijfers", *marked(pattern, words))
            count(f"cijfer {name}", *marked(pattern, words))
    for sentence in CLEAN.split("|"):
        tally["schone zinnen"][1] += 1
        tally["schone zinnen"][0] += len(find(sentence.lower() if small else sentence, entities=entities)) > 0
    return {kind: (found, total) for kind, (found, total) in tally.items()}


def bio(path: Path, *, most: int, columns: tuple[int, int]) -> Iterator[tuple[str, list[tuple[int, int, str]]]]:
    """Yield sentences of a BIO file with their spans."""
    words: list[str] = []
    tags: list[str] = []
    number = 0
    for line in [*gzip.decompress(path.read_bytes()).decode("utf-8").splitlines(), ""]:
        fields = line.split()
        if len(fields) > max(columns):
            words.append(fields[columns[0]])
            tags.append(fields[columns[1]])
        elif words:
            yield _spanned(words, tags)
            number += 1
            words, tags = [], []
            if number >= most:
                return


def _spanned(words: list[str], tags: list[str]) -> tuple[str, list[tuple[int, int, str]]]:
    spans: list[tuple[int, int, str]] = []
    at = 0
    for word, tag in zip(words, tags, strict=True):
        if tag[:2] == "I-" and spans and spans[-1][1] == at - 1:
            spans[-1] = (spans[-1][0], at + len(word), tag[2:])
        elif tag != "O":
            spans.append((at, at + len(word), tag.removeprefix("B-").removeprefix("I-")))
        at += len(word) + 1
    return " ".join(words), spans


def outside(folder: Path, entities: Entities | None) -> dict[str, tuple[int, int]]:
    """Return found and total on material that others wrote."""
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for line in (folder / "treebanks/ner/pii-gold-30.txt").read_text(encoding="utf-8").splitlines():
        plain, spans = "", []
        for piece in re.split(r"(\[\[\w+:[^\]]*\]\])", line):
            if piece.startswith("[["):
                kind, _, words = piece[2:-2].partition(":")
                spans.append((len(plain), len(plain) + len(words), kind))
                plain += words
            else:
                plain += piece
        for name, sentence in (("dertig zinnen", plain), ("dertig zinnen, klein", plain.lower())):
            for start, end, _ in spans:
                tally[name][1] += 1
                tally[name][0] += hit(sentence, start, end, entities)
    for line in (folder / "treebanks/silver/own-spoken-turns.txt").read_text(encoding="utf-8").splitlines():
        for name, sentence in (("schone beurten", line), ("schone beurten, klein", line.lower())):
            tally[name][1] += 1
            tally[name][0] += len(find(sentence, entities=entities)) > 0
    for name, file, columns in (
        ("WikiANN", "wikiann-nl-test.bio.tsv.gz", (1, 2)),
        ("kranten 1870-1940", "europeana-nl-historical.bio.gz", (0, 1)),
    ):
        for sentence, spans in bio(folder / "treebanks/ner" / file, most=600, columns=columns):
            found = find(sentence, entities=entities)
            for start, end, kind in spans:
                tally[f"{name} {kind}"][1] += 1
                tally[f"{name} {kind}"][0] += bool(((found["start"] < end) & (found["end"] > start)).any())
    for file in sorted((folder / "real").glob("debat-*.txt")):
        text = file.read_text(encoding="utf-8")
        speakers = {
            m.group(1) for m in re.finditer(r"^(?:De heer|Mevrouw|Minister|Staatssecretaris) ([^(:\n]+?)(?: \(|:)", text, re.MULTILINE)
        }
        found = find(text)
        for surname in speakers:
            for mention in re.finditer(rf"(?<!^De heer )(?<!^Mevrouw )\b{re.escape(surname)}\b(?! \()(?!:)", text, re.MULTILINE):
                tally["sprekers in debatten"][1] += 1
                tally["sprekers in debatten"][0] += bool(((found["start"] < mention.end()) & (found["end"] > mention.start())).any())
    return {kind: (found, total) for kind, (found, total) in tally.items()}


def _share(pair: tuple[int, int]) -> str:
    return f"{pair[0] / pair[1]:.3f}".replace(".", ",") + f" ({pair[0]}/{pair[1]})"


def report(columns: dict[str, dict[str, tuple[int, int]]]) -> str:
    """Return a Markdown table: a row a kind, a column a way of looking."""
    kinds = list(dict.fromkeys(kind for column in columns.values() for kind in column))
    head = "| wat | " + " | ".join(columns) + " |\n| --- |" + " --- |" * len(columns)
    rows = [
        f"| {kind} | " + " | ".join(_share(column[kind]) if kind in column else "" for column in columns.values()) + " |" for kind in kinds
    ]
    return "\n".join([head, *rows])


def trained() -> Entities | None:
    """Return the trained recogniser, when it is there."""
    from qualcode.errors import Missing
    from qualcode.language import entities

    try:
        entities(["Toen zei Fatima dat."])
    except Missing as missing:
        print(missing, file=sys.stderr)
        return None
    return entities


def main() -> None:
    """Measure, print and write."""
    begun = time.perf_counter()
    ways: dict[str, Entities | None] = {"regels en lijsten": None}
    if (found := trained()) is not None:
        ways["met het taalmodel"] = found
    own = {
        name + (", zonder hoofdletters" if small else ""): generated(way, small=small)
        for small in (False, True)
        for name, way in ways.items()
    }
    text = f"# Wat de privacy-scan vindt\n\nGemaakt met `benchmarks/privacy.py` (zaad {SEED}). Vinden is: een melding die woorden deelt met wat er staat. Bij schone zinnen en beurten is het getal het deel dat toch een melding krijgt.\n\n## Eigen zinnen, namen die niet in de lijsten gezet zijn\n\n{report(own)}\n"
    external = os.environ.get("QUALCODE_EXTERNAL")
    if external:
        text += f"\n## Wat anderen schreven\n\n{report({name: outside(Path(external), way) for name, way in ways.items()})}\n"
    print(text)
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if "--write" in sys.argv:
        TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
