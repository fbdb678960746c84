"""Fits the signs of word classes to labelled turns: <complaint> and <distress> in rules/customers.toml to turns of customers, <caring> in
rules/agents.toml to turns of agents.

    pip install scikit-learn opencc-python-reimplemented
    python tests/signs/fit.py

The turns are those of learned-*.tsv: what it is, a tab, the turn. Signs are one to three adjacent characters, `^` and `$` standing
for the ends of a clause; each counts once in a clause. Their weights are those of a logistic regression over the log-count ratios
(Wang and Manning 2012), the sum being scaled so that at 100 of a thousand other turns so many as `mistaken` says are taken for one.
The threshold is told from turns that were not learned from, one part of them after the other.
"""

import glob
import os
import re
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from opencc import OpenCC
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDS = 8
"""Parts that are left out."""
SIMPLIFIED = OpenCC("t2s")


@dataclass
class Speaker:
    """Whose turns they are."""

    name: str
    mistaken: dict[str, int]
    """Word classes, and how many of a thousand other turns may be taken for each."""
    other: str
    """What a turn is called that is none of them."""
    kept: int
    """Signs of a class."""
    seldom: int
    """Turns that hold a sign at least."""
    by_file: bool
    """Whether whole files are left out, for each is of another trade; else single turns."""


SPEAKERS = [
    # The calm turns learned from are harder than those of a day. Misfortunes are seldom.
    Speaker("customers", {"complaint": 16, "distress": 7}, "calm", kept=6000, seldom=3, by_file=True),
    Speaker("agents", {"caring": 60}, "plain", kept=3000, seldom=3, by_file=False),
]


def clauses(turn):
    """The clauses of a turn, about as the linter folds them; a digit ends a sign."""
    # The linter takes 著 for 着, as Taiwan writes it, and 幺 for 么.
    text = SIMPLIFIED.convert(turn).lower().translate(str.maketrans("著幺", "着么"))
    return [clause for clause in re.split(r"[\W_]+", text) if clause]


def signs(turn):
    """All that may be a sign in a turn, once for every clause that holds it."""
    found = []
    for clause in clauses(turn):
        clause = f"^{clause}$"
        within = {clause[at : at + length] for length in (1, 2, 3) for at in range(len(clause) - length + 1)}
        found += [sign for sign in within if sign.strip("^$") and not re.search(r"\d", sign)]
    return found


def fit(counts, is_it, certainty, kept):
    """Weights of all signs, and what is added to their sum."""
    ratio = np.log((counts[is_it].sum(0) + 1) / (counts[is_it].sum() + 1)) - np.log((counts[~is_it].sum(0) + 1) / (counts[~is_it].sum() + 1))
    ratio = np.abs(np.asarray(ratio)).ravel()

    def regression(columns):
        model = LogisticRegression(C=0.5, max_iter=3000).fit(counts[:, columns] @ sparse.diags(ratio[columns]), is_it, sample_weight=certainty)
        weights = np.zeros(counts.shape[1])
        weights[columns] = model.coef_[0] * ratio[columns]
        return weights, model.intercept_[0]

    weights, _ = regression(np.arange(counts.shape[1]))
    told = np.abs(weights) * np.sqrt(np.asarray(counts.mean(0)).ravel())
    return regression(np.sort(np.argsort(-told, kind="stable")[:kept]))


def learn(speaker):
    """Writes the signs of the classes of a speaker into the pack."""
    kinds, turns, parts = [], [], []
    for number, path in enumerate(sorted(glob.glob(os.path.join(HERE, speaker.name, "learned-*.tsv")))):
        for line in open(path, encoding="utf-8"):
            kind, turn = line.rstrip("\n").split("\t")
            kinds.append(kind), turns.append(turn), parts.append(number if speaker.by_file else len(turns))
    kinds, parts = np.array(kinds), np.array(parts) % FOLDS
    vectorizer = CountVectorizer(analyzer=signs, min_df=speaker.seldom)
    counts = vectorizer.fit_transform(turns).astype(float).tocsr()
    words = vectorizer.get_feature_names_out()
    path = os.path.join(HERE, "..", "..", "rules", f"{speaker.name}.toml")
    pack = open(path, encoding="utf-8").read()
    for kind, mistaken in speaker.mistaken.items():
        is_it = kinds == kind
        # What is both is often labelled as one.
        certainty = np.where(is_it | (kinds == speaker.other), 1.0, 0.3)
        unseen = np.zeros(len(kinds))
        for part in range(FOLDS):
            known = parts != part
            weights, base = fit(counts[known], is_it[known], certainty[known], speaker.kept)
            unseen[~known] = counts[~known] @ weights + base
        threshold = np.quantile(unseen[kinds == speaker.other], 1 - mistaken / 1000)
        print(f"{kind}: {np.mean(unseen[is_it] > threshold):.2f} of those that were not learned from")
        weights, base = fit(counts, is_it, certainty, speaker.kept)
        weights = np.rint(weights * 100 / (threshold - base)).astype(int)
        rows = []
        for weight in sorted(set(weights) - {0}, reverse=True):
            of_it = ", ".join(f'"{word}"' for word in sorted(words[weights == weight]))
            rows.append(f"{weight} = [{of_it}]")
        head = f"[words.{kind}.signs]\n"
        before, _, rest = pack.partition(head)
        _, end, behind = rest.partition("\n[")
        pack = before + head + "\n".join(rows) + "\n" + end + behind
    with open(path + ".new", "w", encoding="utf-8") as new:
        new.write(pack)
    os.replace(path + ".new", path)


if __name__ == "__main__":
    for speaker in SPEAKERS:
        learn(speaker)
