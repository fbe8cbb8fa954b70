import { describe, expect, test } from "vitest";
import { readNetwork } from "../../src/io/readNetwork";
import { one, weightOf } from "../../src/model/network";
import { fileOf } from "../support/files";

const read = (text: string, pieceBytes?: number) => readNetwork(fileOf("brain.graphml", text, pieceBytes));

/** Parts of a document in the manner of networkx.write_graphml. */
const document = (
  inside: string,
  keys = '<key id="d0" for="edge" attr.name="weight" attr.type="double"/>',
  direction = "directed",
) =>
  `<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">${keys}
  <graph edgedefault="${direction}">${inside}</graph>
</graphml>`;
const nodes = '<node id="a"/><node id="b &amp; c"><data key="d7">x</data></node><node id="&#x64;"/>';

/** All weights, row = target. */
async function matrixOf(text: string, pieceBytes?: number) {
  const { network, names } = await read(text, pieceBytes);
  const all = [...Array(network.neurons).keys()];
  return { names, matrix: all.map((target) => all.map((source) => weightOf(network, target, source))) };
}

test("nodes, edges from source to target, weights; isolated nodes too, and in any pieces", async () => {
  const text = document(
    `<edge source="b &amp; c" target="a"><data key="d9">7</data><data key="d0"> -0.5 </data></edge>${nodes}
     <!-- nothing --><edge id="e" source="a" target="a"><data key="d0"><![CDATA[1.25]]></data></edge>`,
  );
  const expected = {
    names: ["a", "b & c", "d"],
    matrix: [
      [1.25, -0.5, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  };
  for (const pieceBytes of [1, 3, 1000]) expect(await matrixOf(text, pieceBytes)).toEqual(expected);
});

test("an undirected edge is an arrow each way, a self-connection once; an edge may say otherwise", async () => {
  const text = document(
    '<node id="0"/><node id="1"/><edge source="0" target="1"/><edge source="1" target="1"/><edge source="1" target="0" directed="true"/>',
    "",
    "undirected",
  );
  const file = await read(text);
  expect((await matrixOf(text)).matrix).toEqual([
    [0, 2],
    [1, 1],
  ]);
  expect(file).toMatchObject({
    names: null,
    rows: 3,
    understood: "each edge counts 1, 2 undirected edges both ways",
  });
});

test("weights may have a default; a node's own weight is another thing", async () => {
  const keys =
    '<key id="n" for="node" attr.name="weight"><default>9</default></key>' +
    '<key id="w" for="edge" attr.name="weight"><default>0.25</default></key><key id="c" for="edge" attr.name="colour"><default>red</default></key>';
  const text = document(
    '<node id="0"><data key="n">3</data></node><node id="1"/><edge source="0" target="1"/><edge source="1" target="0"><data key="w">2</data></edge>',
    keys,
  );
  const { network } = await read(text);
  expect(network.weight).toEqual(Int32Array.of(2 * one, one / 4));
});

describe("what is not read is one sentence with its place", () => {
  const edge = (inside: string) => document(`${nodes}<edge source="a" target="d">${inside}</edge>`);
  test.each<[string, string, RegExp]>([
    [
      "a document type",
      `<!DOCTYPE graphml [<!ENTITY a "b">]>${document("")}`,
      /^brain\.graphml has a document type or entities; allowed: GraphML without <!DOCTYPE or <!ENTITY$/,
    ],
    ["entities in small letters", `<!doctype g>${document("")}`, /has a document type/],
    [
      "an entity of one's own",
      document('<node id="&a;"/>'),
      /row 3, column \d+: undefined entity; allowed: GraphML/,
    ],
    [
      "half a document",
      document(nodes).slice(0, -20),
      /brain\.graphml, row \d+, column \d+: .*; allowed: GraphML/,
    ],
    ["another text", "source,target\na,b\n", /brain\.graphml, row \d, column \d+: .*; allowed: GraphML/],
    ["another XML", "<svg></svg>", /row 1, column \d+: the document is <svg>; allowed: <graphml>/],
    ["no graph", "<graphml></graphml>", /brain\.graphml has no nodes/],
    [
      "a weight that is none",
      edge('<data key="d0"></data>'),
      /row 3, column \d+: the weight is ""; allowed: a number up to ±2,048/,
    ],
    ["one that is not finite", edge('<data key="d0">INF</data>'), /the weight is "INF"/],
    ["one out of range", edge('<data key="d0">1e9</data>'), /the weight is "1e9"/],
    [
      "an edge to nobody",
      document(`${nodes}<edge source="a" target="z"/>`),
      /row 3, column \d+: an edge to "z", which is no node/,
    ],
    ["an edge without an end", document(`${nodes}<edge source="a"/>`), /an edge without a target/],
    [
      "a node twice",
      document('<node id="a"/><node id="a"/>'),
      /a node that is already there; allowed: each node once/,
    ],
    ["a node without a name", document("<node/>"), /the neuron is ""/],
    ["a direction", document(nodes, "", "both"), /the direction is "both"; allowed: directed or undirected/],
    [
      "a graph in a node",
      document('<node id="a"><graph edgedefault="directed"/></node>'),
      /a second graph; allowed: one/,
    ],
    [
      "a hyperedge",
      document(`${nodes}<hyperedge/>`),
      /a hyperedge; allowed: edges from one node to one other/,
    ],
    [
      "two weights",
      document(
        nodes,
        '<key id="a" for="edge" attr.name="weight"/><key id="b" for="all" attr.name="weight"/>',
      ),
      /two keys for weights/,
    ],
    [
      "a key of weights that comes too late",
      document(nodes, "").replace("</graph>", '</graph><key id="w" for="edge" attr.name="weight"/>'),
      /the key for weight after the graph; allowed: keys before it$/,
    ],
    [
      "an edge of two weights",
      edge('<data key="d0">1</data><data key="d0">2</data>'),
      /a second weight of one edge; allowed: one$/,
    ],
    [
      "a node in two places",
      document(
        '<node id="a"><data key="x">1</data><data key="x">2</data></node>',
        '<key id="x" for="node" attr.name="x"/>',
      ),
      /a second x of one node; allowed: one$/,
    ],
    [
      "a number without end, in small pieces",
      edge(`<data key="d0">1${`${"0".repeat(99)}<!---->`.repeat(11)}</data>`),
      /a number of more than 1,000 characters; allowed: shorter ones$/,
    ],
    ["an edge in an edge", edge('<edge source="a" target="b"/>'), /<edge> in <edge>; allowed: in <graph>/],
    [
      "a node in a node",
      document('<node id="a"><node id="b"/></node>'),
      /<node> in <node>; allowed: in <graph>/,
    ],
    ["a key in the graph", document('<key id="d9" for="edge" attr.name="weight"/>'), /<key> in <graph>;/],
    [
      "a tag inside a weight",
      edge('<data key="d0">1<data/>2</data>'),
      /<data> inside a number; allowed: digits/,
    ],
    [
      "elements inside one another",
      document(`${nodes}${"<desc>".repeat(1000)}`),
      /elements inside one another, 101 deep; allowed: up to 100$/,
    ],
    [
      "a name that breaks the line",
      document(`${nodes}<edge source="a" target="&#10;&#x2028;z"/>`),
      /the neuron is "\\n\ufffdz"; allowed: 1 to 200 characters that can be printed$/,
    ],
  ])("%s", async (_, text, sentence) => {
    for (const pieceBytes of [1, 1000]) {
      const failure = await read(text, pieceBytes).then(
        () => null,
        (error) => error,
      );
      expect(failure).toMatchObject({ name: "InputError", message: expect.stringMatching(sentence) });
      expect(failure.message).not.toContain("\n");
    }
  });
});

test.each([
  ["a tag", `<graphml><graph ${"a='1' ".repeat(200_000)}`],
  ["a tag's name", `<graphml><${"x".repeat(1_100_000)}`],
  ["a text", `<graphml>${"x".repeat(1_100_000)}`],
  ["a comment", `<graphml><!--${"x".repeat(1_100_000)}`],
])("%s that does not end is ended", async (_, text) => {
  await expect(read(text, 65_536)).rejects.toMatchObject({
    name: "InputError",
    message: expect.stringMatching(/1,048,576 characters without the end of a tag/),
  });
});

// Spaces within a name that were tried one by one, each up to the last, took an hour for this.
test("a long name with spaces inside is refused at once", { timeout: 5_000 }, async () => {
  const name = `a${" ".repeat(1_000_000)}b`;
  await expect(read(document(`<node id="${name}"/>`))).rejects.toThrow(/allowed: 1 to 200 characters/);
});
