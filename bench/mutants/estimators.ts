import { bug, type Seeded } from "./bug";

/** Bugs in what is made of the sums, and in what is known exactly. */
export const estimators: readonly Seeded[] = [
  {
    file: "src/model/estimate.ts",
    tests: ["model/estimate"],
    bugs: [
      bug(
        "off by one",
        "two means take one degree of freedom",
        "inverse / (trials - 2)",
        "inverse / (trials - 1)",
      ),
      bug(
        "dropped",
        "the scatter between the arms counts as scatter within",
        "const within = whole - effect[index] * effect[index] * perBetween[column];",
        "const within = whole - 0 * perBetween[column];",
      ),
      bug(
        "copy and paste",
        "the arm at 0 is as long as that at 1",
        "varianceOfMean(n0, pairOff[index], squaredOff[index])",
        "varianceOfMean(n1, pairOff[index], squaredOff[index])",
      ),
      bug(
        "formula",
        "pairs of trials count as two each",
        "if (paired) return n1 - 1;",
        "if (paired) return n1 + n0 - 2;",
      ),
      bug("formula", "a square is completed by half", "squares - 2 * near * sum", "squares - near * sum"),
      bug(
        "off by one",
        "an arm's scatter is divided by its trials",
        "scatterAbout(n, sum, squares) / (n - 1) / n",
        "scatterAbout(n, sum, squares) / n / n",
      ),
      bug(
        "off by one",
        "the correlation is that of one trial fewer",
        "(trials * whole)",
        "((trials - 1) * whole)",
      ),
      bug(
        "formula",
        "few degrees of freedom are believed",
        "const bend = (8 * freedom + 1) / (8 * freedom + 3);",
        "const bend = 1;",
        { at: 1 },
      ),
      bug(
        "off by one",
        "a hidden target's last effect is shown",
        "(target + 1) * columns)",
        "(target + 1) * columns - 1)",
      ),
      bug(
        "formula",
        "Welch's arms change places",
        "(1 / (n1 ** 2 * (n1 - 1)) + 1 / (n0 ** 2 * (n0 - 1)))",
        "(1 / (n1 ** 2 * (n0 - 1)) + 1 / (n0 ** 2 * (n1 - 1)))",
      ),
    ],
  },
  {
    file: "src/model/inference.ts",
    tests: ["model/inference", "model/recovery"],
    bugs: [
      bug(
        "formula",
        "an interval is one-sided",
        "tailQuantile(1 - level, freedom)",
        "tailQuantile(2 * (1 - level), freedom)",
      ),
      bug(
        "condition",
        "the first p-value that is too large ends the search",
        "let claimed = candidates.length;",
        "let claimed = candidates.findIndex((p, k) => p > ((k + 1) / tested) * rate);\n  if (claimed < 0) claimed = candidates.length;",
      ),
      bug(
        "formula",
        "the rate is shared among the candidates alone",
        "(claimed / tested) * rate) claimed--",
        "(claimed / candidates.length) * rate) claimed--",
      ),
      bug("off by one", "the last discovery is not one", "p <= largestP", "p < largestP"),
      bug(
        "index",
        "a pair is judged by its row's freedom",
        "const column = pair % freedom.length;",
        "const column = Math.floor(pair / freedom.length) % freedom.length;",
      ),
      bug(
        "condition",
        "no effect without an error is certain",
        "effect === 0 && standardError === 0 ? 0 :",
        "standardError === 0 ? Number.POSITIVE_INFINITY :",
      ),
    ],
  },
  {
    file: "src/model/studentT.ts",
    tests: ["model/studentT"],
    bugs: [
      bug(
        "copy and paste",
        "a term of the gamma function's series has the wrong sign",
        "-21 / 32768",
        "21 / 32768",
      ),
      bug("formula", "the density falls with half the freedom", "(-(freedom + 1) / 2)", "(-freedom / 2)"),
    ],
  },
  {
    file: "src/model/candidates.ts",
    tests: ["model/candidates"],
    bugs: [
      bug(
        "dropped",
        "pairs that are still to come do not count",
        "this.cutAt(this.passed + this.left, this.tested + this.left)",
        "this.cutAt(this.passed, this.tested + this.left)",
      ),
      bug(
        "index",
        "row and column of a candidate change places",
        "sources[column], Math.floor(pair / columns)",
        "Math.floor(pair / columns), sources[column]",
      ),
      bug(
        "dropped",
        "the last records are never written",
        "      writer.flush();\n      this.kept.clear();",
        "      this.kept.clear();",
      ),
    ],
  },
  {
    file: "src/model/twoArms.ts",
    tests: ["lessons/lessons"],
    bugs: [
      bug(
        "formula",
        "squares are about the mean before",
        "squares += step * (values[trial] - mean);",
        "squares += step * (values[trial] - before);",
      ),
      bug("formula", "the line is that of x against y", "const slope = xy / xx;", "const slope = xy / yy;"),
    ],
  },
  {
    file: "src/model/paired.ts",
    tests: ["model/estimand"],
    bugs: [
      bug("formula", "two arms share half of what they share", "- 2 * product", "- product"),
      bug(
        "dropped",
        "rounding adds nothing to a difference",
        "+ roundingPart(groups, group, size)",
        "+ 0 * size",
      ),
    ],
  },
  {
    file: "src/model/estimand.ts",
    tests: ["model/estimand"],
    bugs: [
      bug(
        "dropped",
        "hidden sources are like all others",
        " + (design.hidden?.[source[start + index]] ?? 0)",
        " + 0 * source[start + index]",
      ),
      bug("formula", "the fourth moment has one first too few", "3 * first ** 4", "3 * first ** 3"),
      bug(
        "dropped",
        "rows of other lengths are taken for known",
        "counts[group]}`).join()",
        "counts.length}`).join()",
      ),
      bug(
        "copy and paste",
        "the arm at 1 is that at 0",
        "arms.on[arrow] = row.on[group];",
        "arms.on[arrow] = row.off[group];",
      ),
    ],
  },
  {
    file: "src/model/row.ts",
    tests: ["model/estimand", "model/together"],
    bugs: [
      bug("formula", "a coefficient of the fourth power is 6", "(first - 7 * square", "(first - 6 * square"),
      bug("dropped", "common noise is cut at 3 deviations", "Math.ceil(9 / step)", "Math.ceil(3 / step)"),
      bug(
        "off by one",
        "a source is among the others",
        "let rest = count - 1, a = x",
        "let rest = count, a = x",
      ),
    ],
  },
  {
    file: "src/model/sums.ts",
    tests: ["model/sums"],
    bugs: [
      bug(
        "copy and paste",
        "squares are added to sums",
        "add(a.outcomeSquared, b.outcomeSquared)",
        "add(a.outcomeSquared, b.outcome)",
      ),
      bug(
        "dropped",
        "the trials of the second half do not count",
        "trials: a.trials + b.trials,",
        "trials: Math.max(a.trials, b.trials),",
      ),
      bug(
        "index",
        "rows of a part are as long as those of the whole",
        "of(part)[target * part.sources.length + column]",
        "of(part)[target * columns.length + column]",
      ),
    ],
  },
  {
    file: "src/model/recovery.ts",
    tests: ["model/recovery"],
    bugs: [
      bug(
        "copy and paste",
        "missed arrows are false discoveries",
        "missed: judge.arrows - claimedArrows",
        "missed: discoveries.claimed - claimedArrows",
      ),
      bug(
        "index",
        "a neuron is taken for a column",
        "const column = columnOf[source[arrow]];",
        "const column = source[arrow] < sources.length ? source[arrow] : columnOf[source[arrow]];",
      ),
    ],
  },
  {
    file: "src/model/ranks.ts",
    tests: ["model/recovery"],
    bugs: [
      bug("off by one", "tied ranks begin at 0", "before + (tied + 1) / 2", "before + tied / 2"),
      bug(
        "dropped",
        "ties spread like others",
        "(pairs ** 3 - pairs - ties) / 12",
        "(pairs ** 3 - pairs - 0 * ties) / 12",
      ),
    ],
  },
  {
    file: "src/model/detection.ts",
    tests: ["model/recovery"],
    bugs: [bug("formula", "a tie is a win", "found + more / 2", "found + more")],
  },
  {
    file: "src/model/scores.ts",
    tests: ["model/recovery"],
    bugs: [
      bug(
        "order",
        "effects are sorted away from their weights",
        "const arrowEffect = arrow.slice();",
        "const arrowEffect = arrow;",
      ),
      bug(
        "condition",
        "inhibitory arrows are no arrows",
        "if (value === 0) this.values",
        "if (value <= 0) this.values",
      ),
    ],
  },
  {
    file: "src/model/judge.ts",
    tests: ["model/summary", "model/recovery"],
    bugs: [
      bug(
        "formula",
        "an interval is asked for 0 instead of the exact effect",
        "if (Math.abs(error) <= reach) covered++;",
        "if (Math.abs(value) <= reach) covered++;",
      ),
      bug(
        "index",
        "the exact effect is that of a column's number",
        "const error = value - exact[sources[column]];",
        "const error = value - exact[column];",
      ),
      bug(
        "dropped",
        "coverage at 95 % is that at the level asked for",
        "halfWidths95[column] * standardError[pair]",
        "halfWidths[column] * standardError[pair]",
      ),
    ],
  },
  {
    file: "src/model/agreement.ts",
    tests: ["model/summary"],
    bugs: [
      bug(
        "dropped",
        "columns' means are taken for alike",
        "xy: a.xy + b.xy + dx * dy * between",
        "xy: a.xy + b.xy",
      ),
      bug("formula", "means are joined by the wrong share", "(dx * b.n) / n", "(dx * a.n) / n"),
    ],
  },
  {
    file: "src/model/summary.ts",
    tests: ["model/summary"],
    bugs: [
      bug("dropped", "a tie is no loss", "losses += less + ties / 2;", "losses += less + 0 * ties;"),
      bug(
        "off by one",
        "the last row of a step is left out",
        "Math.min(from + step, network.neurons)",
        "Math.min(from + step - 1, network.neurons)",
      ),
    ],
  },
  {
    file: "src/model/needed.ts",
    tests: ["model/needed"],
    bugs: [
      bug("formula", "trials grow with z alone", "4 * scatter * z ** 2", "4 * scatter * z"),
      bug(
        "off by one",
        "the share of the arrows is one arrow more",
        "Math.ceil(share * sorted.length) - 1)",
        "Math.min(sorted.length - 1, Math.ceil(share * sorted.length)))",
      ),
    ],
  },
  {
    file: "src/model/pairs.ts",
    tests: ["model/pairs", "model/predict"],
    bugs: [
      bug("dropped", "arrows are counted among the pairs without one, too", "        others--;\n", ""),
      bug("dropped", "hidden targets are predicted, too", "      if (hidden[target]) continue;\n", ""),
      bug(
        "formula",
        "the arms change places",
        "(varianceOn / on + varianceOff / off) / 4",
        "(varianceOn / off + varianceOff / on) / 4",
      ),
    ],
  },
  {
    file: "src/model/predict.ts",
    tests: ["model/predict"],
    bugs: [
      bug(
        "dropped",
        "the wiring's mean is not taken off",
        "const r = effect - effectMean - aligned * c;",
        "const r = effect - aligned * c;",
      ),
      bug(
        "off by one",
        "two directions leave one degree of freedom more",
        "(1 - 2 / pairs)",
        "(1 - 1 / pairs)",
      ),
    ],
  },
  {
    file: "src/model/binomial.ts",
    tests: ["model/binomial"],
    bugs: [
      bug(
        "off by one",
        "counts below the likeliest are one off",
        "count / (n - count + 1) / odds",
        "count / (n - count) / odds",
      ),
    ],
  },
  {
    file: "src/model/deviations.ts",
    tests: ["model/deviations"],
    bugs: [
      bug(
        "index",
        "a pair is doubted by its row's freedom",
        "freedom[pair % freedom.length]",
        "freedom[Math.floor(pair / freedom.length) % freedom.length]",
      ),
    ],
  },
  {
    file: "src/model/sources.ts",
    tests: ["model/sources"],
    bugs: [
      bug(
        "order",
        "the best sources are in the order of their arrows",
        "order.slice(0, count).sort()",
        "order.slice(0, count)",
      ),
    ],
  },
  {
    file: "src/model/plan.ts",
    tests: ["model/plan"],
    bugs: [
      bug(
        "carry",
        "second words come 255 times too late",
        "Math.floor((2 ** 32 - 1) / 255)",
        "Math.floor(2 ** 32 - 1)",
      ),
      bug(
        "off by one",
        "a chunk that begins within a block is too long",
        "Math.floor(most / bytesPerTrial / 64) - 1",
        "Math.floor(most / bytesPerTrial / 64)",
      ),
      bug(
        "dropped",
        "the last rows have no tile",
        "Math.ceil(neurons / tileTargets)",
        "Math.floor(neurons / tileTargets)",
      ),
    ],
  },
  {
    file: "src/model/outgoing.ts",
    tests: ["model/outgoing"],
    bugs: [
      bug(
        "index",
        "an arrow's place is that among its source's",
        "arrow[place] = at;",
        "arrow[place] = place;",
      ),
    ],
  },
];
