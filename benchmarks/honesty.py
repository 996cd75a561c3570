"""Whether the first hit's trust tells known answers from missing ones, on labelled sets.

    python -m benchmarks.honesty DIR ...
    python -m benchmarks.honesty --fit DIR ...

The first prints what `xiaoqi evaluate --honesty` does, before anything was asked and after.
`--fit` prints the weights of retrieval/strength.py: fitted on all sets, and for each family of sets
(the name up to its "-") what weights fitted on the others reach there.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from retrieval.cache import TextCache
from retrieval.encoder import load_encoder
from retrieval.evaluation.labelled import labelled_set
from retrieval.evaluation.refusing import First, area, as_told, first_hits, summed
from retrieval.strength import Features

Floats = npt.NDArray[np.float64]
Hits = Mapping[Path, Sequence[First]]


def main(folders: Sequence[Path], *, fit: bool) -> None:
    encoder, cache = load_encoder(), TextCache(Path("var/benchmarks/vectors.db"))
    hits: dict[Path, list[First]] = {}
    for folder in folders:
        labelled = labelled_set(folder, taken_out=True)
        for asked in (False, True):
            found = first_hits(labelled, encoder, cache=cache, asked=asked)
            hits.setdefault(folder, []).extend(found)
            print(f"{folder.name}, {'asked before' if asked else 'first hour'}")
            print("\n".join(as_told(summed(found))), flush=True)
    if fit:
        fitted(hits)


def fitted(hits: Hits) -> None:
    """Print the weights, and how they do where they were not fitted."""
    weights, intercept = fit_weights(hits)
    print(Features(*(round(float(one), 2) for one in weights)), "intercept", round(intercept, 2))
    for left_out in sorted({family(folder) for folder in hits}):
        others = {folder: found for folder, found in hits.items() if family(folder) != left_out}
        if others:
            model = fit_weights(others)
            for folder in hits.keys() - others.keys():
                print(f"fitted without {left_out}: {folder.name} {reached(hits[folder], model)}")


def fit_weights(hits: Hits) -> tuple[Floats, float]:
    """Each family of sets weighs the same and has an intercept of its own while fitting, so
    that weights tell right from wrong hits and not one corpus from another; their mean serves."""
    families = sorted({family(folder) for folder in hits})
    rows = [
        (families.index(family(folder)), hit) for folder, found in hits.items() for hit in found
    ]
    owners, features = (
        np.array([one for one, _ in rows]),
        np.array([hit.features for _, hit in rows]),
    )
    # The last family's intercept is the model's own.
    offsets = np.eye(len(families))[owners][:, :-1]
    model: Any = LogisticRegression(C=10.0, max_iter=1000)
    counts = np.bincount(owners)
    model.fit(
        np.hstack([features, offsets]),
        [hit.right for _, hit in rows],
        sample_weight=len(rows) / len(counts) / counts[owners],
    )
    found: Floats = model.coef_[0]
    width = features.shape[1]
    return found[:width], float(model.intercept_[0] + found[width:].sum() / len(families))


def reached(found: Sequence[First], model: tuple[Floats, float]) -> str:
    weights, intercept = model
    trusted = 1 / (1 + np.exp(-(np.array([hit.features for hit in found]) @ weights + intercept)))
    known, right = (np.array([getattr(hit, name) for hit in found]) for name in ("known", "right"))
    return (
        f"AUROC {area(trusted[known], trusted[~known]):.3f},"
        f" of right first hits {area(trusted[right], trusted[~right]):.3f},"
        f" mean probability {trusted.mean():.2f}, truth {right.mean():.2f}"
    )


def family(folder: Path) -> str:
    return folder.name.partition("-")[0]


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:] if name != "--fit"], fit="--fit" in sys.argv)
