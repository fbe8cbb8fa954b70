import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { describeCheck } from "../../src/cli/check";
import { describePlan } from "../../src/cli/plan";
import { inLines, progressOf, say } from "../../src/cli/report";
import { describeWatch } from "../../src/cli/watch";
import { lab } from "../support/lab";

// Names of files and drivers, seeds and columns are other people's; a terminal obeys what it is shown.

const folder = mkdtempSync(join(tmpdir(), "lab-report-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** Clears a screen, in seven bits and in eight; ends a line; turns the text around. */
const foul = "a\u001b[2J\u009b2Jb\rc\nd\u202ee";
const fair = "a\ufffd[2J\ufffd2Jb\ufffdc\ufffdd\ufffde";
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/;

function heard(work: () => void): string {
  let text = "";
  const write = vi.spyOn(process.stderr, "write").mockImplementation((piece) => {
    text += piece;
    return true;
  });
  work();
  write.mockRestore();
  return text;
}

test("a result for a person holds nothing that a terminal obeys; JSON is as it was", async () => {
  const run = ["run", "--network", "notebook:6:42", "--trials", "100", "--engine", "cpu", "--seed", foul];
  const { code, out, err } = await lab(...run);
  expect([code, err]).toEqual([0, ""]);
  expect(out).not.toMatch(obeyed);
  expect(out.split("\n")[0]).toBe(`6 neurons (notebook network, NumPy seed 42), seed "${fair}"`);
  const { out: json } = await lab(...run, "--json");
  expect(JSON.parse(json).experiment.seed).toBe(foul);
});

test("nor does what is said of a file, its name and its columns", async () => {
  const name = "a\u001b[2J\u009b2Jb\u202ee.csv";
  writeFileSync(join(folder, name), "pre\u001b[2J,post\na,b\nb,c\n");
  const columns = ["--columns", "source=1,target=2", "--header", "yes"];
  const { code, out, err } = await lab(
    "export",
    "--network",
    join(folder, name),
    ...columns,
    "--out",
    join(folder, `${foul}.csv`),
  );
  expect(code).toBe(0);
  for (const text of [out, err]) expect(text).not.toMatch(obeyed);
  expect(err.trimEnd().split("\n")).toHaveLength(1);
  expect(out.trimEnd().split("\n")).toHaveLength(2);
});

test("nor do an adapter's name and a watched network's seed", () => {
  const adapter = foul;
  const experiment = { neurons: 6, seed: foul, common: 0, hidden: 0 };
  const watched = { experiment, ...{ engine: "gpu", adapter, chains: 1, burnIn: 1, steps: 1, seconds: 1 } };
  const planned = { adapter, ...{ z: 3, arrows: 0, arrow: null, engine: "gpu", memory: null, designs: [] } };
  const nothing = { trials: { half: null, most: null, all: null }, cost: { seconds: null }, curve: [] };
  const texts = [
    describeCheck({ adapter, kernels: [] }),
    describeWatch({ ...watched, agreement: null, auroc: null, sumsHash: "" } as never),
    describePlan({ ...planned, ...nothing } as never),
  ];
  for (const text of texts) {
    expect(text).toContain(fair);
    expect(text).not.toMatch(obeyed);
  }
  expect(inLines(["a", foul])).toBe(`a\n${fair}`);
});

test("a remark is one line, also where a driver has several to say", () => {
  expect(heard(() => say("The GPU engine failed: no\r\n   - room\n\n for it\u001b[2J"))).toBe(
    "The GPU engine failed: no - room for it\ufffd[2J\n",
  );
});

test("progress names files as remarks do", () => {
  vi.spyOn(performance, "now").mockReturnValueOnce(0).mockReturnValue(20_000);
  const line = heard(() => progressOf(`${foul}: bytes`, 0, 10).at(5));
  expect(line).toContain(`${fair}: bytes 5 of 10, 20 s left`);
});
