import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { lessonData } from "../../src/page/lessonData";
import { knownAnswers } from "../support/kat";

const experiment = parseExperiment();
const request = { experiment, timesteps: 5000, selected: 1 };
const notebook = knownAnswers<Record<string, number>>("notebook_n6");

test("the notebook's numbers, as the lessons show them", async () => {
  const { twoNeurons, single, all, correlation, weight, exact } = await lessonData({
    ...request,
    source: "numpy",
  });
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(twoNeurons.on) - mean(twoNeurons.off)).toBeCloseTo(0.9907195190159408, 12);
  expect(single.agreement).toBeCloseTo(notebook.single_correlation, 12);
  expect(all.agreement).toBeCloseTo(notebook.all_difference_in_means_correlation, 12);
  expect(correlation.agreement).toBeCloseTo(notebook.all_correlation, 12);
  // The arrow 5 → 1 stands in row 1, column 5.
  expect(weight[1 * 6 + 5]).toBeCloseTo(0.7001057239470767, 12);
  expect(exact[1 * 6 + 5]).toBeCloseTo(0.14117617549817418, 6);
  expect(Math.abs(all.effect[1 * 6 + 5] - exact[1 * 6 + 5])).toBeLessThan(4 * all.standardError[1 * 6 + 5]);
  // 0.2 of scatter, 1,250 trials in each arm.
  for (const error of all.standardError) expect(error).toBeCloseTo(0.0083, 3);
});

test("fresh trials show another draw of the same thing", async () => {
  const fresh = await lessonData({ ...request, source: "fresh" });
  const numpy = await lessonData({ ...request, source: "numpy" });
  expect([...fresh.standard.state.slice(0, 20)]).not.toEqual([...numpy.standard.state.slice(0, 20)]);
  let beyond = 0;
  fresh.all.effect.forEach((effect, pair) => {
    expect(fresh.all.standardError[pair]).toBeCloseTo(numpy.all.standardError[pair], 3);
    if (Math.abs(effect - fresh.exact[pair]) > 3.5 * fresh.all.standardError[pair]) beyond++;
  });
  expect(beyond).toBe(0);
  expect(fresh.all.agreement).toBeGreaterThan(0.95);
  expect(fresh.single.effect[0]).toBe(fresh.all.effect[1]);
  for (let t = 0; t < 10; t += 2)
    for (let n = 0; n < 6; n++) expect([0, 1]).toContain(fresh.perturbed.state[n * 5000 + t]);
});
