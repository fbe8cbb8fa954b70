import { bug, type Seeded } from "./bug";

/** Bugs in the file of the sums and in what vouches for them, and in the replay of the notebook. */
export const files: readonly Seeded[] = [
  {
    file: "src/io/sumsFile.ts",
    tests: ["io/sumsFile"],
    bugs: [
      bug("off by one", "arms are written one place too early", "(index > 0 ? 1 : 0)", "(index > 1 ? 1 : 0)"),
      bug("off by one", "arms are read one place too late", "place - 3 - targets", "place - 2 - targets"),
      bug(
        "carry",
        "upper words are not written",
        "words[2 * at + 1] = Math.floor(value / 2 ** 32);",
        "words[2 * at + 1] = 0;",
      ),
      bug(
        "condition",
        "a source may come twice",
        "value > sources[source - 1]",
        "value >= sources[source - 1]",
      ),
      bug(
        "index",
        "the matrix is written with row and column exchanged",
        "matrix[target * sources.length + column]",
        "matrix[column * targets + target]",
      ),
      bug(
        "off by one",
        "a large matrix loses a source between pieces",
        "    first = end;\n",
        "    first = end + (end < sources.length ? 1 : 0);\n",
      ),
    ],
  },
  {
    file: "src/io/origin.ts",
    tests: ["io/origin", "io/sessionFile"],
    bugs: [
      bug(
        "off by one",
        "sums of a trial more than they say are taken",
        "if (sums.trials !== done)",
        "if (sums.trials < done)",
      ),
      bug(
        "dropped",
        "sums of other sources are taken",
        "return known[at] === source;",
        "return known[at] >= source;",
      ),
      bug(
        "condition",
        "sums of a design with arms are taken for others",
        '(isPlain ? null : experiment.design === "same-noise" ? "paired" : "apart")',
        '(arms === null || isPlain ? null : experiment.design === "same-noise" ? "paired" : "apart")',
      ),
    ],
  },
  {
    file: "src/cli/folder.ts",
    tests: ["cli/folder"],
    bugs: [
      bug(
        "dropped",
        "a result that was changed is believed",
        "fits: resultHash === hashResult(result)",
        "fits: resultHash !== undefined",
      ),
    ],
  },
  {
    file: "src/io/watchFile.ts",
    tests: ["io/sumsFile"],
    bugs: [
      bug(
        "order",
        "sums and squares change places in the file",
        "sums.before, sums.beforeSquared,",
        "sums.beforeSquared, sums.before,",
      ),
    ],
  },
  {
    file: "src/replay/mt19937.ts",
    tests: ["replay/mt19937"],
    bugs: [
      bug(
        "off by one",
        "a uniform number has one bit too many below",
        "this.uint32() >>> 6",
        "this.uint32() >>> 5",
      ),
      bug(
        "dropped",
        "the second normal number of a pair is thrown away",
        "this.spare = factor * x;",
        "this.spare = Number.NaN;",
      ),
      bug(
        "condition",
        "a draw on the edge is the number below",
        "while (cdf[index] <= sample) index++;",
        "while (cdf[index] < sample - 1e-3) index++;",
      ),
    ],
  },
  {
    file: "src/replay/connectivity.ts",
    tests: ["replay/connectivity"],
    bugs: [
      bug(
        "index",
        "rows are sources",
        "if (random.choice(cdf) === 1) source[arrows++] = from;",
        "if (random.choice(cdf) === 1) source[arrows++] = (from + target) % neurons;",
      ),
    ],
  },
  {
    file: "src/replay/estimates.ts",
    tests: ["replay/notebook"],
    bugs: [
      bug("off by one", "outcomes are the perturbations before them", "outcome: rows(1)", "outcome: rows(0)"),
      bug(
        "dropped",
        "the last trial is left out",
        "Math.floor(timesteps / 2)",
        "Math.floor((timesteps - 1) / 2)",
      ),
    ],
  },
  {
    file: "src/replay/notebook.ts",
    tests: ["replay/notebook"],
    bugs: [
      bug(
        "reused counter",
        "one neuron is perturbed with the numbers of all",
        "const forOne = simulatePerturbed(connectivity, timesteps, random, onStep);",
        "const forOne = simulatePerturbed(connectivity, timesteps, new LegacyRandom(seed), onStep);",
      ),
    ],
  },
  {
    file: "src/replay/statistics.ts",
    tests: ["replay/statistics"],
    bugs: [
      bug(
        "rounding",
        "halves of a long sum are not whole eights",
        "const first = half - (half % 8);",
        "const first = half;",
      ),
      bug(
        "dropped",
        "the last number of a sum is left out",
        "for (; at < end; at++) sum += values[at];",
        "for (; at < end - 1; at++) sum += values[at];",
      ),
    ],
  },
];
