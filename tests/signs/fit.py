"""Fits signs to labelled turns: those of the word classes <complaint> and <distress> in rules/customers.toml to turns of customers, of
<caring> in rules/agents.toml to turns of agents, and those of the phrase rows in rules/signs.toml to improper turns of agents.

    pip install scikit-learn opencc-python-reimplemented
    python tests/signs/fit.py

The turns are those of learned-*.tsv: what it is, a tab, the turn. To the improper ones the examples of all packs are added. Signs are one to three adjacent characters, `^` and `$` standing
for the ends of a clause; each counts once in a clause. Their weights are those of a logistic regression over the log-count ratios
(Wang and Manning 2012), the sum being scaled so that at 100 of a thousand other turns so many as `mistaken` says are taken for one.
The threshold is told from turns that were not learned from, one part of them after the other.

Whether a turn is improper is told for a category as a whole, for which there are more turns to learn from than for each of its rules;
which rule it breaks is told among the improper turns. The weights of a row are both together. What a pack promises not to report of
these rules is never told by them: such turns count more until that is so, and in the end the others less.
"""

import glob
import os
import re
import tomllib
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from opencc import OpenCC
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(HERE, "..", "..", "rules")
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


IMPROPER = {
    "asking": 1,
    "blame": 5,
    "command": 2,
    "loyalty": 0.7,
    "pressure": 0.5,
    "privacy/personal": 0.5,
    "promise/absolute": 0.7,
    "promise/forget": 0.7,
    "promise/guess": 0.7,
    "refusal": 1.2,
}
"""Categories or rules, and how many of a thousand good turns may be taken for them: more where complaints about real agents are common,
fewer where good agents use the same words."""
ROW_SIGNS = 2000
"""Signs of a category or rule."""
SHARE = 0.3
"""What the rule counts beside the category."""
ROUNDS = 8
"""How often what a pack promises is made to count more."""


def clauses(turn):
    """The clauses of a turn, about as the linter folds them; a digit ends a sign."""
    # The linter takes 著 and 妳 for 着 and 你, as Taiwan writes them, 幺 for 么, and 甚么 for 什么.
    text = SIMPLIFIED.convert(turn).lower().translate(str.maketrans("著幺妳", "着么你")).replace("甚么", "什么")
    return [clause for clause in re.split(r"[\W_]+", text) if clause]


def signs(turn):
    """All that may be a sign in a turn, once for every clause that holds it."""
    found = []
    for clause in clauses(turn):
        clause = f"^{clause}$"
        within = {clause[at : at + length] for length in (1, 2, 3) for at in range(len(clause) - length + 1)}
        found += [sign for sign in within if sign.strip("^$") and not re.search(r"\d", sign)]
    return found


def fit(counts, is_it, certainty, kept, columns=None):
    """Weights of all signs, or of those in some columns, and what is added to their sum."""
    ratio = np.log((counts[is_it].sum(0) + 1) / (counts[is_it].sum() + 1)) - np.log((counts[~is_it].sum(0) + 1) / (counts[~is_it].sum() + 1))
    ratio = np.abs(np.asarray(ratio)).ravel()

    def regression(columns):
        model = LogisticRegression(C=0.5, max_iter=3000).fit(counts[:, columns] @ sparse.diags(ratio[columns]), is_it, sample_weight=certainty)
        weights = np.zeros(counts.shape[1])
        weights[columns] = model.coef_[0] * ratio[columns]
        return weights, model.intercept_[0]

    if columns is not None:
        return regression(columns)
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
        pack = with_signs(pack, f"[words.{kind}.signs]\n", written(weights, words))
    write(path, pack)


def written(weights, words):
    """Weights as a table of TOML."""
    rows = []
    for weight in sorted(set(weights) - {0}, reverse=True):
        of_it = ", ".join(f'"{word}"' for word in sorted(words[weights == weight]))
        rows.append(f"{weight} = [{of_it}]")
    return "\n".join(rows) + "\n"


def with_signs(pack, head, table):
    """The pack with another table behind the head."""
    before, _, rest = pack.partition(head)
    _, end, behind = rest.partition("\n[")
    return before + head + table + end + behind


def write(path, text):
    """Puts a text into the place of a file."""
    with open(path + ".new", "w", encoding="utf-8") as new:
        new.write(text)
    os.replace(path + ".new", path)


def examples():
    """The examples of all phrase rows but those of signs, and all rewrites: what rule they break, or `-`, the turn, and the rule that must
    not be told, or `*` for any."""
    for path in sorted(glob.glob(os.path.join(RULES, "*.toml"))):
        pack = tomllib.load(open(path, "rb"))
        category = pack.get("pack", {}).get("category")
        for row in pack.get("phrase", []):
            for key in ("professional", "professional_hant"):
                written = row.get(key, [])
                yield from (("-", re.sub(r"{.*?}", "，", turn), "*") for turn in ([written] if isinstance(written, str) else written))
            if "signs" not in row:
                rule = f"{category}/{row['id']}"
                yield from ((rule, turn.split(" → ")[0], "") for turn in row.get("bad", []))
                yield from (("-", turn, rule) for turn in row.get("good", []))


def is_of(rules, group):
    """Which of some rules are of a category, or the one rule."""
    return np.array([rule == group or rule.startswith(group + "/") for rule in rules])


def weigh(counts, kinds, group, certainty):
    """The rules of a group, the weights of all signs for each, and what is added to their sums."""
    is_it = is_of(kinds, group)
    weights, base = fit(counts, is_it, certainty, ROW_SIGNS)
    rules = [rule for rule in sorted(set(kinds[is_it])) if np.sum(kinds == rule) >= 40]
    if len(rules) == 1:
        return rules, weights[None], np.array([base])
    own = [fit(counts[is_it], kinds[is_it] == rule, None, ROW_SIGNS, np.flatnonzero(weights)) for rule in rules]
    return rules, np.array([weights + SHARE * of_rule for of_rule, _ in own]), np.array([base + SHARE * of_rule for _, of_rule in own])


def learn_rows():
    """Writes the signs of the rows of rules/signs.toml."""
    turns = [(*example, False) for example in examples()]
    for path in sorted(glob.glob(os.path.join(HERE, "improper", "learned-*.tsv"))):
        turns += [(*line.rstrip("\n").split("\t"), "", True) for line in open(path, encoding="utf-8")]
    for path in sorted(glob.glob(os.path.join(HERE, "agents", "learned-*.tsv"))):
        known = (line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8"))
        turns += [("-", turn, "", True) for kind, turn in known if kind == "caring"]
    kinds, promised = np.array([turn[0] for turn in turns]), np.array([turn[2] for turn in turns])
    # The good examples of packs are harder than what agents say all day.
    is_good = np.array([turn[3] and turn[0] == "-" for turn in turns])
    is_promise = {group: is_of(promised, group) | (promised == "*") for group in IMPROPER}
    parts = np.arange(len(turns)) * 7919 % 9973 % FOLDS
    vectorizer = CountVectorizer(analyzer=signs, min_df=2)
    counts = vectorizer.fit_transform(turn[1] for turn in turns).astype(float).tocsr()
    words = vectorizer.get_feature_names_out()
    path = os.path.join(RULES, "signs.toml")
    pack = open(path, encoding="utf-8").read()
    for group, mistaken in IMPROPER.items():
        certainty, unseen = np.ones(len(turns)), np.zeros(len(turns))
        for part in range(FOLDS):
            known = parts != part
            _, weights, bases = weigh(counts[known], kinds[known], group, certainty[known])
            unseen[~known] = (counts[~known] @ weights.T + bases).max(1)
        threshold = np.quantile(unseen[is_good], 1 - mistaken / 1000)
        for _ in range(ROUNDS):
            rules, weights, bases = weigh(counts, kinds, group, certainty)
            scaled = as_written(weights, bases, threshold)
            is_broken = is_promise[group] & ((counts @ scaled.T).max(1) >= 100)
            if not is_broken.any():
                break
            certainty[is_broken] *= 3
        while (is_promise[group] & ((counts @ scaled.T).max(1) >= 100)).any():
            threshold += abs(threshold - bases.max()) / 50
            scaled = as_written(weights, bases, threshold)
        is_it = is_of(kinds, group) & np.array([turn[3] for turn in turns])
        print(f"{group}: {np.mean(unseen[is_it] > threshold):.2f} of those that were not learned from, {is_broken.sum()} promises at last")
        for rule, weights in zip(rules, scaled):
            before, head, behind = pack.partition(f'id = "{rule}"\n')
            pack = before + head + with_signs(behind, "[phrase.signs]\n", written(weights, words))
    write(path, pack)


def as_written(weights, bases, threshold):
    """Weights of which 100 are enough."""
    return np.rint(weights * 100 / (threshold - bases)[:, None]).astype(int)


if __name__ == "__main__":
    for speaker in SPEAKERS:
        learn(speaker)
    learn_rows()
