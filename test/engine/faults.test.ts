import { afterAll, beforeAll, expect, test } from "vitest";
import { openNodeGpu } from "../../src/engine/gpu/node";
import { allCases, type Case, type FaultBench, faultBench } from "../support/faultMatrix";
import type { FaultKind, Stage } from "../support/faultyDevice";

// Whatever goes wrong on the GPU, wherever: the sums are right. Which faults, at which calls: test/support/faultyDevice.ts.
// A device that is gone takes seconds to be made again, so that these cases are but a few here; all are in
// `npm run bench -- faults`.

let gpu: GPU;
let arms: FaultBench;

beforeAll(async () => {
  gpu = await openNodeGpu();
  arms = await faultBench(gpu, { design: "subset", share: 0.4, hidden: 0.1 }, "accumulatePlanes");
});

afterAll(() => arms?.close());

/** Stage, kind, and how they may end; of calls of that stage by name, every so manyth. */
type Rule = readonly [stage: Stage, kind: FaultKind, every: number];

const isOf = ([stage, kind]: Rule, { fault }: Case) => fault.stage === stage && fault.kind === kind;

/** Some of the cases that happen while trials run. */
const casesOf = (rule: Rule) =>
  allCases(arms)
    .filter((one) => !one.opensEngine && one.fault.number === 1 && isOf(rule, one))
    .filter((_, index) => index % rule[2] === 0);

const right = ["right at once", "went on on the GPU", "went on on the CPU"];

test.each<Rule>([
  ["createBuffer", "out of memory", 9],
  ["createBuffer", "validation error", 9],
  ["writeBuffer", "silent zeros", 1],
  ["copy", "silent zeros", 5],
  ["dispatch", "validation error", 9],
  ["submit", "silent zeros", 1],
  ["submit", "validation error", 1],
  ["map", "silent zeros", 3],
])("%s: %s", async (...rule) => {
  const cases = casesOf(rule);
  expect(cases.length).toBeGreaterThan(0);
  for (const { fault } of cases) {
    const { end, said } = await arms.meet(fault, false);
    expect([fault, right.includes(end), end, said]).toEqual([fault, true, end, said]);
  }
});

test("a kernel that does not run is always noticed", async () => {
  const ends: Record<string, string> = {};
  for (const { fault } of casesOf(["dispatch", "silent zeros", 1])) {
    const { end, said } = await arms.meet(fault, false);
    ends[`${fault.about} ${fault.number}`] = end;
    if (end !== "right at once") expect(said).toMatch(/computed something else/);
  }
  const kernels = ["perturb", "choose", "evolve", "impose", "count", "tally", "square"];
  const sliced = ["align", "slice", "accumulatePlanes"];
  expect(Object.keys(ends).map((name) => name.split(" ")[0])).toEqual(
    expect.arrayContaining([...kernels, ...sliced]),
  );
  expect(ends).toEqual(Object.fromEntries(Object.keys(ends).map((name) => [name, "went on on the GPU"])));
});

test.each<Rule>([
  ["dispatch", "lost", 99],
  ["map", "lost", 99],
  ["popErrorScope", "lost", 99],
  ["map", "late answer", 99],
])("%s: %s", async (...rule) => {
  const fault = casesOf(rule)[0]?.fault;
  const { end, said } = await arms.meet(fault, false);
  expect([end, said]).toEqual(["went on on the GPU", expect.stringMatching(/the GPU was lost/)]);
});

test.each<[Stage, about: string, FaultKind, said: RegExp]>([
  ["requestAdapter", "", "refused", /^WebGPU is here but has no adapter/],
  ["requestDevice", "", "refused", /^the adapter grants no device: no more devices$/],
  ["requestDevice", "", "lost", /^the GPU was lost/],
  ["requestDevice", "", "late answer", /^the graphics driver did not answer for 4 seconds$/],
  // Kernels for arms are compiled when the first run needs them.
  [
    "createComputePipelineAsync",
    "choose",
    "late answer",
    /^the GPU was lost: it did not answer for 16 seconds$/,
  ],
])("while the GPU is opened, %s %s: %s", async (stage, about, kind, said) => {
  const met = await arms.meet({ stage, about, kind, number: 1 }, true);
  expect([met.end, met.said]).toEqual(["went on on the GPU", expect.stringMatching(said)]);
});

test.each<[what: string, stage: Stage, about: string, kind: FaultKind, said: RegExp]>([
  [
    "memory that is never there",
    ...(["createBuffer", "pair_low off outcome 0", "out of memory"] as const),
    /no room for this run, not in small buffers either: 37 sources need \d+ MiB; allowed: fewer sources, such as half \(19 sources need \d+ MiB\), or the CPU engine/,
  ],
  ["a kernel that never runs", "dispatch", "tally", "silent zeros", /computed something else: of Σo and Σo²/],
])("%s: the CPU goes on, and is told why", async (_, stage, about, kind, said) => {
  const met = await arms.meet({ stage, about, kind, number: 1, stays: true }, false);
  expect([met.end, met.said]).toEqual(["went on on the CPU", expect.stringMatching(said)]);
});

test("a variant that does not compile leaves the others; any other kernel that does not, the CPU", async () => {
  const bench = await faultBench(gpu, {});
  try {
    const broken = (about: string) => ({
      ...({ stage: "createShaderModule", kind: "compile failure", number: 1 } as const),
      about,
    });
    for (const about of ["accumulate", "slice"])
      expect(await bench.meet(broken(about), true)).toMatchObject({ end: "right at once" });
    const { end, said } = await bench.meet(broken("respond"), true);
    expect(said).toMatch(/^respond\.wgsl \(with its includes\) \d+:\d+: /);
    // The fault comes once: the next attempt compiles.
    expect(end).toBe("went on on the GPU");
  } finally {
    bench.close();
  }
});
