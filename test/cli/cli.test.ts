import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lab, labProcess, type Printed, root, script } from "../support/lab";

// The runner from its arguments to its exit code, and what it prints where; in this process, unless a process of its own
// is what is tested.

const folder = mkdtempSync(join(tmpdir(), "lab-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

function printed({ code, out, err }: Printed) {
  expect(err).toBe("");
  expect(code).toBe(0);
  expect(out.trim().split("\n")).toHaveLength(1);
  return JSON.parse(out);
}

const json = async (...args: string[]) => printed(await lab(...args, "--json"));
const jsonOfProcess = async (...args: string[]) => printed(await labProcess([...args, "--json"]));

const notebook = ["run", "--network", "notebook:6:42", "--seed", "lecture"];

test("the notebook's network: same sums on both engines, in chunks, and merged from halves", async () => {
  const whole = await jsonOfProcess(...notebook, "--trials", "2500", "--engine", "gpu");
  expect(whole).toMatchObject({
    experiment: {
      network: "notebook",
      neurons: 6,
      networkSeed: 42,
      seed: "lecture",
      trials: 2500,
      engine: "gpu",
    },
    engine: "gpu",
    trials: { from: 0, to: 2500 },
    sources: 6,
    targets: 6,
    missing: 0,
    auroc: 1,
  });
  expect(whole.agreement).toBeGreaterThan(0.96);
  expect(whole.rmsError).toBeLessThan(0.012);
  expect(whole.coverage95).toBeGreaterThan(0.8);
  expect(whole.seconds).toBeGreaterThan(0);
  expect(whole.pairUpdatesPerSecond).toBeCloseTo((36 * 2500) / whole.seconds, 3);
  expect(whole.sumsHash).toMatch(/^[0-9a-f]{64}$/);

  const cpu = await json(...notebook, "--trials", "2500", "--engine", "cpu", "--chunk", "1000");
  expect(cpu.engine).toBe("cpu");
  expect(cpu.sumsHash).toBe(whole.sumsHash);

  await json(...notebook, "--trials", "0..1000", "--out", at("a"));
  const second = await json(...notebook, "--trials", "1000..2500", "--engine", "cpu", "--out", at("b"));
  expect(second.trials).toEqual({ from: 1000, to: 2500 });
  const merged = await json("merge", at("b"), at("a"), "--out", at("ab"));
  expect(merged).toMatchObject({ sumsHash: whole.sumsHash, engine: null, trials: { from: 0, to: 2500 } });
  expect(merged.agreement).toBe(whole.agreement);
  expect((await json("merge", at("ab"))).sumsHash).toBe(whole.sumsHash);

  // Level and rate are of the question, not of the trials.
  const { coverage95, auroc, auprc, spearman } = whole;
  expect(whole.interval).toEqual({
    level: 0.95,
    halfWidth: expect.closeTo(1.9609141052539691, 10),
    coverage: coverage95,
  });
  expect(whole.falsePositives).toMatchObject({ level: 0.95, pairs: 32 });
  expect(whole.discoveries).toMatchObject({ rate: 0.05, tested: 36, true: 4, missed: 0 });
  expect(whole.discoveries.claimed).toBe(whole.discoveries.true + whole.discoveries.false);
  expect([auprc, auroc]).toEqual([1, 1]);
  expect(spearman).toBeGreaterThan(0.5);
  const strict = await json("merge", at("ab"), "--level", "0.999", "--rate", "1e-6", "--out", at("strict"));
  expect(strict).toMatchObject({ interval: { level: 0.999 }, falsePositives: { level: 0.999, count: 0 } });
  expect(strict.discoveries).toMatchObject({ rate: 1e-6, claimed: 4, true: 4, false: 0, falseShare: 0 });
  expect(strict.discoveries.largestP).toBeLessThan(1e-6);
  const { roc, precisionRecall, ...kept } = JSON.parse(readFileSync(at("strict/result.json"), "utf8"));
  expect(kept).toEqual(strict);
  expect(roc).toEqual({ falsePositiveRate: [0, 0, 1], truePositiveRate: [0, 1, 1] });
  expect(precisionRecall.recall.at(-1)).toBe(1);
  const lines = readFileSync(at("strict/effects.csv"), "utf8").trim().split("\n");
  expect(lines.filter((line) => line.endsWith(",1"))).toHaveLength(4);

  const overlap = await lab("merge", at("ab"), at("b"));
  expect(overlap).toMatchObject({ code: 2, out: "" });
  expect(overlap.err).toMatch(/both hold trial 1000; allowed: each trial once/);
  expect((await lab("merge", at("a"), at("a"))).err).toMatch(/both hold trial 0/);

  await json("run", "--trials", "2500..2600", "--engine", "cpu", "--out", at("other"));
  expect((await lab("merge", at("ab"), at("other"))).err).toMatch(/different experiments/);
  await json(...notebook, "--trials", "2600..2700", "--engine", "cpu", "--out", at("later"));
  expect((await lab("merge", at("ab"), at("later"))).err).toMatch(/ends before trial 2500 .* starts at 2600/);

  const bytes = readFileSync(at("a/sums.bin"));
  bytes[30] ^= 1;
  writeFileSync(at("a/sums.bin"), bytes);
  expect(await lab("merge", at("a"), at("b"))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/a.sums\.bin is damaged/),
  });
}, 180_000);

test("networks of every kind, in the short form and by options, on both engines", async () => {
  const short = await json("run", "--generate", "small-world:60:6:0.2", "--trials", "600", "--engine", "gpu");
  expect(short.experiment).toMatchObject({ network: "small-world", neurons: 60, inDegree: 6, rewiring: 0.2 });
  const long = ["--generate", "small-world", "--neurons", "60", "--in-degree", "6", "--rewiring", "0.2"];
  const cpu = await json("run", ...long, "--trials", "600", "--engine", "cpu");
  expect(cpu.sumsHash).toBe(short.sumsHash);

  const signs = ["--inhibitory", "0.25", "--inhibition", "4"];
  const blocks = await json(
    "watch",
    "--generate",
    "blocks:40:4",
    "--density",
    "0.3",
    ...signs,
    "--steps",
    "2000",
    "--engine",
    "cpu",
  );
  expect(blocks.experiment).toMatchObject({
    ...{ network: "blocks", neurons: 40, blocks: 4, density: 0.3, between: 0.01 },
    ...{ inhibitory: 0.25, inhibition: 4 },
  });
  const plan = await json("plan", "--generate", "in-degree:40:5", ...signs, "--engine", "cpu");
  expect(plan.arrows).toBe(200);
  expect(plan.trials.most).toBeGreaterThan(plan.trials.half);
}, 60_000);

test("chosen sources are columns of the whole", async () => {
  const chosen = await json(...notebook, "--trials", "2500", "--sources", "5,3", "--engine", "cpu");
  expect(chosen).toMatchObject({ sources: 2, targets: 6 });
});

test("in tiles: the same sums, and the discoveries alone", async () => {
  const common = ["run", "--neurons", "90", "--trials", "3000", "--engine", "cpu"];
  const whole = await json(...common, "--out", at("whole"));
  const tiled = await json(...common, "--tiles", "40", "--keep-sums", "--out", at("tiled"));
  expect(tiled.tiles).toEqual({ sources: 40, done: 3, of: 3 });
  expect([whole.tiles, tiled.sources, tiled.experiment.sources]).toEqual([null, 90, "all"]);
  const measured = ({ sumsHash, agreement, rmsError, auroc, discoveries }: typeof whole) => ({
    ...{ sumsHash, agreement, rmsError, auroc, discoveries },
  });
  expect(measured(tiled)).toEqual(measured(whole));
  expect(readFileSync(at("tiled/sums.bin"))).toEqual(readFileSync(at("whole/sums.bin")));
  expect(readdirSync(at("tiled")).sort()).toEqual(["edges.csv", "result.json", "sums.bin"]);
  const pairs = (file: string, isOne: (line: string) => boolean) =>
    readFileSync(at(file), "utf8")
      .trimEnd()
      .split("\n")
      .slice(1)
      .filter(isOne)
      .map((line) => line.split(",", 2).join())
      .sort();
  const edges = pairs("tiled/edges.csv", () => true);
  expect(edges).toHaveLength(whole.discoveries.claimed);
  expect(edges).toEqual(pairs("whole/effects.csv", (line) => line.endsWith(",1")));

  // Without tiles' sums there is nothing to merge; what is forecast is told beside what was used.
  const { memory } = await jsonOfProcess(...common, "--tiles", "auto", "--out", at("tiled"));
  expect(readdirSync(at("tiled")).sort()).toEqual(["edges.csv", "result.json"]);
  expect((await lab("merge", at("tiled"))).err).toMatch(/sums\.bin is not there; .*--keep-sums/);
  const { forecast, program, network, engine, results, peak } = memory;
  expect(forecast).toBe(program + network + engine + results);
  expect(peak).toBeLessThan(1.5 * forecast);
});

test("what cannot be known is null", async () => {
  // NumPy's seed 1 leaves three neurons without an arrow; one trial leaves every arm but one empty.
  const noArrow = await json("run", "--network", "notebook:3:1", "--trials", "500", "--engine", "cpu");
  expect(noArrow).toMatchObject({ agreement: null, auroc: null, missing: 0, spearman: null, auprc: null });
  expect(noArrow.rmsError).toBeGreaterThan(0);
  const one = await json("run", "--neurons", "1", "--density", "1", "--trials", "1", "--engine", "cpu");
  expect(one).toMatchObject({ agreement: null, rmsError: null, coverage95: null, auroc: null, missing: 1 });
  expect(one).toMatchObject({
    interval: { level: 0.95, halfWidth: null, coverage: null },
    falsePositives: { pairs: 0, count: 0, share: null },
    discoveries: { tested: 0, claimed: 0, falseShare: null, largestP: null },
  });
});

test.each([
  [["run", "--neurons", "0"], /^neurons is "0"; allowed: a whole number from 1 to 1,000,000\n$/],
  [["run", "--density", "1.5"], /^density is "1\.5"; allowed: a number from 0 to 1\n$/],
  [["run", "--neurons", "0x10"], /^neurons is "0x10"; allowed/],
  [["run", "--trials", "0"], /^--trials is "0"; allowed: a whole number from 1/],
  [["run", "--trials", "9..3"], /^--trials to is "3"; allowed: a whole number from 10/],
  [["run", "--trials", "1..2..3"], /^--trials is "1\.\.2\.\.3"; allowed: COUNT or FROM\.\.TO\n$/],
  [
    ["run", "--sources", "1,0-2"],
    /^sources names neuron 1 twice, at places 1 and 2; allowed: each neuron once\n$/,
  ],
  [["run", "--sources", "3,6"], /^place 2 of sources is 6, but there is no neuron 6; allowed: 0 to 5\n$/],
  [
    ["run", "--sources", "some"],
    /^sources is "some"; allowed: auto, all, top:K, or neurons and ranges such as 17,42 or 0-63, in 1 to 2,000/,
  ],
  [["run", "--tiles", "5"], /^--tiles was given without --out; allowed: a folder/],
  [["run", "--tiles", "0", "--out", "x"], /^--tiles is "0"; allowed: auto, or the number of sources/],
  [["run", "--keep-sums", "--out", "x"], /^--keep-sums was given without --tiles/],
  [["run", "--engine", "abacus"], /^engine is "abacus"; allowed: gpu or cpu\n$/],
  [["run", "--network", "notebook:6"], /^--network is "notebook:6"; allowed: notebook:N:SEED/],
  [["run", "--network", "notebook:6:1", "--neurons", "7"], /^--neurons is 7, but --network/],
  [
    ["run", "--generate", "rings"],
    /^--generate is "rings"; allowed: random or in-degree or blocks or small-world, such as blocks:1000:4\n$/,
  ],
  [
    ["run", "--generate", "blocks:9:4::.1"],
    /^--generate is "blocks:9:4::\.1"; allowed: blocks:NEURONS:BLOCKS:DENSITY:BETWEEN, or less of it from/,
  ],
  [
    ["plan", "--generate", "in-degree:9", "--rewiring", "1"],
    /^--rewiring is 1, which --generate in-degree has/,
  ],
  [["watch", "--generate", "blocks:9", "--neurons", "8"], /^--neurons is 8, but --generate blocks:9 decides/],
  [["run", "--network", "notebook:6:1", "--generate", "blocks"], /^--generate is blocks, but --network/],
  [
    ["run", "--generate", "in-degree:9:10"],
    /^in-degree is 10; allowed for 9 neurons of this network: up to 9\n$/,
  ],
  [
    ["run", "--generate", "small-world:9:9"],
    /^in-degree is 9; allowed for 9 neurons of this network: up to 8/,
  ],
  [["run", "--generate", "blocks:9:10"], /^blocks is 10; allowed for 9 neurons: up to 9\n$/],
  [["run", "--generate", "in-degree:1000000:300"], /^in-degree is 300, 300,000,000 arrows; .* up to 268\n$/],
  [["run", "--neurons", "100000"], /^density is 0\.1, about 1,000,000,000 arrows/],
  [
    ["run", "--neurons", "50000", "--density", "0", "--sources", "all", "--engine", "cpu"],
    /^50,000 targets × 50,000 sources need \d+ MiB for the sums and \d+ MiB for the results; .* fits [\d,]+ sources; --tiles auto takes all of them, in turn\n$/,
  ],
  [["run", "--seed", ""], /^seed is ""; allowed: a text of 1 to 100 characters\n$/],
  [["run", "--level", "95"], /^--level is "95"; allowed: a number from 0\.5 to 0\.9999, such as 0\.95\n$/],
  [["run", "--level", "-0.9"], /^--level is "-0\.9"; allowed: a number from 0\.5/],
  [["merge", "nowhere", "--rate", "5%"], /^--rate is "5%"; allowed: a number from 0\.000001 to 0\.5/],
  [["run", "--colour", "red"], /^Unknown option '--colour'/],
  [["watch", "--steps", "0"], /^--steps is "0"; allowed: a whole number from 1 to/],
  [
    ["watch", "--neurons", "6", "--steps", "4294967296"],
    /^4,294,968,000 steps are more than there are draws for; allowed with 1,000 chains: up to 4,194,203,000\n$/,
  ],
  [["watch", "--common", "2"], /^shared noise is "2"; allowed: a number from 0 to 1\n$/],
  [["merge"], /^merge was given no folder/],
  [["merge", "nowhere"], /nowhere.result\.json is not there/],
  [["check", "--engine", "cpu"], /^--engine is "cpu"; allowed for check: gpu/],
  [["plan", "--z", "0"], /^--z is "0"; allowed: a number from 0\.1 to 100, such as 3\n$/],
  [["plan", "--arrow", "5"], /^--arrow is "5"; allowed: SOURCE-TARGET, such as 5-1\n$/],
  [["plan", "--arrow", "5-9"], /^--arrow target is "9"; allowed: a whole number from 0 to 5\n$/],
  [["plan", "--network", "notebook:6:42", "--arrow", "5-2"], /^there is no arrow 5-2 in this network\n$/],
  [["dance"], /^the command is "dance"; allowed: run, watch, merge, check, plan, export, replay, help\n$/],
  [[], /^the command is ""; allowed/],
])("%j is refused with exit code 2 and one line", async (args, sentence) => {
  const { code, out, err } = await lab(...args);
  expect(err).toMatch(sentence);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: "" });
});

test("as a process, it ends with that code, and with nothing on standard output", async () => {
  expect(await labProcess(["dance", "--json"])).toMatchObject({ code: 2, out: "" });
});

test("a plan: trials until arrows stand out, and what they take here", async () => {
  const options = ["plan", "--network", "notebook:100:42", "--engine", "cpu"];
  const plan = await json(...options);
  expect(plan).toMatchObject({
    z: 3,
    arrow: null,
    engine: "cpu",
    experiment: { neurons: 100, engine: "cpu" },
  });
  const { half, most, all } = plan.trials;
  expect(half).toBeGreaterThan(4000);
  expect(half).toBeLessThan(most);
  expect(most).toBeLessThan(all);
  expect(all).toBeLessThan(5000);
  const { drivesPerSecond, pairUpdatesPerSecond } = plan.speeds;
  const drives = most * (plan.arrows + 30 * 100);
  expect(plan.cost.seconds / (drives / drivesPerSecond + (1e4 * most) / pairUpdatesPerSecond)).toBeCloseTo(
    1,
    9,
  );
  expect(plan.cost.bytes).toBeGreaterThan(4 * 1e4);
  const { forecast, program, network, engine, results } = plan.memory;
  expect(forecast).toBe(program + network + engine + results);
  const thousand = plan.curve.find(({ neurons }: { neurons: number }) => neurons === 1000);
  expect(thousand.trials.most / most).toBeGreaterThan(80);
  expect(thousand.trials.most / most).toBeLessThan(100);
  const [every, turns, subset, same] = plan.designs;
  expect(every).toMatchObject({ design: "all", simulationOnly: false, trials: { half, most } });
  // The planned trials: an arrow's effect, about 0.0186, is 3 errors, and errors are alike.
  expect(every.rmsError / (0.0186 / 3)).toBeCloseTo(1, 1);
  // A hundred sources take turns: each has a hundredth of the trials, of about the same scatter.
  expect(turns.trials.most / most).toBeGreaterThan(90);
  expect(turns.trials.most / most).toBeLessThan(110);
  expect(subset.trials.most / most).toBeCloseTo(4, 0);
  expect(same).toMatchObject({ design: "same-noise", simulationOnly: true });
  expect(same.rmsError).toBeLessThan(every.rmsError / 10);

  const one = await json(
    "plan",
    "--network",
    "notebook:6:42",
    "--engine",
    "cpu",
    "--design",
    "one",
    "--arrow",
    "5-1",
  );
  expect(one.arrow).toMatchObject({ source: 5, target: 1 });
  expect(one.arrow.effect).toBeCloseTo(0.141, 3);
  // Six sources take turns.
  expect(one.arrow.trials).toBeGreaterThan(6 * 60);
  expect(one.arrow.trials).toBeLessThan(6 * 90);
}, 60_000);

test("a network that is only watched: the same on both engines, and what is said about it", async () => {
  const args = [
    "watch",
    "--network",
    "notebook:12:42",
    "--steps",
    "20500",
    "--common",
    "0.3",
    "--hidden",
    "0.25",
  ];
  const gpu = await json(...args, "--engine", "gpu");
  expect(gpu).toMatchObject({
    experiment: {
      network: "notebook",
      neurons: 12,
      networkSeed: 42,
      common: 0.3,
      hidden: 0.25,
      engine: "gpu",
    },
    ...{ engine: "gpu", chains: 1000, burnIn: 100, steps: 21_000 },
  });
  expect(gpu.agreement).toBeGreaterThan(0.1);
  expect(gpu.auroc).toBeGreaterThan(0.5);
  const cpu = await json(...args, "--engine", "cpu");
  expect(cpu.sumsHash).toBe(gpu.sumsHash);
  expect(cpu.agreement).toBe(gpu.agreement);
});

test("without a GPU it says so and computes the same on the CPU", async () => {
  const env = { ...process.env, LAB_ADAPTER: "hardware", VK_DRIVER_FILES: at("no-driver.json") };
  const child = await labProcess([...notebook, "--trials", "2500", "--json"], env);
  expect(child.err).toMatch(/^No GPU: .* Running on the CPU engine\.$/m);
  const result = JSON.parse(child.out);
  expect(result.engine).toBe("cpu");
  expect(result.sumsHash).toBe((await json(...notebook, "--trials", "2500", "--engine", "cpu")).sumsHash);
});

test("a folder that cannot be written to is refused before any work", async () => {
  const { code, out, err } = await lab(...notebook, "--trials", "4000000000", "--out", "/dev/null/x");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^--out is "\/dev\/null\/x"; allowed: a folder that can be written to/);
});

test("interrupted, it keeps what is done, however large the chunks", async () => {
  // A terminal is told at once how far it is, a file now and then.
  const terminal = ["--import", "data:text/javascript,process.stderr.isTTY=true"];
  const args = [
    ...terminal,
    script,
    ...notebook,
    "--trials",
    "1000000000",
    "--chunk",
    "1000000000",
    "--json",
  ];
  const child = spawn(process.execPath, args, { cwd: root });
  let out = "";
  let err = "";
  child.stdout.on("data", (part) => {
    out += part;
  });
  child.stderr.on("data", (part) => {
    err += part;
  });
  // The first line of progress: it is under way, however slow the machine.
  while (!/trials [\d,]+ of/.test(err)) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(1);
  expect(err).toMatch(/Interrupted: trials 0 to \d+ of 1000000000 are done\./);
  const { trials, missing } = JSON.parse(out);
  expect(trials.to).toBeGreaterThan(0);
  expect(missing).toBe(0);
});
