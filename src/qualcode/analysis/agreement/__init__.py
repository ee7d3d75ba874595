"""How far coders agree: coefficients for any table, agreement in a study, and where they differ."""

from qualcode.analysis.agreement.coefficients import (
    SEED,
    alpha_interval,
    alpha_jaccard,
    alpha_masi,
    alpha_nominal,
    alpha_ordinal,
    alpha_ratio,
    brennan_prediger,
    cohen_kappa,
    every,
    fleiss_kappa,
    gwet_ac1,
    percent_agreement,
    positive_agreement,
    scott_pi,
)
from qualcode.analysis.agreement.comparing import agreement
from qualcode.analysis.agreement.disagreeing import disagreement_map, disagreements
from qualcode.analysis.agreement.intervals import RESAMPLES, Coefficient
from qualcode.analysis.agreement.marking import span_agreement
from qualcode.analysis.agreement.overview import overview
from qualcode.analysis.agreement.pairing import AGREED, key_of, pairs
from qualcode.analysis.agreement.stretches import alpha_unitizing, span_f1, span_overlap
from qualcode.analysis.agreement.units import UNITS, Unit

__all__ = [
    "AGREED",
    "RESAMPLES",
    "SEED",
    "UNITS",
    "Coefficient",
    "Unit",
    "agreement",
    "alpha_interval",
    "alpha_jaccard",
    "alpha_masi",
    "alpha_nominal",
    "alpha_ordinal",
    "alpha_ratio",
    "alpha_unitizing",
    "brennan_prediger",
    "cohen_kappa",
    "disagreement_map",
    "disagreements",
    "every",
    "fleiss_kappa",
    "gwet_ac1",
    "key_of",
    "overview",
    "pairs",
    "percent_agreement",
    "positive_agreement",
    "scott_pi",
    "span_agreement",
    "span_f1",
    "span_overlap",
]
