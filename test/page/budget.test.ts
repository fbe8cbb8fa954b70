import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { offerText } from "../../src/page/compare/words";

// What a link may start by itself in compare mode, whatever makes it dear.

const dense = { network: "in-degree", sources: "0" };

test.each<[string, Parameters<typeof parseExperiment>[0], RegExp]>([
  ["the notebook's", {}, /^$/],
  ["many pairs", { neurons: 1000, trials: 100_000 }, /pair-updates on each side are more than a link starts/],
  [
    "few pairs of many arrows",
    { ...dense, neurons: 4000, inDegree: 4000, trials: 32_000 },
    /^1 trillion pair-updates on each side .* [1-9]00 trials would start at once\.$/,
  ],
  [
    "little work in much memory",
    { ...dense, neurons: 16_000, inDegree: 16_000, trials: 1 },
    /^It takes up to \d+ GiB on each side; a link starts up to 2 GiB by itself\.$/,
  ],
])("%s", (_, given, sentence) => {
  expect(offerText(parseExperiment(given))).toMatch(sentence);
});
