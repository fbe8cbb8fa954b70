import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lab } from "../support/lab";

// Networks from files through the runner, in this process: nothing here needs a GPU.

const folder = mkdtempSync(join(tmpdir(), "lab-file-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function json(...args: string[]) {
  const { code, out, err } = await lab(...args, "--json");
  expect({ code, err: err.replace(/.*: \d+ neurons, .*\n/, "") }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

const run = (...args: string[]) => json("run", "--engine", "cpu", ...args);

beforeAll(() =>
  writeFileSync(
    at("edges.csv"),
    `source,target,weight
720575940624547622,720575940624547623,0.5
720575940624547622,720575940624547622,-0.5
a b,720575940624547623,0.25
`,
  ),
);

test.each(["csv", "graphml", "npy"])(
  "a made network, exported as %s, gives the same sums",
  async (format) => {
    const out = at(`notebook.${format}`);
    const exported = await json("export", "--network", "notebook:6:42", "--out", out);
    expect(exported).toMatchObject({ experiment: { network: "notebook", neurons: 6 }, out, arrows: 4 });
    const direction = format === "npy" ? ["--direction", "rows-are-targets"] : [];
    const options = ["--trials", "200"];
    const fromFile = await run("--network", out, ...direction, ...options);
    const made = await run("--network", "notebook:6:42", ...options);
    expect(fromFile).toMatchObject({
      experiment: { network: "file", neurons: 6, file: `notebook.${format}`, fileHash: exported.networkHash },
      sumsHash: made.sumsHash,
      agreement: made.agreement,
    });
  },
);

test("places in a table beside an edge list go into the graph, and stay there", async () => {
  writeFileSync(at("nodes.tsv"), "id\tx\ty\na b\t1.5\t-2\n720575940624547623\t1e-9\t0\n");
  const out = at("placed.graphml");
  await json("export", "--network", at("edges.csv"), "--places", at("nodes.tsv"), "--out", out);
  const graph = readFileSync(out, "utf8");
  expect(graph).toContain('<node id="a b"><data key="x">1.5</data><data key="y">-2</data></node>');
  expect(graph).toContain('<node id="720575940624547622"/>');
  await json("export", "--network", out, "--out", at("again.graphml"));
  expect(readFileSync(at("again.graphml"), "utf8")).toBe(graph);
});

test("names choose the sources and stand in the effects; parts are merged with the file", async () => {
  const part = (trials: string, sources: string, out: string) =>
    run("--network", at("edges.csv"), "--trials", trials, "--sources", sources, "--out", at(out));
  const first = await part("0..300", "id:a b, id:720575940624547622", "one");
  expect(first.experiment.sources).toBe("2,0");
  expect(first.version).toMatch(/^\d+\.\d+\.\d+$/);
  await part("300..500", "0,2", "two");
  const lines = readFileSync(at("one/effects.csv"), "utf8").split("\n");
  expect(lines[1]).toMatch(/^720575940624547622,720575940624547622,/);
  expect(lines[4]).toMatch(/^a b,720575940624547623,/);
  expect(readFileSync(at("one/effects.npy")).length).toBe(128 + 6 * 8);

  const whole = await run("--network", at("edges.csv"), "--trials", "500", "--sources", "0,2");
  writeFileSync(at("renamed.csv"), readFileSync(at("edges.csv")));
  const merged = await json("merge", at("one"), at("two"), "--network", at("renamed.csv"));
  expect(merged).toMatchObject({ sumsHash: whole.sumsHash, agreement: whole.agreement });

  const refused = async (...args: string[]) => {
    const { code, out, err } = await lab("merge", at("one"), at("two"), ...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    return err;
  };
  expect(await refused()).toMatch(
    /of these parts is in the file "edges\.csv"; allowed: --network and that file/,
  );
  expect(await refused("--network", at("edges.csv"), "--scale", "singular-value")).toMatch(
    /read like this is another network/,
  );
});

describe("bad input: exit code 2, one line, nothing left behind", () => {
  test.each<[string[], RegExp]>([
    [["run", "--network", "nowhere.csv"], /--network is "nowhere\.csv", but no such file is there/],
    [
      ["run", "--network", `${"x".repeat(300)}.csv`],
      /^--network is "x+… \(306 characters\), but it cannot be read \(ENAMETOOLONG: [^,']+\); allowed: a file, or/,
    ],
    [
      ["export", "--network", "EDGES", "--places", join("y".repeat(300), "x.csv"), "--out", "OUT/x.graphml"],
      /^--places is "y+… \(308 characters\), but it cannot be read \(ENAMETOOLONG: [^,']+\); allowed: a file$/,
    ],
    [["run", "--network", folder], /no such file is there; allowed: a file, or notebook:N:SEED/],
    [
      ["run", "--network", "EDGES", "--scale", "twice"],
      /--scale is "twice"; allowed: as-given or singular-value/,
    ],
    [
      ["run", "--network", "EDGES", "--columns", "from"],
      /--columns is "from"; allowed: source, target, weight/,
    ],
    [["run", "--network", "EDGES", "--neurons", "9"], /--neurons is 9, but --network .* decides that/],
    [
      ["run", "--network", "EDGES", "--sources", "id:b"],
      /sources names "id:b"; allowed: id: and what edges\.csv/,
    ],
    [["run", "--network", "EDGES", "--sources", "3"], /there is no neuron 3; allowed: 0 to 2/],
    [["run", "--header", "yes"], /--header is yes; allowed where --network is a file/],
    [["export", "--network", "EDGES"], /export was given no --out/],
    [
      ["export", "--network", "EDGES", "--places", "EDGES", "--out", "OUT/x.csv"],
      /--out is .*x\.csv; allowed: a \.graphml, which can hold them/,
    ],
    [
      ["export", "--network", "EDGES", "--places", "none.csv", "--out", "OUT/x.graphml"],
      /--places is "none\.csv", but no such file is there; allowed: a file$/m,
    ],
    [
      ["export", "--network", "EDGES", "--places", "EDGES", "--out", "OUT/x.graphml"],
      /edges\.csv, row 1, column 1: the network has no neuron "source"; allowed: those it has, or a first row that names id, x and y/,
    ],
    [["export", "--network", "EDGES", "--out", "OUT/x.doc"], /x\.doc ends in none of \.csv/],
    [
      ["export", "--network", "EDGES", "--out", "OUT/none/x.csv"],
      /x\.csv cannot be written \(ENOENT.*\); allowed: a place that can be written to/,
    ],
    [
      ["export", "--neurons", "9000", "--out", "OUT/x.npy"],
      /9,000 × 9,000 numbers; allowed: up to 67,108,864/,
    ],
  ])("%s", async (args, sentence) => {
    const before = readdirSync(folder);
    const { code, out, err } = await lab(
      ...args.map((arg) => arg.replace("EDGES", at("edges.csv")).replace("OUT", folder)),
    );
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trim().split("\n").at(-1)).toMatch(sentence);
    expect(readdirSync(folder)).toEqual(before);
  });
});
