import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { offerText } from "../../src/page/compare/words";
import { forecast } from "../../src/page/forecast";
import { priceText } from "../../src/page/linkBudget";

// What a link may start by itself, in the lab and in compare mode, whatever makes it dear.

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

const ring = { network: "small-world", neurons: 1_000_000, inDegree: 24, sources: "0", trials: 1 };
const nearLimit = { network: "in-degree", neurons: 100_000, inDegree: 350, sources: "0", trials: 1 };

test.each<[string, Parameters<typeof parseExperiment>[0], Parameters<typeof priceText>[1], RegExp]>([
  ["the notebook's", {}, "auto", /^$/],
  ["many trials", { trials: 4e9, neurons: 200 }, "auto", /^The link asks for a run of \d+ trillion/],
  ["a small world", { ...ring, rewiring: 0.1 }, "auto", /^$/],
  ["a ring", { ...ring, rewiring: 0 }, "auto", /^$/],
  [
    "what is nearly a ring",
    { ...ring, rewiring: 1e-6 },
    "auto",
    /^The link asks for a network whose scale takes some \d+ billion steps through its 24,000,000 arrows to find; a link starts up to 100 billion by itself: press run to start it\.$/,
  ],
  ["much memory", nearLimit, "auto", /^$/],
  ["and places by forces", nearLimit, "force", /^The link asks for a run of .* in up to 2\.\d GiB/],
])("in the lab: %s", (_, given, layout, sentence) => {
  expect(priceText(forecast(parseExperiment(given)), layout)).toMatch(sentence);
});
