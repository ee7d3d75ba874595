"""What the program `deduce` takes for names, beside our own rules: only with the extra ``deidentify``.

It works in a process of its own, because it holds a gigabyte, and writes into its own installation the first time.
"""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pandas as pd

from qualcode.errors import Missing

_LABELS = {"persoon": "PER", "patient": "PER", "locatie": "LOC", "instelling": "ORG", "ziekenhuis": "ORG", "zorginstelling": "ORG"}


def deduced(texts: list[str]) -> pd.DataFrame:
    """Return the persons, places and organisations that deduce finds.

    Parameters
    ----------
    texts
        Turns or other stretches of text.

    Returns
    -------
    pandas.DataFrame
        ``text`` (number of the stretch), ``start``, ``end`` (code points in it), ``label`` (PER, LOC, ORG), as
        :func:`qualcode.language.entities` gives them.

    Raises
    ------
    Missing
        When deduce is not installed, or cannot work in this installation.
    """
    if find_spec("deduce") is None:
        raise Missing("privacy.no_deduce")
    done = subprocess.run([sys.executable, "-m", __name__], input=json.dumps(texts), capture_output=True, text=True, check=False)
    if done.returncode:
        # what it wrote may hold words of the talk; the name of what went wrong does not
        raise Missing("privacy.deduce_failed", reason=done.stdout.strip() or done.returncode)
    return pd.DataFrame(json.loads(done.stdout), columns=["text", "start", "end", "label"])


def _work() -> int:
    """Read stretches from standard input, write what was found to standard output; the name of the failure when there is one."""
    from deduce import Deduce

    texts = json.load(sys.stdin)
    try:
        model = Deduce()
    except OSError as error:
        sys.stdout.write(type(error).__name__)
        return 1
    rows = [
        (number, one.start_char, one.end_char, _LABELS[one.tag])
        for number, text in enumerate(texts)
        for one in model.deidentify(text).annotations
        if one.tag in _LABELS
    ]
    json.dump(sorted(rows), sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(_work())
