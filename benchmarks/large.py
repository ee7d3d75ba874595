"""Topics of a large corpus, measured: python benchmarks/large.py [--texts 1000000] [--workers 2] [--write].

Makes open answers of 10 to 40 words about twenty known subjects from templates, with a seed, and has ``qualcode.discover_large`` find them. ``--write``
puts the figures in docs/ontdekken-snelheid.md: one row for each number of texts and of processes.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from qualcode.discovery.cluster import SETTINGS
from qualcode.discovery.large import discover_large

DOCS = Path(__file__).resolve().parents[1] / "docs" / "ontdekken-snelheid.md"

# a subject: things, what is the matter with them, what people would like
ABOUT = {
    "afval": ("de container|het grofvuil|de plastic zakken|de milieustraat|het oud papier|de kliko|de glasbak|het zwerfvuil", "staat al dagen vol|wordt te weinig opgehaald|stinkt als het warm is|trekt ratten en meeuwen aan|ligt naast de bak op de stoep", "vaker legen op vrijdag|meer prullenbakken bij het park|een vaste dag voor grofvuil|boetes voor wie dumpt"),
    "parkeren": ("de parkeerplaats|de vergunning|de blauwe zone|het parkeervak|de bestelbus van de buren|de parkeergarage|de bezoekersschijf", "is altijd bezet na zes uur|kost veel te veel per maand|wordt door forenzen gebruikt|is te krap voor een gewone auto", "meer plekken voor bewoners|betaald parkeren tot middernacht|een app voor bezoekers|laadpalen op een andere plek"),
    "openbaar vervoer": ("de bus|de tram|de halte|de nachtbus|de aansluiting op de trein|de reisinformatie|de belbus", "rijdt nog maar een keer per uur|komt steeds te laat|is opgeheven in het weekend|stopt niet meer bij het ziekenhuis", "een directe lijn naar het centrum|een lift op het station|goedkopere kaartjes voor ouderen|een halte dichterbij"),
    "zorg": ("de huisarts|de wijkverpleging|de thuiszorg|het ziekenhuis|de apotheek|de tandarts|de mantelzorger", "heeft een wachtlijst van maanden|neemt geen nieuwe patiënten aan|heeft nooit tijd voor een gesprek|wisselt elke week van gezicht", "een spreekuur in de avond|meer handen aan het bed|een vaste verpleegkundige|minder formulieren"),
    "veiligheid": ("de straatverlichting|de wijkagent|het steegje|de inbraak|de groep jongens|de camera|de tunnel", "maakt dat ik 's avonds omloop|is er bijna nooit|wordt gebruikt om te dealen|geeft een onveilig gevoel", "meer surveillance in het donker|lampen die het doen|een buurtpreventieteam|een meldpunt dat terugbelt"),
    "groen": ("het park|de bomen|de bloemenweide|het gazon|de moestuin|de vijver|het struikgewas", "wordt niet goed onderhouden|is gekapt voor nieuwbouw|staat vol onkruid|verdroogt elke zomer", "meer schaduw bij de speeltuin|bankjes onder de bomen|inheemse planten voor bijen|een geveltuin bij elk huis"),
    "wonen": ("de huurwoning|de huur|de woningcorporatie|de nieuwbouw|de woningnood|het trappenhuis|de badkamer", "is niet te betalen voor starters|schimmelt in de slaapkamer|wordt nooit gerepareerd|gaat naar wie van buiten komt", "voorrang voor eigen jongeren|betaalbare appartementen voor senioren|dubbel glas en isolatie|snellere reparaties"),
    "onderwijs": ("de basisschool|de leraar|de klas|het schoolplein|de toets|de gymles|het schooladvies", "is te groot voor aandacht|valt vaak uit zonder vervanging|legt veel druk op kinderen|heeft geen geld voor boeken", "kleinere klassen|een conciërge die blijft|meer muziek en techniek|hulp bij lezen"),
    "winkels": ("de bakker|de markt|het winkelcentrum|de hoofdstraat|de kiosk|de supermarkt|de slager", "staat al jaren leeg|is weggejaagd door de hoge huur|verkoopt alleen nog telefoonhoesjes|sluit om vijf uur", "een versmarkt op zaterdag|een fietsenmaker terug|kleine ondernemers helpen|terrassen op het plein"),
    "energie": ("de energierekening|het zonnepaneel|de warmtepomp|de isolatie|de stadsverwarming|de spouwmuur|de gasketel", "is verdubbeld in een jaar|krijgt geen subsidie meer|verwarmt het huis niet goed|is ingewikkeld om aan te vragen", "een energiecoach die langskomt|een lening zonder rente|samen inkopen met de straat|duidelijkheid over het gas"),
    "geluid": ("de muziek van het café|de brommer|de vliegtuigen|de bovenbuurman|de snelweg|het bouwen|het festival", "houdt me 's nachts wakker|begint al om zes uur|dreunt door de muren|gaat tot diep in de nacht door", "een geluidsscherm langs de weg|stille uren in het weekend|handhaven na elf uur|dikkere vloeren"),
    "eenzaamheid": ("het buurthuis|de koffieochtend|mijn buurvrouw|het contact in de flat|de vereniging|de eettafel|de huiskamer", "is wegbezuinigd|ken ik eigenlijk niet meer|bestaat uit steeds minder mensen|is er alleen voor ouderen", "iemand die eens belt|samen eten op dinsdag|een plek waar je kunt binnenlopen|vrijwilligers die meegaan"),
    "verkeer": ("de rotonde|het zebrapad|de drempel|het sluipverkeer|de maximumsnelheid|het kruispunt|de vrachtwagen", "wordt als racebaan gebruikt|is onoverzichtelijk voor kinderen|staat elke ochtend vast|veroorzaakt bijna ongelukken", "dertig kilometer in de hele wijk|een knip voor doorgaand verkeer|stoplichten bij de school|flitsers"),
    "fietsen": ("het fietspad|de fietsenstalling|de bakfiets|het snelfietspad|de deelfiets|de stoeprand|het fietstunneltje", "zit vol gaten|staat kriskras op de stoep|wordt niet gestrooid als het vriest|houdt ineens op", "een overdekte stalling|breder asfalt|een doorsteek langs het kanaal|betere bewegwijzering"),
    "jeugd": ("de speeltuin|het jongerencentrum|het trapveldje|de hangplek|de sportkooi|het zakgeldproject|de jongerenwerker", "is dichtgegaan|heeft kapotte toestellen|heeft niks voor pubers|wordt door anderen weggekeken", "een skatebaan|huiswerkbegeleiding dichtbij|sport na schooltijd|iemand die naar ze luistert"),
    "sport": ("de sportvereniging|het zwembad|de contributie|de kleedkamer|de sportzaal|het kunstgras|de zwemles", "is te duur voor een gezin|wordt gesloten na de zomer|heeft een wachtlijst van twee jaar|is verouderd en koud", "een kortingspas|een hardlooproute met licht|gratis proeflessen|langere openingstijden"),
    "bestuur": ("de gemeente|de wethouder|de inspraakavond|het loket|de enquête|de burgemeester|de brief", "luistert toch niet|antwoordt pas na weken|gebruikt woorden die niemand snapt|had alles al besloten", "een vast aanspreekpunt|uitslagen die je terughoort|een spreekuur in de wijk|gewone taal"),
    "inkomen": ("de toeslag|de voedselbank|de boodschappen|de bijstand|het pensioen|de schuldhulp|de eigen bijdrage", "is niet genoeg om van rond te komen|moet ik terugbetalen|wordt elke maand duurder|vraagt om steeds nieuwe papieren", "hulp bij het invullen|een hogere minimumregeling|eerlijke tarieven|een maaltijd op school"),
    "cultuur": ("de bibliotheek|het theater|het museum|de muziekschool|het wijkfeest|de bioscoop|het koor", "heeft kortere openingstijden|is wegbezuinigd|trekt alleen mensen van buiten|heeft geen repetitieruimte", "voorstellingen in de wijk|goedkope cursussen|een podium voor jong talent|boeken in andere talen"),
    "water": ("de riolering|de kelder|de sloot|de dijk|het regenwater|de put|de kade", "loopt over bij elke bui|staat blank in het najaar|stinkt naar het riool|verzakt langzaam", "wadi's in plaats van tegels|een pomp die aanslaat|regentonnen met korting|kades die hersteld worden"),
}  # fmt: skip
OPEN = "Eerlijk gezegd vind ik dat|Bij ons in de {street}|Sinds een jaar of {n} merk ik dat|Mijn grootste punt is dat|Wat me opvalt is dat|Als je het mij vraagt:|Vooral in de {street} zie je dat|In deze buurt geldt dat|Al {n} keer gemeld dat|Ik woon hier {n} jaar en|Met drie kinderen merk je dat|Van mijn buren hoor ik ook dat".split(
    "|"
)
WISH = "Ik zou graag zien: {wish}.|Waarom niet gewoon {wish}?|Het helpt al als er komt: {wish}.|Doe eens iets met {wish}.|Mijn voorstel is {wish}, liefst rond de {street}.|Een wens voor de komende jaren: {wish}.|Op nummer {n} bij de {street} zeggen ze ook: {wish}.".split(
    "|"
)
CLOSE = "Verder ben ik best tevreden.|Dat is al jaren zo.|Niemand doet er iets aan.|Toch woon ik hier met plezier.|Ik hoop dat iemand dit leest.|Succes ermee.|Dat was vroeger anders.|Mijn {who} zegt hetzelfde.|Bel me gerust op {day}.|Zeker in de {season} is dat lastig.".split(
    "|"
)
FRONT = "Beuken Linden Meidoorn Kastanje Tulpen Rozen Anjer Merel Zwaluw Reiger Molen Sluis Kerk Station Haven Dijk Spaarne Rijn Maas Schelde Prins Koningin Admiraal Graaf Abdij Klooster Veen Polder Heide Duin Vecht Amstel Eems IJssel Gouden Zilver Noorder Zuider Wester Ooster".split()
BACK = "laan straat weg plein hof kade dreef singel pad gracht steeg plantsoen".split()
REST = {"who": "dochter|zoon|vader|schoonzus|collega|overbuurman".split("|"), "day": "maandag|dinsdag|woensdag|donderdag|vrijdag".split("|"), "season": "winter|zomer|herfst|lente|vakantie".split("|")}  # fmt: skip


def write_answers(path: Path, amount: int, *, seed: int = 20) -> list[int]:
    """Write made answers, and return the number of the subject of each."""
    rng = np.random.default_rng(seed)
    subjects = [[part.split("|") for part in parts] for parts in ABOUT.values()]
    known: list[int] = []
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for first in range(0, amount, 10_000):
            draws = rng.integers(0, 1 << 30, (min(10_000, amount - first), 24)).tolist()
            rows = [(first + number, _answer(subjects, draw)) for number, draw in enumerate(draws)]
            known += [draw[0] % len(subjects) for draw in draws]
            writer.writerows(rows)
    return known


def _answer(subjects: list[list[list[str]]], draw: list[int]) -> str:
    """Return one answer: an opening, one or two complaints, sometimes a wish and an end."""
    things, matters, wishes = subjects[draw[0] % len(subjects)]
    parts = [f"{OPEN[draw[1] % len(OPEN)]} {things[draw[2] % len(things)]} {matters[draw[3] % len(matters)]}"]
    if draw[4] % 3:
        parts.append(f"en {things[draw[5] % len(things)]} {matters[draw[6] % len(matters)]}")
    told = [" ".join(parts) + "."]
    if draw[7] % 4:
        told.append(WISH[draw[8] % len(WISH)].replace("{wish}", wishes[draw[9] % len(wishes)]))
    if draw[10] % 3 == 0:
        told.append(CLOSE[draw[11] % len(CLOSE)])
    text = " ".join(told)
    for place, (name, words) in enumerate(REST.items(), 12):
        text = text.replace("{" + name + "}", words[draw[place] % len(words)])
    text = text.replace("{n}", str(2 + draw[16] % 60))
    for place in (17, 19, 21):
        text = text.replace("{street}", FRONT[draw[place] % len(FRONT)] + BACK[draw[place + 1] % len(BACK)], 1)
    return text


def peak() -> tuple[float, float]:
    """Return the peak memory (MB) and the processor seconds of the process this runs in."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_maxrss / 1024, used.ru_utime + used.ru_stime


def measured(texts: int, workers: int, folder: Path) -> dict[str, float | str]:
    import dask
    from distributed import Client, LocalCluster

    dask.config.set(SETTINGS)

    source = folder / "antwoorden.csv"
    known = write_answers(source, texts)
    quiet = {"threads_per_worker": 1, "dashboard_address": "127.0.0.1:0", "local_directory": str(folder), "host": "127.0.0.1"}
    with LocalCluster(n_workers=workers, **quiet) as cluster, Client(cluster, set_as_default=False) as client:
        before = client.run(peak)
        own = peak()[1]
        start = time.perf_counter()
        made = discover_large(source, folder / "uit", scheduler=cluster.scheduler_address, tell=Told())
        seconds = time.perf_counter() - start
        after = client.run(peak)
        driver = peak()
    topic = np.concatenate([pq.read_table(file)["topic"].to_numpy() for file in sorted((made.folder / "rows").iterdir())])
    cpu = [after[name][1] - before[name][1] for name in after]
    inside = sum(made.seconds[step] for step in ("embedding", "dividing", "writing"))
    return {
        "texts": texts,
        "workers": workers,
        "words": round(float(np.mean([len(line.split()) for line in _head(source)])), 1),
        "seconds": round(seconds),
        "rate": round(texts / seconds),
        "cpu": round((sum(cpu) + driver[1] - own) / texts * 1000, 2),
        "share": round(inside / seconds, 2),
        "memory": " ".join(f"{after[name][0]:.0f}" for name in after) + f" + {driver[0]:.0f}",
        "topics": len(made.topics),
        "nmi": round(float(normalized_mutual_info_score(known, topic)), 2),
        "ari": round(float(adjusted_rand_score(known, topic)), 2),
        "load": round(os.getloadavg()[2], 1),
    }


class Told:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self.next = 0.0

    def __call__(self, what: str, done: int, whole: int) -> None:
        if time.monotonic() > self.next:
            self.next = time.monotonic() + 60
            print(f"{dt.datetime.now().astimezone():%H:%M:%S} {what} {done}/{whole}", file=sys.stderr, flush=True)


def _head(source: Path) -> list[str]:
    with source.open(encoding="utf-8", newline="") as file:
        return [row[1] for row, _ in zip(csv.reader(file), range(2000), strict=False)][1:]


HEADS = {
    "texts": "teksten", "workers": "processen", "words": "woorden per tekst", "seconds": "seconden", "rate": "teksten per seconde",
    "cpu": "processortijd per tekst (ms)", "share": "deel in delen", "memory": "piekgeheugen per proces (MB; werkers + leider)", "topics": "thema's", "nmi": "NMI",
    "ari": "ARI", "load": "belasting",
}  # fmt: skip
START, END = "<!-- gemeten -->", "<!-- einde -->"


def write(row: dict[str, float | str]) -> None:
    """Put a row in the table of the docs, in the place of an earlier one with as many texts and processes."""
    whole = DOCS.read_text(encoding="utf-8")
    before, table = whole.split(START)
    table, after = table.split(END)
    rows = [line for line in table.strip().splitlines()[2:] if line]
    mine = "| " + " | ".join(str(row[name]) for name in HEADS) + " |"
    rows = [line for line in rows if line.split("|")[1:3] != mine.split("|")[1:3]] + [mine]
    rows.sort(key=lambda line: tuple(int(cell) for cell in line.split("|")[1:3]))
    head = "| " + " | ".join(HEADS.values()) + " |\n|" + " --- |" * len(HEADS)
    DOCS.write_text(f"{before}{START}\n{head}\n" + "\n".join(rows) + f"\n{END}{after}", encoding="utf-8")


def machine() -> str:
    name = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ""
    )
    return (
        f"{name or platform.machine()}, {os.cpu_count()} kernen, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--texts", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="qualcode-groot-") as place:
        result = measured(chosen.texts, chosen.workers, Path(place))
    print(machine(), result)
    if chosen.write:
        write(result)
