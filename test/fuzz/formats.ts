import { gzipSync } from "node:zlib";
import type fc from "fast-check";
import { parseResult } from "../../src/cli/folder";
import { nodeHash } from "../../src/cli/hash";
import { glance } from "../../src/io/glance";
import type { Input } from "../../src/io/input";
import { matrixBytes } from "../../src/io/npy";
import type { Origin } from "../../src/io/origin";
import { readPlaces } from "../../src/io/places";
import { type Format, type ReadOptions, readNetwork } from "../../src/io/readNetwork";
import { readSession } from "../../src/io/sessionFile";
import { decodeSums } from "../../src/io/sumsFile";
import { type Experiment, parameterNames, parseParameter } from "../../src/model/experiment";
import { Names, packNames } from "../../src/model/names";
import type { Sums } from "../../src/model/sums";
import { forecast } from "../../src/page/forecast";
import { lessonDefaults } from "../../src/page/lessonState";
import { byNumbers, type OpenedFile, setOpenedFile } from "../../src/page/openedFile";
import { readLink, viewChoices, writeLink } from "../../src/ui/link";
import { selectionFor } from "../../src/ui/search";
import { defaultState, type State } from "../../src/ui/state";
import { viewNumberNames, viewNumbers } from "../../src/ui/viewNumbers";
import { fileOf } from "../support/files";
import { readFrom } from "../support/sums";
import {
  edgeLists,
  graphs,
  links,
  matrices,
  openHash,
  placeTables,
  resultBytes,
  results,
  searches,
  sessionBytes,
  sessions,
  sums,
} from "./structures";

/** A kind of input from strangers. One more is one more line in `formats`. */
export interface FuzzedFormat {
  /** Small and good, to be spoilt byte by byte. */
  readonly samples: readonly Uint8Array[];
  /** Good ones and nearly good ones, by their grammar. */
  readonly structures: fc.Arbitrary<Uint8Array>;
  /**
   * Reads one as the program does, and looks at what comes out of it.
   *
   * pieceBytes   for what is read in pieces: their size, on which nothing must depend
   * Result       words that tell results apart.
   * Errors       InputError where it is refused; anything else is a fault, that of `must` too.
   */
  read(bytes: Uint8Array, pieceBytes: number): string | Promise<string>;
  /** It is there as a whole, never in pieces. */
  readonly isWhole?: boolean;
  /** How many of all inputs, beside others' 1. */
  readonly share?: number;
  /** Milliseconds that one may take at most: on the page, or in a worker that can be ended. */
  readonly mostMs: number;
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`a result that cannot be: ${what}`);
}

const encode = (text: string) => new TextEncoder().encode(text);
const isWhole = (value: number, end: number) => Number.isInteger(value) && value >= 0 && value < end;

/** Something that all bytes of an input decide, so that options go with it. */
function mark(bytes: Uint8Array): number {
  let state = 0x811c9dc5;
  for (const byte of bytes) state = Math.imul(state ^ byte, 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}

async function network(input: Input, options: ReadOptions): Promise<string> {
  const read = await readNetwork(input, options, undefined, nodeHash());
  const { neurons, rowStart, source, weight } = read.network;
  must(isWhole(neurons - 1, 1_000_000), `${neurons} neurons`);
  must(rowStart.length === neurons + 1 && rowStart[0] === 0, "rows that do not begin at 0");
  must(source.length === weight.length && rowStart[neurons] === source.length, "arrows outside of the rows");
  for (let target = 0; target < neurons; target++) {
    must(rowStart[target] <= rowStart[target + 1], "a row that ends before it begins");
    for (let arrow = rowStart[target]; arrow < rowStart[target + 1]; arrow++) {
      must(source[arrow] < neurons, `source ${source[arrow]}`);
      must(arrow === rowStart[target] || source[arrow] > source[arrow - 1], "sources that do not ascend");
      must(weight[arrow] !== 0, "an arrow of no weight");
    }
  }
  must(Number.isFinite(read.factor) && read.factor > 0, `a factor of ${read.factor}`);
  for (const count of [read.rows, read.added, read.vanished])
    must(isWhole(count, 2 ** 53), `a count of ${count}`);
  if (read.names) {
    must(
      read.names.length === neurons && new Set(read.names).size === neurons,
      "names that are not the neurons'",
    );
    must(
      read.names.every((name) => name.length >= 1 && name.length <= 200),
      "a name without characters, or too many",
    );
  }
  if (read.places) places(read.places.at, read.places.dimensions, neurons);
  return `${read.hash} ${read.rows} ${read.factor}`;
}

/** What the neurons of a network from a file are called here. */
const neuronNames = ["a", "__proto__", "0", "1", "ünï", "toString"];

/** A table of places, packed or not, of neurons with names or without. */
const placesIn = (name: string) => async (bytes: Uint8Array, pieceBytes: number) => {
  const names = mark(bytes) % 2 === 0 ? null : neuronNames;
  const read = await readPlaces(fileOf(name, bytes, pieceBytes), 6, names);
  places(read.at, read.dimensions, 6);
  return read.at.join();
};

function places(at: Float64Array, dimensions: number, neurons: number): void {
  must(
    at.length === dimensions * neurons && (dimensions === 2 || dimensions === 3),
    "places that are not the neurons'",
  );
  for (let neuron = 0; neuron < neurons; neuron++) {
    const place = at.subarray(dimensions * neuron, dimensions * (neuron + 1));
    must(
      place.every(Number.isNaN) || place.every((one) => Math.abs(one) <= 1e15),
      `a place at ${place.join(", ")}`,
    );
  }
}

const edgeListOptions: readonly ReadOptions[] = [
  {},
  { scale: "singular-value" },
  { header: false },
  { columns: { source: "1", target: "2", weight: null } },
  { columns: { source: "source", target: "target", weight: "3", transmitter: "4" }, negative: ["GABA"] },
  { columns: { source: "pre", target: "toString" } },
];
const matrixOptions: readonly ReadOptions[] = [
  { direction: "rows-are-targets" },
  { direction: "rows-are-sources", scale: "singular-value" },
];

/** A network in a file of this format, read in one of these ways. */
const file =
  (format: Format, name: string, ways: readonly ReadOptions[]) => (bytes: Uint8Array, pieceBytes: number) =>
    network(fileOf(name, bytes, pieceBytes), { ...ways[mark(bytes) % ways.length], format });

const texts = {
  edges: [
    "source,target,weight\na,b,0.5\nb,c,-0.25\nc,a,1\nd,d,0\n",
    '\ufeffpre;post;w;sign\r\n"a ""b""";c;0.5;+\r\nc;c;1e-3;-1\r\n',
    "0\t1\t2\n1\t2\t1.5\n2\t0\t0.25\n",
    "pre_root_id,post_root_id,syn_count,nt_type\n720575940624547622,720575940624547623,5,GABA\n720575940624547623,9,12,ACH\n",
  ],
  places: ["id,x,y\n0,1,2\n3,-1.5,1e3\n5,0,0\n", "0\t1\t2\t3\n1\t2\t3\t4\n", '"a";1;2\n'],
  graphs: [
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml><key id="w" for="edge" attr.name="weight"><default>2</default></key>' +
      '<key id="x" for="node" attr.name="x"/><key id="y" for="node" attr.name="y"/><graph edgedefault="directed">' +
      '<node id="a"><data key="x">1</data><data key="y">-2.5</data></node><node id="b"/><!-- c -->' +
      '<edge source="a" target="b"><data key="w">0.5</data></edge><edge source="b" target="b"/></graph></graphml>',
    '<graphml><graph edgedefault="undirected"><node id="&lt;1&gt;"/><node id="&#x263a;"/>' +
      '<edge source="&lt;1&gt;" target="&#x263a;" directed="true"/></graph></graphml>',
  ],
  links: [
    "#v=1&network=random&neurons=400&density=0.05&seed=a%20b&trials=1000000&sources=top:16&theme=projector&select=5-1",
    "#v=1&lesson=3&answer=shown&select=3&network-seed=7&neurons=25",
    "#v=1&mode=compare&check=1&design=subset&share=0.5&cells=0-3,0-5&level=0.99&rate=0.01&z=4.5&layout=force",
    // What takes longest to check: the largest lists and networks.
    "#v=1&network=in-degree&neurons=1000000&sources=0-499999,500001-999999&cells=0-999999,0-9",
    "#v=1&network=blocks&neurons=1000000&blocks=999999&density=1&between=0&hidden=0.5",
    `#v=1&network=in-degree&neurons=1000000&sources=${Array.from({ length: 250 }, (_, at) => 3 * at + 100).join(",")}`,
    `#v=1&network=file&file=a%2Fb.csv&file-hash=${"0a".repeat(32)}&neurons=6&sources=id%3Aa%2C17%2C0-3`,
    `#v=1&network=file&file=b.csv&file-hash=${openHash}&neurons=6&sources=id%3A%C3%BCn%C3%AF,id%3Aa,3&select=5-1`,
  ],
  searches: ["5", "5-1", " a → ünï", "toString->1", "0 1", "__proto__"],
};
const joined = (pieces: Iterable<Uint8Array>) => new Uint8Array(Buffer.concat([...pieces]));
const matrixSamples = [
  joined(matrixBytes(3, 3, (row) => Float64Array.of(row, 0, -0.5))),
  joined(matrixBytes(1, 1, () => Float64Array.of(1))),
];
const sumsSamples = [
  [0, 3, 2, 9, 8, 7, 6, 0, 2, 5, 4, 1, 1, 3, 2],
  [1, 3, 1, 9, 8, 0, 2, 5, 1, 4, 3, 2],
].map((numbers) => joined([encode("labsums2"), new Uint8Array(BigUint64Array.from(numbers, BigInt).buffer)]));

/** The file that is open for some links. */
const open: OpenedFile = {
  ...{ file: new File([], "b.csv"), options: {}, described: "", places: null, names: packNames(neuronNames) },
  ...{ about: { network: "file", neurons: 6, file: "b.csv", fileHash: openHash }, arrows: 9 },
};

/** As the page reads it: see `checked` in src/page/lab.ts. */
function link(hash: string, opened: OpenedFile | null): string {
  setOpenedFile(opened);
  const check = (experiment: Experiment) => {
    const numbered = byNumbers(experiment);
    forecast(numbered);
    return numbered;
  };
  const { state, problems, wanted } = readLink(hash, defaultState, lessonDefaults, check);
  for (const one of [state, ...(wanted ? [wanted] : [])]) possible(one);
  must(problems.length <= 50, `${problems.length} sentences`);
  for (const problem of problems) sentence(problem);
  const again = readLink(writeLink(state, lessonDefaults), defaultState, lessonDefaults, check);
  must(JSON.stringify(again.state) === JSON.stringify(state), "a state that its own link does not give back");
  return JSON.stringify(state);
}

function search(text: string, names: Names | null): string {
  const found = selectionFor(text, neuronNames.length, names);
  must(/^[0-5](-[0-5])?$/.test(found), `neurons ${found}`);
  return found;
}

function possible({ experiment, view }: State): void {
  for (const name of parameterNames)
    must(
      Object.is(parseParameter(name, experiment[name]), experiment[name]),
      `${name} is ${experiment[name]}`,
    );
  must(Object.keys(experiment).length === parameterNames.length, "a parameter that there is not");
  for (const [name, choices] of Object.entries(viewChoices))
    must((choices as readonly unknown[]).includes(view[name as keyof typeof viewChoices]), `${name}`);
  for (const name of viewNumberNames)
    must(
      view[name] >= viewNumbers[name].min && view[name] <= viewNumbers[name].max,
      `${name} is ${view[name]}`,
    );
  must(/^(\d+(-\d+)?)?$/.test(view.select) && /^(\d+-\d+,\d+-\d+)?$/.test(view.cells), "what is selected");
  for (const neuron of `${view.select},${view.cells}`.match(/\d+/g) ?? [])
    must(Number(neuron) < experiment.neurons, `neuron ${neuron} of ${experiment.neurons}`);
}

/** What a person reads of something that is refused: one line that says something, and not a page of it. */
export function sentence(text: string): void {
  must(
    text.length >= 10 && text.length <= 1000,
    `a sentence of ${text.length} characters: ${text.slice(0, 200)}`,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  must(!/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/.test(text), `a sentence of more than one line: ${text}`);
}

const sumsFile = (bytes: Uint8Array): string =>
  wholeSums(decodeSums(readFrom(bytes), bytes.length, "sums.bin"));

function session(bytes: Uint8Array): string {
  const { head, sums: read } = readSession(readFrom(bytes), bytes.length, "a.perturbation-lab");
  const { experiment, trials } = head;
  possibleOrigin(head);
  must(trials.to - trials.from === read.trials, "trials of another session");
  must(read.targets === experiment.neurons, "targets of another session");
  return `${JSON.stringify(head)} ${wholeSums(read)}`;
}

function possibleOrigin({ experiment, trials, engine, sumsHash }: Origin): void {
  for (const name of parameterNames)
    must(
      Object.is(parseParameter(name, experiment[name]), experiment[name]),
      `${name} is ${experiment[name]}`,
    );
  must(isWhole(trials.from, 2 ** 32) && isWhole(trials.to, 2 ** 32), "trials that are no numbers");
  must(trials.from <= trials.to && trials.to <= experiment.trials, "trials of another experiment");
  must(engine === null || engine === "gpu" || engine === "cpu", `engine ${engine}`);
  must(/^[0-9a-f]{64}$/.test(sumsHash), `sumsHash ${sumsHash}`);
}

function result(text: string): string {
  const told = parseResult(text, "result.json");
  possibleOrigin(told);
  must(Number.isFinite(told.seconds) && told.seconds >= 0, `${told.seconds} seconds`);
  must(typeof told.adapter === "string", "an adapter without a name");
  return JSON.stringify(told);
}

function wholeSums(read: Sums): string {
  const { targets, sources, trials, perturbed, outcome, outcomeSquared, pair, arms } = read;
  const pairs = targets * sources.length;
  const all: [ArrayLike<number>, number][] = [
    ...([
      [outcome, targets],
      [outcomeSquared, targets],
      [perturbed, sources.length],
      [pair, pairs],
    ] as const),
    ...(arms
      ? ([
          [arms.off, sources.length],
          [arms.pairOff, pairs],
          [arms.squaredOn, pairs],
        ] as const)
      : []),
  ].map(([array, length]) => [array, length]);
  for (const [array, length] of all) {
    must(array.length === length, "sums of another size");
    for (let at = 0; at < length; at++) must(isWhole(array[at], 2 ** 53), `a sum of ${array[at]}`);
  }
  must(isWhole(trials, 2 ** 32) && isWhole(targets - 1, 1_000_000), `${trials} trials, ${targets} targets`);
  must(
    sources.every((one, at) => one < targets && (at === 0 || one > sources[at - 1])),
    "sources",
  );
  return JSON.stringify([trials, targets, [...sources], [...pair]]);
}

const everything = [...texts.edges, ...texts.places, ...texts.graphs]
  .map(encode)
  .concat(matrixSamples, sumsSamples);
const packed = (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes));
/** The same in packed files. Compression costs more than reading: these are fewer. */
const inGzip = (
  samples: readonly Uint8Array[],
  structures: FuzzedFormat["structures"],
  read: FuzzedFormat["read"],
): FuzzedFormat => ({
  ...{ samples: samples.map(packed), structures: structures.map(packed), read },
  // What follows a packed file is damage or nothing to Node, as the pieces fall; browsers refuse it.
  ...{ isWhole: true, share: 0.25, mostMs: 2000 },
});

export const formats: Readonly<Record<string, FuzzedFormat>> = {
  csv: {
    samples: texts.edges.map(encode),
    structures: edgeLists,
    read: file("csv", "edges.csv", edgeListOptions),
    mostMs: 2000,
  },
  npy: {
    samples: matrixSamples,
    structures: matrices,
    read: file("npy", "a.npy", matrixOptions),
    mostMs: 2000,
  },
  graphml: {
    samples: texts.graphs.map(encode),
    structures: graphs,
    read: file("graphml", "a.graphml", [{}, { scale: "singular-value" }]),
    mostMs: 2000,
  },
  "csv.gz": inGzip(texts.edges.map(encode), edgeLists, file("csv", "edges.csv.gz", edgeListOptions)),
  "npy.gz": inGzip(matrixSamples, matrices, file("npy", "a.npy.gz", matrixOptions)),
  "graphml.gz": inGzip(texts.graphs.map(encode), graphs, file("graphml", "a.graphml.gz", [{}])),
  places: {
    samples: texts.places.map(encode),
    structures: placeTables,
    read: placesIn("places.csv"),
    mostMs: 2000,
  },
  "places.gz": inGzip(texts.places.map(encode), placeTables, placesIn("places.csv.gz")),
  glance: {
    samples: everything,
    structures: edgeLists,
    async read(bytes, pieceBytes) {
      const name = ["a", "a.csv", "a.npy", "a.xml", "a.__proto__"][mark(bytes) % 5];
      // Of a matrix it takes the first piece, however long.
      const { format, rows, width, shape } = await glance(fileOf(name, bytes, Math.max(pieceBytes, 4096)));
      must(rows.length <= 6 && rows.every((row) => row.length <= 40), "more than a glance");
      must(
        rows.flat().every((field) => field.length <= 40),
        "a field that fills the dialog",
      );
      must(shape === null || isWhole(shape.neurons - 1, 1_000_000), `a matrix of ${shape?.neurons}`);
      return JSON.stringify([format, width, rows]);
    },
    mostMs: 2000,
  },
  sums: { samples: sumsSamples, structures: sums, read: sumsFile, isWhole: true, mostMs: 2000 },
  session: {
    samples: [sessionBytes(), sessionBytes({ understood: "edges.csv: 3 rows", engine: null })],
    structures: sessions,
    read: session,
    isWhole: true,
    mostMs: 2000,
  },
  result: {
    samples: [resultBytes(), resultBytes({ engine: null, adapter: "A, B", seconds: 0 })],
    structures: results,
    read: (bytes) => result(new TextDecoder().decode(bytes)),
    isWhole: true,
    mostMs: 2000,
  },
  link: {
    samples: texts.links.map(encode),
    structures: links,
    read: (bytes) => link(new TextDecoder().decode(bytes), mark(bytes) % 2 === 0 ? open : null),
    isWhole: true,
    mostMs: 100,
  },
  search: {
    samples: texts.searches.map(encode),
    structures: searches,
    read: (bytes) =>
      search(new TextDecoder().decode(bytes), mark(bytes) % 2 === 0 ? new Names(open.names!) : null),
    isWhole: true,
    share: 0.25,
    mostMs: 100,
  },
};
