import { expect, test } from "vitest";
import { parseExperiment } from "../../src/model/experiment";
import { InputError } from "../../src/model/inputError";
import { readLink, viewChoices, writeLink } from "../../src/ui/link";
import { defaultState, defaultView, type State } from "../../src/ui/state";

const state = (experiment: Record<string, unknown>, view: Partial<State["view"]> = {}): State => ({
  experiment: parseExperiment(experiment),
  view: { ...defaultView, ...view },
});

test("a link holds the version and what differs from the defaults", () => {
  expect(writeLink(defaultState)).toBe("#v=1");
  expect(writeLink(state({ neurons: 7, networkSeed: 3 }, { theme: "projector", select: "5-1" }))).toBe(
    "#v=1&neurons=7&network-seed=3&theme=projector&select=5-1",
  );
});

test("a state survives the way through its link", () => {
  const seeds = ["lecture", "a b&c=d#e%", "→ ünï", "+1"];
  for (const seed of seeds) {
    const given = state(
      { network: "random", neurons: 400, density: 0.025, seed, trials: 1e6, engine: "cpu" },
      { truth: "hidden", pace: "off", select: "399" },
    );
    const { state: read, problems } = readLink(writeLink(given), defaultState);
    expect(problems).toEqual([]);
    expect(read).toEqual(given);
  }
});

test("level, rate, z and the charts on show are views: they survive the way, and a bad one is named", () => {
  const given = state({}, { charts: "plan", level: 0.99, rate: 0.001, z: 4.5 });
  expect(writeLink(given)).toBe("#v=1&charts=plan&level=0.99&rate=0.001&z=4.5");
  expect(readLink(writeLink(given), defaultState)).toEqual({ state: given, problems: [] });
  const cases: [string, Partial<State["view"]>, RegExp][] = [
    ["level=1", { level: 0.9999 }, /^level is "1"; allowed: a number from 0\.5 to 0\.9999; using 0\.9999\.$/],
    ["level=95%25", { level: 0.95 }, /^level is "95%"; .*using 0\.95\.$/],
    ["rate=0", { rate: 1e-6 }, /^rate is "0"; allowed: a number from 0\.000001 to 0\.5; using 0\.000001\.$/],
    ["rate=0x1", { rate: 0.05 }, /^rate is "0x1"; .*using 0\.05\.$/],
    ["z=1e9", { z: 10 }, /^z is "1e9"; allowed: a number from 1 to 10; using 10\.$/],
    ["z=", { z: 3 }, /^z is ""; .*using 3\.$/],
    [
      "charts=rocs",
      { charts: "convergence" },
      /^charts is "rocs"; allowed: convergence or recovery or plan or strongest;/,
    ],
  ];
  for (const [hash, expected, sentence] of cases) {
    const { state: read, problems } = readLink(`#v=1&${hash}`, defaultState);
    expect(read, hash).toEqual(state({}, expected));
    expect(problems, hash).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  }
});

test("an empty hash is the first open", () => {
  expect(readLink("", defaultState)).toEqual({ state: defaultState, problems: [] });
});

test("a bad value becomes the nearest allowed one, or stays, and is named in a sentence", () => {
  const last = state({ density: 0.3, engine: "cpu" });
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ["neurons=0", { neurons: 1 }, /neurons is "0"; allowed: a whole number from 1 to 1,000,000.*; using 1\./],
    ["neurons=2e6", { neurons: 1_000_000 }, /neurons is "2e6".*from 1 to 1,000,000.*using 1,000,000/],
    ["neurons=6.4", { neurons: 6 }, /neurons is "6.4".*using 6/],
    ["neurons=1e999", { neurons: 6 }, /neurons is "1e999".*using 6/],
    ["density=1.5", { density: 1 }, /density is "1.5"; allowed: a number from 0 to 1; using 1\./],
    ["density=", { density: 0.3 }, /density is "".*using 0.3/],
    ["density=NaN", { density: 0.3 }, /density is "NaN".*using 0.3/],
    ["trials=-5", { trials: 1 }, /trials is "-5".*using 1/],
    ["engine=tpu", { engine: "cpu" }, /engine is "tpu"; allowed: gpu or cpu; using cpu\./],
    ["network-seed=4294967296", { networkSeed: 4294967295 }, /network seed is "4294967296"/],
  ];
  for (const [hash, expected, sentence] of cases) {
    const { state: read, problems } = readLink(`#v=1&${hash}`, last);
    expect(read.experiment, hash).toMatchObject(expected);
    expect(problems, hash).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  }
});

test("what a link cannot set, and views that do not exist, are named", () => {
  const { state: read, problems } = readLink("#v=2&colour=red&theme=blue&select=6-1", defaultState);
  expect(read).toEqual(defaultState);
  expect(problems).toHaveLength(4);
  expect(problems.join(" ")).toMatch(/v is "2".*theme is "blue"; allowed: desk or projector/);
  expect(problems.join(" ")).toMatch(/select is "6-1".*neurons 0 to 5/);
  expect(problems.join(" ")).toMatch(/"colour" is nothing a link can set/);
});

test("an experiment whose parameters do not go together is refused whole, and the one on show stays", () => {
  const last = state({ neurons: 9, networkSeed: 3 });
  const check = (experiment: State["experiment"]) => {
    if (experiment.neurons * experiment.density > 100) throw new InputError("too many arrows");
    return experiment;
  };
  const { state: read, problems } = readLink(
    "#v=1&network=random&neurons=5000&truth=hidden&select=7",
    last,
    undefined,
    check,
  );
  expect(read).toEqual({ ...last, view: { ...defaultView, truth: "hidden", select: "7" } });
  expect(problems).toEqual(["too many arrows; the network on show stays."]);
});

test("an experiment is taken as the check words it", () => {
  const check = (experiment: State["experiment"]) => ({ ...experiment, sources: "0-2" });
  const { state: read, problems } = readLink("#v=1&sources=id:a", defaultState, undefined, check);
  expect(read.experiment.sources).toBe("0-2");
  expect(problems).toEqual([]);
});

test("the layout is a view: it survives the way, and a bad one is named", () => {
  for (const layout of viewChoices.layout) {
    const given = state({}, { layout });
    expect(writeLink(given)).toBe(layout === "auto" ? "#v=1" : `#v=1&layout=${layout}`);
    expect(readLink(writeLink(given), defaultState)).toEqual({ state: given, problems: [] });
  }
  expect(readLink("#v=1&layout=circle", defaultState)).toEqual({
    state: defaultState,
    problems: [
      'layout is "circle"; allowed: auto or ring or disc or sphere or blocks or force or places; using auto.',
    ],
  });
});

test("sources are part of a link", () => {
  const given = state({ network: "in-degree", neurons: 100_000, sources: "3,17-99" });
  expect(writeLink(given)).toBe("#v=1&network=in-degree&neurons=100000&sources=3%2C17-99");
  expect(readLink(writeLink(given), defaultState)).toEqual({ state: given, problems: [] });
  expect(readLink("#v=1&sources=top", defaultState).problems.join()).toMatch(
    /sources is "top"; allowed: auto, all/,
  );
});

test("the part of the matrices on show is in the link, and cannot lie outside them", () => {
  const link = "#v=1&neurons=600&cells=100-199,0-63&pooling=mean";
  const { state, problems } = readLink(link, defaultState);
  expect(problems).toEqual([]);
  expect([state.view.cells, state.view.pooling]).toEqual(["100-199,0-63", "mean"]);
  expect(new URLSearchParams(writeLink(state).slice(1)).get("cells")).toBe("100-199,0-63");
  for (const bad of ["5", "9-4,0-1", "0-600,0-1", "0-1,0-1,0-1"]) {
    const read = readLink(`#v=1&neurons=600&cells=${bad}`, defaultState);
    expect(read.state.view.cells).toBe("");
    expect(read.problems[0]).toMatch(/^cells is ".*"; allowed: rows and columns/);
  }
});

// Where a space could be a name's or the list's, eighteen names take 17 seconds, and each one more three times as long.
test("a list of names that is none after all is told at once", { timeout: 5_000 }, () => {
  const sources = `${"id:a  ,".repeat(250)}x`;
  const { state: read, problems } = readLink(`#v=1&${new URLSearchParams({ sources })}`, defaultState);
  expect(read).toEqual(defaultState);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^sources is "id:a {2},.*; allowed: auto, all, top:K, /);
});

test("a number in another grammar than the lab's has no nearest one", () => {
  for (const text of ["0x10", "0b11", "1e400", "Infinity", "1_0", "", " "]) {
    const { state: read, problems } = readLink(
      `#v=1&neurons=${encodeURIComponent(text)}`,
      state({ neurons: 5 }),
    );
    expect(read.experiment.neurons, text).toBe(5);
    expect(problems, text).toHaveLength(1);
  }
});

test("what a link says too much of is one short sentence, and one name counts once", () => {
  const many = Array.from({ length: 5_000 }, (_, at) => `x${at}=1`).join("&");
  const cases: [string, RegExp][] = [
    [`#v=1&${many}`, /^The link has 38,\d{3} characters; allowed: up to 32,768; nothing of it is read\.$/],
    [
      `#v=1&${many.slice(0, 30_000)}`,
      /^"x0" and 3,\d{3} more names are nothing a link can set; allowed: v, /,
    ],
    ["#neurons=7&neurons=8&neurons=9", /^"neurons" is there more than once; .*the last one counts\.$/],
    [`#theme=${"x".repeat(20_000)}`, /^theme is "x{99}… \(20,002 characters\); allowed: desk or projector; /],
    ["#select=%0a%e2%80%ae%c2%85", /^select is "\\n\ufffd\ufffd"; allowed: /],
    ["#__proto__=1", /^"__proto__" is nothing a link can set/],
  ];
  // What is on show stays.
  const shown = { ...defaultState, experiment: { ...defaultState.experiment, neurons: 7 } };
  expect(readLink(`#v=1&${many}`, shown).state).toBe(shown);
  for (const [hash, sentence] of cases) {
    const { state: read, problems } = readLink(hash, defaultState);
    expect(problems, hash.slice(0, 40)).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
    expect(problems[0].length).toBeLessThan(1000);
    expect(read.experiment.neurons).toBe(hash.includes("neurons") ? 9 : 6);
  }
});
