#!/usr/bin/env python3
"""Limn's models beside well-known Python ones, on the same rows, in one run.

  compare_learning.py --interactions rows.csv --limn 'limn evaluate {csv} --json'
  compare_learning.py --table rows.csv --label bought \\
      --limn 'limn risk table {csv} --label bought --json'
  compare_learning.py --cluster rows.csv --clusters 5 \\
      --limn 'limn segments table {csv} --clusters 5 --json' \\
      --limn 'limn segments table {csv} --clusters 5 --method mixture --json'

Interactions: a header user,item,weight,time; each user's last row is held out, all items are
ranked, seen ones are left out. Table: a header and numbers, empty for missing; the last fifth of
the rows is held out. The isolation forests see no label; missing values are medians for them.
Cluster: a header and numbers; columns with a long tail are taken as logarithms, all are
standardised, missing values are means.

The command of --limn is run with {csv} replaced by the file and must print one JSON object a line
with "name" and the figures it has; without it only the peers are shown. Peers that are not
installed (implicit, scikit-learn, lightgbm) are named and left out.
"""
import argparse
import csv
import json
import os
import shlex
import subprocess
import time

THREADS = int(os.environ.get("PEERS_THREADS", os.cpu_count() or 1))
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", str(THREADS))


def ranking(np, top, held, users):
    """Means of one held item a user."""
    hit = top == held[users][:, None]
    gain = 1 / np.log2(np.arange(2, top.shape[1] + 2))
    return {
        "hit_rate@10": float(hit[:, :10].any(1).mean()),
        "recall@20": float(hit[:, :20].any(1).mean()),
        "ndcg@10": float((hit[:, :10] * gain[:10]).sum(1).mean()),
        "ndcg@20": float((hit[:, :20] * gain[:20]).sum(1).mean()),
    }


def read_interactions(np, sp, path):
    users, items, rows = {}, {}, []
    with open(path, newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            user = users.setdefault(row["user"], len(users))
            item = items.setdefault(row["item"], len(items))
            rows.append((user, float(row["time"]), number, item, float(row["weight"])))
    rows.sort()
    held = np.full(len(users), -1)
    counts = np.bincount([row[0] for row in rows])
    u, i, w = [], [], []
    for place, row in enumerate(rows):
        last = place + 1 == len(rows) or rows[place + 1][0] != row[0]
        if last and counts[row[0]] > 1:
            held[row[0]] = row[3]
        else:
            u.append(row[0])
            i.append(row[3])
            w.append(row[4])
    shape = (len(users), len(items))
    matrix = sp.coo_matrix((np.array(w, np.float32), (u, i)), shape=shape).tocsr()
    matrix.sum_duplicates()
    return matrix, held


def interactions(path):
    import numpy as np
    import scipy.sparse as sp

    matrix, held = read_interactions(np, sp, path)
    users = np.flatnonzero(held >= 0)
    counts = np.asarray(matrix.sum(0)).ravel()
    order = np.argsort(-counts, kind="stable")
    top = np.zeros((len(users), 20), int)
    for place, user in enumerate(users):
        seen = set(matrix.indices[matrix.indptr[user]:matrix.indptr[user + 1]])
        best = [item for item in order[:20 + len(seen)] if item not in seen][:20]
        top[place] = np.pad(best, (0, 20 - len(best)), constant_values=-2)
    yield {"name": "popularity (numpy)", **ranking(np, top, held, users)}
    try:
        from implicit.als import AlternatingLeastSquares
        from implicit.nearest_neighbours import CosineRecommender
    except ImportError:
        print("implicit is not installed: its rows are left out")
        return
    models = {
        "als (implicit)": AlternatingLeastSquares(
            factors=64, iterations=15, regularization=0.05, alpha=2, num_threads=THREADS,
            random_state=1),
        "item_to_item (implicit cosine)": CosineRecommender(K=100, num_threads=THREADS),
    }
    for name, model in models.items():
        start = time.perf_counter()
        model.fit(matrix, show_progress=False)
        seconds = time.perf_counter() - start
        top = model.recommend(users, matrix[users], N=20, filter_already_liked_items=True)[0]
        yield {"name": name, "train_s": seconds, **ranking(np, top, held, users)}


def top(np, labels, scores):
    """Precision of the highest scores."""
    order = np.argsort(-scores, kind="stable")
    hundredth = max(1, len(labels) // 100)
    return {
        "precision@100": float(labels[order[:100]].mean()),
        "precision@1%": float(labels[order[:hundredth]].mean()),
    }


def table(path, label):
    import numpy as np

    with open(path, newline="") as file:
        reader = csv.DictReader(file)
        names = [name for name in reader.fieldnames if name != label]
        rows = [[float(row[n]) if row[n] else np.nan for n in [label] + names] for row in reader]
    data = np.array(rows, np.float32)
    cut = int(len(data) * 0.8)
    train, test = data[:cut], data[cut:]
    models = {}
    try:
        from sklearn.ensemble import HistGradientBoostingClassifier, IsolationForest
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ImportError:
        print("scikit-learn is not installed: the table cannot be compared")
        return
    models["logistic_regression (scikit-learn)"] = make_pipeline(
        SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=200))
    models["gradient_boosted_trees (scikit-learn)"] = HistGradientBoostingClassifier(
        random_state=0)
    try:
        from lightgbm import LGBMClassifier
        models["gradient_boosted_trees (lightgbm)"] = LGBMClassifier(
            n_jobs=THREADS, random_state=0, verbose=-1)
    except ImportError:
        print("lightgbm is not installed: its row is left out")
    forest = make_pipeline(
        SimpleImputer(strategy="median"), IsolationForest(random_state=0, n_jobs=1))
    start = time.perf_counter()
    forest.fit(train[:, 1:])
    seconds = time.perf_counter() - start
    scores = -forest.score_samples(test[:, 1:])
    yield {
        "name": "isolation_forest (scikit-learn)", "train_s": seconds,
        "auc": roc_auc_score(test[:, 0], scores),
        "average_precision": average_precision_score(test[:, 0], scores),
        **top(np, test[:, 0], scores),
    }
    for name, model in models.items():
        start = time.perf_counter()
        model.fit(train[:, 1:], train[:, 0])
        seconds = time.perf_counter() - start
        chances = model.predict_proba(test[:, 1:])[:, 1]
        yield {
            "name": name, "train_s": seconds, "auc": roc_auc_score(test[:, 0], chances),
            "average_precision": average_precision_score(test[:, 0], chances),
            **top(np, test[:, 0], chances),
            "log_loss": log_loss(test[:, 0], chances),
        }


def cluster(path, count):
    import numpy as np

    with open(path, newline="") as file:
        rows = [[float(v) if v else np.nan for v in row.values()] for row in csv.DictReader(file)]
    data = np.array(rows)
    for column in data.T:
        known = column[~np.isnan(column)]
        if known.min() >= 0 and ((known - known.mean()) ** 3).mean() / known.std() ** 3 > 2:
            column[:] = np.log1p(column)
    data = np.nan_to_num((data - np.nanmean(data, 0)) / np.nanstd(data, 0))
    try:
        from sklearn.cluster import KMeans
        from sklearn.metrics import silhouette_score
        from sklearn.mixture import GaussianMixture
    except ImportError:
        print("scikit-learn is not installed: clusters cannot be compared")
        return
    models = {
        "kmeans (scikit-learn)": KMeans(count, n_init=5, random_state=1),
        "mixture (scikit-learn)": GaussianMixture(
            count, covariance_type="diag", tol=1e-4, max_iter=200, n_init=2, reg_covar=1e-3,
            random_state=1),
    }
    for name, model in models.items():
        start = time.perf_counter()
        labels = model.fit_predict(data)
        seconds = time.perf_counter() - start
        row = {"name": name, "train_s": seconds}
        row["silhouette"] = float(silhouette_score(data, labels))
        row["sizes"] = sorted(np.bincount(labels).tolist(), reverse=True)
        if hasattr(model, "inertia_"):
            row["inertia"] = float(model.inertia_)
        else:
            row["log_likelihood"] = float(model.score(data) * len(data))
            row["bic"] = float(model.bic(data))
        yield row


def limn(command, path):
    words = [word.replace("{csv}", path) for word in shlex.split(command)]
    output = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    for line in output.splitlines():
        if line.startswith("{"):
            row = json.loads(line)
            for nested in ("fit", "evidence", "unused"):
                value = row.pop(nested, {})
                row.update(value if isinstance(value, dict) else {})
            if "sizes" in row:
                row["sizes"] = sorted(row["sizes"], reverse=True)
                row["train_s"] = row.pop("seconds")
            yield {**row, "name": f"{row.get('name', '?')} (limn)"}


def show(rows):
    columns = []
    for row in rows:
        columns += [key for key in row if key not in columns]
    cells = [columns] + [
        [f"{row[c]:.4f}" if isinstance(row.get(c), float) else str(row.get(c, "")) for c in columns]
        for row in rows
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(columns))]
    for line in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interactions", help="CSV of user,item,weight,time")
    parser.add_argument("--table", help="CSV of numbers with a label column")
    parser.add_argument("--label", default="label")
    parser.add_argument("--cluster", help="CSV of numbers")
    parser.add_argument("--clusters", type=int, default=5)
    parser.add_argument(
        "--limn", action="append", default=[],
        help="command that prints Limn's figures as JSON lines; may be given again")
    options = parser.parse_args()
    for path, peers in (
        (options.interactions, interactions),
        (options.table, lambda path: table(path, options.label)),
        (options.cluster, lambda path: cluster(path, options.clusters)),
    ):
        if path:
            rows = list(peers(path))
            for command in options.limn:
                rows += list(limn(command, path))
            show(sorted(rows, key=lambda row: row["name"]))


if __name__ == "__main__":
    main()
