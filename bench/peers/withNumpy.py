"""NumPy's side of `npm run bench -- speed`: one command a line on standard input, one JSON answer a line.

Every command is {"what": ..., "type": "float32" | "float64", "neurons": N, "trials": T}; the answer is {"ms": ...},
or {"about": ...} for "about". What is not the work itself, such as drawing the inputs of a product, is done before
the clock starts and kept for the next call.
"""

import json
import sys
import time

try:
    import numpy as np
except ImportError:
    print(json.dumps({"missing": "NumPy is not installed for python3"}), flush=True)
    sys.exit(0)

kept = {}


def keep(name, make):
    if name not in kept:
        kept.clear()
        kept[name] = make()
    return kept[name]


def clocked(work):
    start = time.perf_counter()
    work()
    return 1e3 * (time.perf_counter() - start)


def pairs(kind, neurons, trials):
    """The pair sums alone: one matrix product of floats."""
    rng = np.random.default_rng(1)

    def make():
        on = (rng.random((neurons, trials)) < 0.5).astype(kind)
        return on, rng.random((neurons, trials)).astype(kind)

    on, outcome = keep(("pairs", kind, neurons, trials), make)
    return clocked(lambda: outcome @ on.T)


def correlations(kind, neurons, trials):
    """The same pairs by np.corrcoef, as the notebook estimates all neurons at once."""
    rng = np.random.default_rng(1)
    both = keep(("correlations", kind, neurons, trials), lambda: rng.random((2 * neurons, trials)).astype(kind))
    return clocked(lambda: np.corrcoef(both)[:neurons, neurons:])


def job(kind, neurons, trials):
    """All of it, vectorised: perturbations, noise, drive, outcomes, sums, difference in means."""
    rng = np.random.default_rng(1)

    def make():
        wired = (rng.random((neurons, neurons)) < 0.1).astype(kind)
        return wired / (1.01 * np.linalg.norm(wired, 2)).astype(kind)

    weights = keep(("job", kind, neurons), make)

    def work():
        on = rng.integers(0, 2, (neurons, trials), dtype=np.uint8).astype(kind)
        outcome = rng.standard_normal((neurons, trials), dtype=kind)
        outcome += weights @ on
        np.negative(outcome, out=outcome)
        np.exp(outcome, out=outcome)
        outcome += 1
        np.reciprocal(outcome, out=outcome)
        pair = outcome @ on.T
        count = on.sum(1)
        total = outcome.sum(1)
        return pair / count - (total[:, None] - pair) / (trials - count)

    return clocked(work)


def notebook(kind, neurons, trials):
    """The calls of the course notebook, step by step: two time steps a trial, then a mean per source and arm."""
    rng = np.random.RandomState(42)

    def make():
        wired = (rng.random_sample((neurons, neurons)) < 0.1).astype(float)
        return wired / (1.01 * np.linalg.norm(wired, 2))

    weights = keep(("notebook", neurons), make)

    def work():
        states = np.zeros((neurons, 2 * trials))
        for step in range(2 * trials - 1):
            if step % 2 == 0:
                states[:, step] = rng.choice([0, 1], size=neurons)
            noise = rng.multivariate_normal(np.zeros(neurons), np.eye(neurons))
            states[:, step + 1] = 1 / (1 + np.exp(-(weights.dot(states[:, step]) + noise)))
        on, outcome = states[:, ::2], states[:, 1::2]
        effect = np.zeros((neurons, neurons))
        for source in range(neurons):
            effect[:, source] = outcome[:, on[source] == 1].mean(1) - outcome[:, on[source] == 0].mean(1)
        return effect

    return clocked(work)


does = {"pairs": pairs, "correlations": correlations, "job": job, "notebook": notebook}

for line in sys.stdin:
    asked = json.loads(line)
    if asked["what"] == "about":
        blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
        answer = {"about": f"NumPy {np.__version__}, {blas['name']} {blas['version']}, Python {sys.version.split()[0]}"}
    else:
        answer = {"ms": does[asked["what"]](np.dtype(asked["type"]).type, asked["neurons"], asked["trials"])}
    print(json.dumps(answer), flush=True)
