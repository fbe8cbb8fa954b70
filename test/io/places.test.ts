import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readPlaces } from "../../src/io/places";
import { readNetwork } from "../../src/io/readNetwork";
import { networkBytes } from "../../src/io/writeNetwork";
import { withoutPlace } from "../../src/model/places";
import { fileOf } from "../support/files";

const names = ["720575940610000019", "720575940610000416", "b, c"];
const read = (text: string, of: readonly string[] | null = names, pieceBytes?: number) =>
  readPlaces(fileOf("nodes.csv", text, pieceBytes), 3, of);

test("a row a neuron in any order, columns by their names, in a plane or in space, in any pieces", async () => {
  const flat = `type,Y,root_id,x\nKC,2,${names[1]},-1e3\nMBON,0.25,"b, c",7\nKC,-4,${names[0]},3.5\n`;
  for (const pieceBytes of [1, 7, 1000])
    expect(await read(flat, names, pieceBytes)).toEqual({
      dimensions: 2,
      at: Float64Array.of(3.5, -4, -1000, 2, 7, 0.25),
    });
  expect(await read(`id\tx\ty\tz\n${names[1]}\t1\t2\t3\n`)).toEqual({
    dimensions: 3,
    at: Float64Array.of(Number.NaN, Number.NaN, Number.NaN, 1, 2, 3, Number.NaN, Number.NaN, Number.NaN),
  });
});

test("without names of columns they are id, x, y and z; without names of neurons these are numbers; packed too", async () => {
  expect(await read("2,1,2\n0,3,4\n1,5,6", null)).toEqual({
    dimensions: 2,
    at: Float64Array.of(3, 4, 5, 6, 1, 2),
  });
  const packed = fileOf("nodes.csv.gz", gzipSync("1,1,2,9\n"));
  const places = await readPlaces(packed, 3, null);
  expect([...places.at.subarray(3, 6)]).toEqual([1, 2, 9]);
  expect(withoutPlace(places)).toBe(2);
});

test.each([
  [
    "id,x,y\n17,1,2\n",
    'nodes.csv, row 2, column 1 (id): the network has no neuron "17"; allowed: those it has',
  ],
  [
    `id,x,y\n${names[0]},1,2\n${names[0]},1,2\n`,
    `nodes.csv, row 3, column 1 (id): neuron "${names[0]}" has a place already; allowed: one row a neuron`,
  ],
  [
    `id,x,y\n${names[0]},1,inf\n`,
    'nodes.csv, row 2, column 3 (y): the place is "inf"; allowed: a number up to ±1e+15',
  ],
  [
    `id,x,y\n${names[0]},,2\n`,
    'nodes.csv, row 2, column 2 (x): the place is ""; allowed: a number up to ±1e+15',
  ],
  [`${names[0]},1e16,2\n`, 'nodes.csv, row 1, column 2: the place is "1e16"; allowed: a number up to ±1e+15'],
  [`id,x,y\n${names[0]},1\n`, "nodes.csv, row 2, column 3: 2 fields; allowed: 3, as in the first row"],
  [
    "id,x\n1,2\n",
    "nodes.csv, row 1: no columns id, x and y; allowed: a first row that names them and, in space, z, or three or four columns in this order",
  ],
  ["id,x,y\n", "nodes.csv has no places; allowed: a row a neuron, with its name, x, y and, in space, z"],
])("%j is refused in a sentence", async (text, message) => {
  await expect(read(text)).rejects.toThrow(expect.objectContaining({ name: "InputError", message }));
});

const keys = ["x", "y", "z"].map(
  (one) => `<key id="k${one}" for="node" attr.name="${one}" attr.type="double"/>`,
);
const graph = (nodes: string, given = keys.join("")) =>
  readNetwork(
    fileOf("brain.graphml", `<graphml>${given}<graph edgedefault="directed">${nodes}</graph></graphml>`),
  );
const node = (id: string, place: Record<string, unknown>) =>
  `<node id="${id}">${Object.entries(place)
    .map(([axis, value]) => `<data key="k${axis}"> ${value} </data>`)
    .join("")}</node>`;

test("a graph's nodes have places, those without go without", async () => {
  const { places, understood } = await graph(
    `${node("1", { y: 2, x: -1.5 })}<edge source="1" target="0"/>${node("0", {})}${node("2", { x: 0, y: 1e3 })}`,
  );
  expect(places).toEqual({ dimensions: 2, at: Float64Array.of(Number.NaN, Number.NaN, -1.5, 2, 0, 1000) });
  expect(understood).toBe("each edge counts 1, places of the nodes");
  expect((await graph(node("0", { x: 1, y: 2, z: 3 }))).places?.dimensions).toBe(3);
  // What is a text, or an edge's, is nobody's place.
  const texts = keys.join("").replaceAll("double", "string");
  expect((await graph(node("0", { x: "left", y: "up" }), texts)).places).toBeNull();
  expect((await graph(node("0", { x: 1 }), keys.join("").replaceAll('"node"', '"edge"'))).places).toBeNull();
  expect((await graph(node("0", {}))).places).toBeNull();
});

test.each([
  [
    node("0", { x: "NaN", y: 1 }),
    /row 1, column \d+: the node's x is "NaN"; allowed: a number up to ±1e\+15$/,
  ],
  [node("0", { x: 1, z: 1 }), /a node with a part of its place; allowed: x and y, or neither$/],
  [
    node("0", { x: 1, y: 1 }) + node("1", { x: 1, y: 1, z: 1 }),
    /a node with a place in space and one without z; allowed: z for all places or for none$/,
  ],
])("%s is refused", async (nodes, message) => {
  await expect(graph(nodes)).rejects.toThrow(message);
});

test.each([2, 3] as const)(
  "written as a graph and read again, places in %i dimensions are the same",
  async (dimensions) => {
    const network = {
      neurons: 3,
      rowStart: Uint32Array.of(0, 0, 1, 1),
      source: Uint32Array.of(2),
      weight: Int32Array.of(5),
    };
    const at = Float64Array.from(
      { length: 3 * dimensions },
      (_, one) => Math.sin(one + 1) * 10 ** (3 * one - 12),
    );
    at.fill(Number.NaN, dimensions, 2 * dimensions);
    const bytes = Buffer.concat([...networkBytes("graphml", network, names, { dimensions, at })]);
    const back = await readNetwork(fileOf("brain.graphml", bytes));
    expect(back.places).toEqual({ dimensions, at });
    expect(back.network).toEqual(network);
    expect(back.names).toEqual(names);
  },
);
