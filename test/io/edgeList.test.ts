import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { describeFile, type ReadOptions, readNetwork } from "../../src/io/readNetwork";
import { networkFrom, one } from "../../src/model/network";
import { fileOf } from "../support/files";
import { manyEdges } from "../support/manyEdges";

const read = (text: string, options?: ReadOptions, pieceBytes?: number) =>
  readNetwork(fileOf("edges.csv", text, pieceBytes), options);

/** Rows of the matrix as lists of [source, weight], by name. */
async function rowsOf(text: string, options?: ReadOptions) {
  const { network, names } = await read(text, options);
  const called = (neuron: number) => names?.[neuron] ?? String(neuron);
  return Object.fromEntries(
    Array.from({ length: network.neurons }, (_, target) => [
      called(target),
      Array.from({ length: network.rowStart[target + 1] - network.rowStart[target] }, (_, index) => {
        const arrow = network.rowStart[target] + index;
        return [called(network.source[arrow]), network.weight[arrow] / one];
      }),
    ]),
  );
}

test("a row an arrow: source, target, weight; rows of the matrix are targets, their sources ascend", async () => {
  expect(await rowsOf("source,target,weight\n2,0,0.5\n1,0,-0.25\n0,0,1\n")).toEqual({
    0: [
      ["0", 1],
      ["1", -0.25],
      ["2", 0.5],
    ],
    1: [],
    2: [],
  });
});

test("ids are texts: 18 digits differ in the last, 007 is not 7; numbers by value, then texts", async () => {
  const { names } = await read(
    "pre,post\n720575940624547622,b\n720575940624547623,10\n9,007\n7,B\n720575940624547622,a b\n",
  );
  expect(names).toEqual([..."007 7 9 10 720575940624547622 720575940624547623 B".split(" "), "a b", "b"]);
});

test("the order of the rows decides nothing, down to the last bit of what is added up", async () => {
  const rows = ["b,a,1e15", "b,a,-1e15", "b,a,0.3", "b,a,1e-9", "a,c,0.2", "c,c,0.5", "a,c,0.30000001"];
  const one = await read(["source,target,weight", ...rows].join("\n"), { scale: "singular-value" });
  const other = await read(["source,target,weight", ...rows.toReversed()].join("\n"), {
    scale: "singular-value",
  });
  expect(other).toEqual(one);
  expect(one.added).toBe(4);
});

test("weights are rounded to the grid, to the nearest", async () => {
  const { network } = await read("source,target,weight\na,b,0.3\nb,a,-0.3\n");
  expect([...network.weight].map(Math.abs)).toEqual([314_573, 314_573]);
});

test("halves are rounded away from 0, on both sides of it, as in networks that are made", async () => {
  const half = 0.5 / one;
  const values = [1, -1, 3, -3, 0.999, -0.999, 5, -5].map((halves) => halves * half);
  const lines = values.map((value, source) => `${source},0,${value}`);
  const { network, vanished } = await read(["source,target,weight", ...lines].join("\n"));
  expect([...network.weight]).toEqual([1, -1, 2, -2, 3, -3]);
  expect([...network.source]).toEqual([0, 1, 2, 3, 6, 7]);
  expect(vanished).toBe(2);
  const wiring = { neurons: 2, rowStart: Uint32Array.of(0, 2, 2), source: Uint32Array.of(0, 1) };
  for (const [halves, weight] of [
    [1, 1],
    [3, 2],
    [5, 3],
  ]) {
    expect([...networkFrom(wiring, halves * half, Float64Array.of(1, -1)).weight]).toEqual([weight, -weight]);
    expect([...networkFrom(wiring, -halves * half).weight]).toEqual([-weight, -weight]);
  }
});

test("duplicates add up; a weight of 0 names its neurons only; what rounds to 0 is counted", async () => {
  const text = "source,target,weight\nx,y,1\nx,y,0.5\nz,z,0\ny,x,1e-7\ny,y,1\ny,y,-1\n";
  expect(await rowsOf(text)).toEqual({ x: [], y: [["x", 1.5]], z: [] });
  const file = await read(text);
  expect(file).toMatchObject({ rows: 6, added: 2, vanished: 1 });
  expect(describeFile(file)).toBe(
    "edges.csv: 3 neurons, 1 arrows from 6 entries; source → target, weight weight; " +
      "2 added to others between the same neurons; 1 left out, whose weights round to 0; weights as given",
  );
});

describe("the same table, written otherwise", () => {
  const expected = { a: [["b", 2]], b: [["a", -1]] };
  test.each<[string, string, ReadOptions?]>([
    ["with capitals and other names", "Pre_ID,POST ID,Weight\nb,a,2\na,b,-1\n"],
    ["without a last line feed", "source,target,weight\nb,a,2\na,b,-1"],
    [
      "with CR LF, a byte order mark and empty lines",
      "\ufeffsource,target,weight\r\nb,a,2\r\n\r\na,b,-1\r\n\r\n",
    ],
    ["with CR alone", "source,target,weight\rb,a,2\ra,b,-1\r"],
    ["with semicolons", "source;target;weight\nb;a;2\na;b;-1\n"],
    ["with spaces", "source target weight\nb a 2\n a   b -1  \n"],
    ["with tabs", "source\ttarget\tweight\nb\ta\t2\na\tb\t-1\n"],
    ["with quotes and spaces", 'source, "target" ,weight\n "b" , a,"2"\na,b, -1 \n'],
    ["without a header", "b,a,2\na,b,-1\n"],
    ["without a header, with a byte order mark", "\ufeffb,a,2\na,b,-1\n"],
    ["with the columns in another order, and more of them", "note,weight,to,from\n!,2,a,b\n!,-1,b,a\n"],
    [
      "with columns chosen by name",
      "x,y,z\n2,a,b\n-1,b,a\n",
      { columns: { source: "z", target: "y", weight: "x" } },
    ],
    [
      "with columns chosen by number",
      "2,a,b\n-1,b,a\n",
      { columns: { source: "3", target: "2", weight: "1" } },
    ],
    ["with a column of signs", "from,to,count,sign\nb,a,2,+\na,b,1,-1\n"],
    ["in two rows an arrow", "from,to,w\nb,a,1\nb,a,1.0e0\na,b,-.5\na,b,-0.5\n"],
    [
      "with a header that has to be said",
      "here,there\nb,a\nb,a\na,b\n",
      { header: true, columns: { source: "1", target: "2" } },
    ],
  ])("%s", async (_, text, options) => {
    const rows = await rowsOf(text, options);
    // The last has no weights, so that each row counts 1.
    expect(rows).toEqual(text.startsWith("here") ? { a: [["b", 2]], b: [["a", 1]] } : expected);
  });
});

test("in pieces of any size, quotes, line ends and characters across them", async () => {
  const text = '\ufeffsource,target,weight\r\n"né,1","a""b",0.5\r\n"two\nlines",é,1\r\né,"né,1",2\r\n';
  const damaged = text.replace("two\nlines", "two lines");
  const whole = await read(damaged);
  expect(whole.names).toEqual(['a"b', "né,1", "two lines", "é"]);
  for (const pieceBytes of [1, 2, 3, 5, 7, 11, 64])
    expect(await read(damaged, {}, pieceBytes)).toEqual(whole);
  // Lines are counted as an editor counts them.
  await expect(read(text)).rejects.toThrow(
    /edges\.csv, row 3, column 1 \(source\): the neuron is "two\\nlines"/,
  );
  await expect(read('note,from,to\n"two\r\nlines",a,b\n,,b\n')).rejects.toThrow(/row 4, column 2/);
});

test("a packed file is unpacked; half of it is refused", async () => {
  const packed = new Uint8Array(gzipSync("source,target\na,b\n".repeat(1) + "b,a\n".repeat(5000)));
  const { rows } = await readNetwork(fileOf("edges.csv.gz", packed, 16), { scale: "singular-value" });
  expect(rows).toBe(5001);
  await expect(readNetwork(fileOf("edges.csv.gz", packed.slice(0, 40)))).rejects.toThrow(
    /edges\.csv\.gz is damaged/,
  );
  await expect(readNetwork(fileOf("edges.csv.gz", "a,b\n"))).rejects.toThrow(/edges\.csv\.gz is damaged/);
});

const flyWire = `pre_root_id,post_root_id,neuropil,syn_count,nt_type
720575940596125868,720575940608552405,LOP_R,5,ACH
720575940596125868,720575940608552405,LO_R,7,ACH
720575940608552405,720575940596125868,LO_R,4,GABA
720575940608552405,720575940608552405,LO_R,3,GLUT
`;

test("FlyWire's tables: neuropils add up, scaled unless said otherwise, signs by transmitter as an option", async () => {
  const file = await read(flyWire);
  expect(file).toMatchObject({ rows: 4, added: 1, scale: "singular-value" });
  // NumPy 2.4: 1 / (1.01 * numpy.linalg.svd([[0, 4], [12, 3]])[1][0])
  expect(file.factor).toBeCloseTo(0.0797732761013013, 15);
  expect(await rowsOf(flyWire, { scale: "as-given", negative: ["gaba", "GLUT"] })).toEqual({
    "720575940596125868": [["720575940608552405", -4]],
    "720575940608552405": [
      ["720575940596125868", 12],
      ["720575940608552405", -3],
    ],
  });
  expect(file.understood).toBe("pre_root_id → post_root_id, weight syn_count, signs not by nt_type");
});

describe("bad input is one sentence with file, row and column", () => {
  const csv = (...rows: string[]) => ["source,target,weight", ...rows].join("\n");
  test.each<[string, string, RegExp, ReadOptions?]>([
    [
      "no number",
      csv("a,b,1", "a,c,x"),
      /^edges\.csv, row 3, column 3 \(weight\): the weight is "x"; allowed: a number up to ±2,048$/,
    ],
    ["an empty weight", csv("a,b,"), /row 2, column 3 \(weight\): the weight is ""/],
    ["hexadecimal", csv("a,b,0x10"), /the weight is "0x10"/],
    ["not finite", csv("a,b,Infinity"), /the weight is "Infinity"/],
    ["not a number", csv("a,b,NaN"), /the weight is "NaN"/],
    ["beyond float64", csv("a,b,1e999"), /the weight is "1e999"/],
    ["out of range", csv("a,b,2049"), /the weight is "2049"; allowed: a number up to ±2,048/],
    ["a decimal comma", "from;to;w\na;b;1,5\n", /row 2, column 3 \(w\): the weight is "1,5"/],
    [
      "a short row",
      csv("a,b,1", "a,b"),
      /^edges\.csv, row 3, column 3: 2 fields; allowed: 3, as in the first row$/,
    ],
    ["a long row", csv("a,b,1,9"), /row 2, column 4: 4 fields; allowed: 3/],
    ["no name", csv(",b,1"), /row 2, column 1 \(source\): the neuron is ""/],
    ["a long name", csv(`${"x".repeat(201)},b,1`), /allowed: 1 to 200 characters/],
    ["an open quote", csv('"a,b,1', "c,d,2"), /row 2: a quote without its end; allowed: quotes in pairs/],
    ["more after a quote", csv('"a"x,b,1'), /row 2: more after a field in quotes/],
    ["a quote inside", csv('a"x,b,1'), /row 2: a quote inside a field/],
    ["an endless row", csv(`${"x".repeat(200_000)}`), /row 2: a row of more than 65,536 bytes/],
    ["nothing", "", /edges\.csv has no arrows/],
    ["a header alone", "source,target\n", /edges\.csv has no arrows/],
    [
      "one column",
      "a\nb\n",
      /row 1: one field; allowed: source and target, with commas, semicolons, tabs or spaces between them$/,
    ],
    [
      "four columns without names",
      "a,b,1,2\n",
      /4 columns without names; allowed: source, target and weight, or say which/,
    ],
    [
      "an unknown column",
      csv("a,b,1"),
      /^edges\.csv, row 1: no column "mass" for the weight; allowed: "source", "target", "weight", or 1 to 3$/,
      { columns: { weight: "mass" } },
    ],
    ["a column beyond the last", csv("a,b,1"), /no column "4" for the weight/, { columns: { weight: "4" } }],
    ["a column twice", csv("a,b,1"), /one column is to be two things/, { columns: { weight: "source" } }],
    [
      "a bad sign",
      "from,to,sign\na,b,0\n",
      /row 2, column 3 \(sign\): the sign is "0"; allowed: 1, -1, \+ or -/,
    ],
    ["transmitters that are not there", csv("a,b,1"), /no column of transmitters/, { negative: ["GABA"] }],
    [
      "a row of the matrix that overflows",
      csv("a,b,2000", "c,b,100"),
      /row 1 of the network: its weights sum to 2100\.00; .* \(row 1 is b\); or let the network be scaled/,
    ],
    [
      "duplicates that overflow",
      csv("a,b,2000", "a,b,100"),
      /the arrow a → b weighs 2100; allowed: below ±2,048; or let/,
    ],
    ["another kind of file", "", /edges\.zip ends in none of \.csv/],
  ])("%s", async (what, text, sentence, options) => {
    const name = what === "another kind of file" ? "edges.zip" : "edges.csv";
    const failure = await readNetwork(fileOf(name, text, 100), options).then(
      () => null,
      (error) => error,
    );
    expect(failure).toMatchObject({ name: "InputError", message: expect.stringMatching(sentence) });
    expect(failure.message).not.toContain("\n");
  });

  test("bytes that are no text", async () => {
    const bytes = Uint8Array.of(0x61, 0x2c, 0xff, 0xfe, 0x0a);
    await expect(readNetwork(fileOf("edges.csv", bytes))).rejects.toThrow(
      /edges\.csv, row 1, column 2: the neuron's name is not text; allowed: UTF-8/,
    );
  });
});

test("tells the share of bytes that is done, and ends when it is told to", async () => {
  const file = fileOf("edges.csv", "source,target\n".concat("a,b\n".repeat(1000)), 512);
  const shares: number[] = [];
  await readNetwork(file, {}, { onProgress: (share) => shares.push(share) });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.length).toBeGreaterThan(7);
  expect(shares.at(-1)).toBe(1);
  const stop = new AbortController();
  let told = 0;
  const reading = readNetwork(
    file,
    {},
    { signal: stop.signal, onProgress: () => ++told === 3 && stop.abort() },
  );
  await expect(reading).rejects.toThrow(/abort/);
  expect(told).toBe(3);
});

test("a large table, as a plain reading of its lines has it", async () => {
  const text = [...manyEdges({ neurons: 5000, arrows: 97_000 })].join("");
  const { network, names, added } = await read(
    text,
    { scale: "as-given", negative: ["GABA", "GLUT"] },
    10_007,
  );
  const lines = text.trimEnd().split("\n").slice(1);
  const ids = [...new Set(lines.flatMap((line) => line.split(",").slice(0, 2)))].sort();
  expect(names).toEqual(ids);
  expect([network.neurons, network.source.length, added]).toEqual([5000, 97_000, 0]);
  const weights = new Map(
    lines.map((line) => {
      const [source, target, , count, transmitter] = line.split(",");
      return [`${source} ${target}`, transmitter.startsWith("G") ? -Number(count) : Number(count)];
    }),
  );
  let wrong = 0;
  for (let target = 0; target < 5000; target++)
    for (let arrow = network.rowStart[target]; arrow < network.rowStart[target + 1]; arrow++) {
      const weight = weights.get(`${ids[network.source[arrow]]} ${ids[target]}`);
      if (network.weight[arrow] / one !== weight) wrong++;
    }
  expect(wrong).toBe(0);
});

test("a column that is chosen to be none is not read, whatever its name", async () => {
  const text = "source,target,weight\n1,0,0.5\n1,0,0.25\n2,2,nothing\n";
  expect(await rowsOf(text, { columns: { weight: null } })).toEqual({
    0: [["1", 2]],
    1: [],
    2: [["2", 1]],
  });
});

test("weights whose squares are lost have no scale", async () => {
  const scaled = (weight: string) =>
    read(`source,target,weight\na,b,${weight}\nb,a,${weight}\na,a,0`, { scale: "singular-value" });
  const { network } = await scaled("1e-100");
  expect([...network.weight]).toEqual([Math.round(one / 1.01), Math.round(one / 1.01)]);
  const ofSize = (size: string) =>
    read(`source,target,weight\n0,1,1${size}\n0,2,1${size}\n1,2,3${size}\n2,0,2${size}`, {
      scale: "singular-value",
    });
  const usual = (await ofSize("")).network.weight;
  for (const size of ["e-49", "e-51", "e-82", "e-100"])
    expect([...(await ofSize(size)).network.weight]).toEqual([...usual]);
  for (const weight of ["9e-101", "1e-170", "4.9e-324"])
    await expect(scaled(weight)).rejects.toMatchObject({
      name: "InputError",
      message: `edges.csv: the largest weight is ${Number(weight)}; allowed: 1e-100 or more, to be scaled`,
    });
});
