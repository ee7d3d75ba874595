"""Words that tell a speaker from what merely looks like one; read by the importers, never shown."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODERATORS = _words("""
    m mod moderator moderatoren moderatrice moderatorin moderador moderadora i int interv interviewer interviewster entrevistador
    entrevistadora gespreksleider gesprekleider gespreksleidster voorzitter facilitator begeleider onderzoeker researcher host chair chairman chairwoman
    chairperson vragensteller
""")
NOTE_TAKERS = _words("n not notulist notuliste verslaglegger verslaglegster notulant notetaker note-taker")

# words that come before a number in a label; the value is the letter or word that stands for all of them
_SPELLINGS = {
    "r": "r resp respondent respondente",
    "p": "p pp part participant participante",
    "d": "d dln deeln deelnemer deelneemster",
    "m": "m mod moderator moderador moderadora",
    "i": "i int interv interviewer interviewster entrevistador entrevistadora",
    "s": "s spk spr spreker speaker sprecher sprecherin",
    "n": "n not notulist",
}
_ALONE = _words("""
    g id persoon person informant lid gespreksleider gespreksleidster facilitator geïnterviewde geinterviewde interviewee entrevistado
    entrevistada befragte befragter man vrouw male female stem voice student leerling docent medewerker collega
""")
SPEAKER_WORDS = {**{word: letter for letter, words in _SPELLINGS.items() for word in words.split()}, **{word: word for word in _ALONE}}

PARTICIPANTS = _words("""
    resp respondent respondente deelnemer deelneemster participant participante spreker speaker geïnterviewde geinterviewde interviewee informant
    entrevistado entrevistada befragte befragter allen iedereen meerdere all everyone
""")
QUESTION_AND_ANSWER = _words("vraag antwoord question answer")
UNKNOWN = frozenset({"onbekend", "onbekende", "onbekende spreker", "spreker onbekend", "unknown", "unknown speaker", "unidentified"})

# words before a number or a colon that never name a speaker
NO_SPEAKERS = (
    # headings and header lines
    _words("""
        datum date fecha data plaats locatie place location lugar ort tijd tijdstip time hora zeit duur duration duración dauer aanwezig
        aanwezigen afwezig afgemeld deelnemers deelneemsters participants participantes teilnehmer respondenten sprekers speakers onderwerp
        subject titel title título project proyecto projekt opname recording bestand file transcript transcriptie transcription transcripción
        transkript getranscribeerd taal language idioma sprache versie version notulen agenda verslag bron source fuente opmerking opmerkingen
        note notes noot notitie legenda afkortingen kenmerk betreft organisatie organisation groep focusgroep focusgroup sessie
        session interview gesprek inleiding introductie introduction slot afsluiting einde functie leeftijd geslacht naam name nombre code dossier
        nummer number opdrachtgever auteur author
    """)
    # numbered things
    | _words("""
        artikel art vraag question stap step deel part thema theme blok hoofdstuk chapter paragraaf bijlage annex punt agendapunt fragment
        figuur figure tabel table week dag day ronde round optie option pagina pag page kamer motie casus case scène scene regel line module
        fase phase jaar maand nr no de het een maart mei jan feb mrt apr jun jul aug sep sept okt nov dec
    """)
    # what people say before a colon or on a line of their own
    | _words("""
        ja nee nou dus maar en of want oké ok oke kortom bijvoorbeeld conclusie samenvatting samengevat resultaat voorbeeld namelijk oftewel
        anders eerst tweede derde ten ook toen daarna verder tot dan let op plus min nb ps pps tv hm hmm mm mmm uhm eh precies klopt
        inderdaad actie besluit advies vervolg doel aanleiding achtergrond context probleem oplossing reden gevolg http https yes no well so but and
        therefore however example result conclusion summary firstly secondly action decision
    """)
)
GREETINGS = _words(
    "hoi hallo hi hello welkom welcome goedemorgen goedemiddag goedenavond dag dank bedankt fijn mooi goed prima hola gracias"
)
PARTICLES = _words("van de den der het 't ten ter te el al la le du di da dos bin ben von zu zum y e i of and en op in 's d'")
