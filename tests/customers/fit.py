"""Fits the signs of the word classes <complaint> and <distress> in rules/customers.toml to labelled turns of customers.

    pip install scikit-learn opencc-python-reimplemented
    python tests/customers/fit.py

The turns are those of learned-*.tsv: what it is, a tab, the turn. Signs are one to three adjacent characters, `^` and `$` standing
for the ends of a clause; each counts once in a clause. Their weights are those of a logistic regression over the log-count ratios
(Wang and Manning 2012), the sum being scaled so that at 100 of a thousand calm turns so many as FALSE says are taken for one. The threshold is told from turns of files
that were not learned from, one part of these after the other.
"""

import glob
import os
import re

import numpy as np
import scipy.sparse as sparse
from opencc import OpenCC
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

FALSE = {"complaint": 16, "distress": 7}
"""Calm turns of a thousand that may be taken for each; the learned ones are harder than those of a day. Misfortunes are seldom."""
KEPT = 6000
"""Signs of a class."""
SELDOM = 3
"""Turns that hold a sign at least."""
FOLDS = 8
"""Parts in which the files are left out."""

HERE = os.path.dirname(os.path.abspath(__file__))
PACK = os.path.join(HERE, "..", "..", "rules", "customers.toml")
SIMPLIFIED = OpenCC("t2s")


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


def fit(counts, is_it, certainty):
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
    return regression(np.sort(np.argsort(-told, kind="stable")[:KEPT]))


def main():
    kinds, turns, files = [], [], []
    for number, path in enumerate(sorted(glob.glob(os.path.join(HERE, "learned-*.tsv")))):
        for line in open(path, encoding="utf-8"):
            kind, turn = line.rstrip("\n").split("\t")
            kinds.append(kind), turns.append(turn), files.append(number)
    kinds, files = np.array(kinds), np.array(files)
    vectorizer = CountVectorizer(analyzer=signs, min_df=SELDOM)
    counts = vectorizer.fit_transform(turns).astype(float).tocsr()
    words = vectorizer.get_feature_names_out()
    pack = open(PACK, encoding="utf-8").read()
    for kind in FALSE:
        is_it = kinds == kind
        # What is both is often labelled as one.
        certainty = np.where(is_it | (kinds == "calm"), 1.0, 0.3)
        unseen = np.zeros(len(kinds))
        for number in range(FOLDS):
            known = files % FOLDS != number
            weights, base = fit(counts[known], is_it[known], certainty[known])
            unseen[~known] = counts[~known] @ weights + base
        threshold = np.quantile(unseen[kinds == "calm"], 1 - FALSE[kind] / 1000)
        print(f"{kind}: {np.mean(unseen[is_it] > threshold):.2f} of those in files that were not learned from")
        weights, base = fit(counts, is_it, certainty)
        weights = np.rint(weights * 100 / (threshold - base)).astype(int)
        rows = []
        for weight in sorted(set(weights) - {0}, reverse=True):
            of_it = ", ".join(f'"{word}"' for word in sorted(words[weights == weight]))
            rows.append(f"{weight} = [{of_it}]")
        head = f"[words.{kind}.signs]\n"
        before, _, rest = pack.partition(head)
        _, end, behind = rest.partition("\n[")
        pack = before + head + "\n".join(rows) + "\n" + end + behind
    with open(PACK + ".new", "w", encoding="utf-8") as new:
        new.write(pack)
    os.replace(PACK + ".new", PACK)


if __name__ == "__main__":
    main()
