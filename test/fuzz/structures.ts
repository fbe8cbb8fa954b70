import fc from "fast-check";
import { hashResult } from "../../src/cli/folder";
import { encodeSession, type Saved } from "../../src/io/sessionFile";
import { hashPieces } from "../../src/io/sha256";
import { parameterNames, parseExperiment } from "../../src/model/experiment";
import type { Sums } from "../../src/model/sums";
import { viewChoices } from "../../src/ui/link";

// What is mostly as it should be, and a little broken: so that more than the first check of a parser is reached.

const encoder = new TextEncoder();
const encoded = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  text.map((one) => encoder.encode(one));

/** Good ones so many times as often as bad ones. */
const mostly = <T>(times: number, good: fc.Arbitrary<T>, bad: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: times, arbitrary: good }, { weight: 1, arbitrary: bad });

const goodNumber = fc.oneof(
  fc.integer({ min: -3, max: 9 }).map(String),
  fc.double({ min: -4, max: 4, noNaN: true }).map(String),
  fc.constantFrom("0.5", "-1e-3", ".25", "2.", "+1", "1E2"),
);
const badNumber = fc.oneof(
  fc.constantFrom(
    ..."NaN Infinity -Infinity 1e400 -1e400 0x10 0b1 1_000 1e999999 1,5 -- 1e e5 ½ ١".split(" "),
  ),
  fc.constantFrom(
    "",
    " ",
    "\t1",
    "1 2",
    "9".repeat(400),
    `${"1".repeat(300)}x`,
    "1e-310",
    "1e15",
    "2048",
    "-2048.5",
  ),
);
const number = mostly(50, goodNumber, badNumber);

const goodName = fc.oneof(
  fc.integer({ min: 0, max: 7 }).map(String),
  fc.constantFrom(
    "a",
    "b",
    "ABCD",
    "neuron 5",
    "ünï",
    "720575940624547622",
    "720575940624547623",
    "007",
    "😀",
  ),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty"),
);
const badName = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "x".repeat(201),
    '"',
    'a"b',
    "a,b",
    "a;b",
    "<b>",
    "&amp;",
    "&#0;",
    "\u202e",
    "a\u0000b",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
);
const name = mostly(50, goodName, badName);

const lineEnd = mostly(40, fc.constantFrom("\n", "\r\n"), fc.constantFrom("\r", "\n\n", " \n", "\r\r\n", ""));
const separator = mostly(20, fc.constantFrom(",", ";", "\t"), fc.constantFrom("|", " ", ",,", ", "));
const quotedOrNot = (field: fc.Arbitrary<string>) =>
  fc
    .tuple(field, fc.nat(11))
    .map(([text, how]) => (how === 0 ? `"${text}"` : how === 1 ? `"${text.replaceAll('"', '""')}"` : text));

/** A table whose columns hold these. */
const table = (headers: readonly string[], ...columns: fc.Arbitrary<string>[]): fc.Arbitrary<Uint8Array> => {
  const row = fc.tuple(...columns.map(quotedOrNot));
  const fields = fc.tuple(mostly(50, row, fc.array(name, { maxLength: 5 })), lineEnd);
  const header = mostly(
    3,
    fc.constantFrom(...headers.map((text) => text.split(","))),
    fc.constant<string[]>([]),
  );
  return encoded(
    fc
      .tuple(
        mostly(9, fc.constant(""), fc.constant("\ufeff")),
        separator,
        header,
        fc.array(fields, { maxLength: 6 }),
      )
      .map(([mark, between, names, rows]) =>
        [
          mark,
          ...(names.length > 0 ? [names.join(between), "\n"] : []),
          ...rows.map(([row, end]) => row.join(between) + end),
        ].join(""),
      ),
  );
};

export const edgeLists = fc.oneof(
  table(["source,target", "pre,post", "from,to"], name, name),
  table(["source,target,weight", "pre_root_id,post_root_id,syn_count", "x,y,z"], name, name, number),
  table(
    ["source,target,weight,sign", "pre,post,count,nt_type", "pre_root_id,post_root_id,syn_count,nt_type"],
    ...[name, name, number],
    mostly(9, fc.constantFrom("1", "-1", "+", "-", "GABA", "ACH", "gaba"), name),
  ),
);

const neuron = mostly(60, fc.integer({ min: 0, max: 5 }).map(String), name);
export const placeTables = fc.oneof(
  table(["id,x,y", "name,x,y"], neuron, number, number),
  table(["id,x,y,z", "root id,pos_x,pos_y,pos_z"], neuron, number, number, number),
);

const types = ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"];
const descr = mostly(
  9,
  fc.constantFrom(...types).map((type) => `'${type.endsWith("1") ? "|" : "<"}${type}'`),
  fc.constantFrom(
    "'>f8'",
    "'=f8'",
    "'|O'",
    "'<f2'",
    "'<c16'",
    "'|f8'",
    "[('a', '<f8')]",
    "'__proto__'",
    "''",
  ),
);
const size = mostly(15, fc.integer({ min: 1, max: 5 }), fc.constantFrom(0, -1, 1e6, 2 ** 31, 2 ** 53, 1e20));
const shape = mostly(
  12,
  size.map((n) => `(${n}, ${n})`),
  fc.oneof(
    fc.array(size, { maxLength: 3 }).map((sizes) => `(${sizes.join(", ")})`),
    fc.constantFrom("()", "(2 2, 22)", "(2,, 2)", "(2L, 2L)", "(0x2, 0x2)", "(2, 2", "2", "None"),
  ),
);
const header = fc
  .tuple(descr, mostly(9, fc.constantFrom("True", "False"), fc.constantFrom("None", "1", "'True'")), shape)
  .map(([type, fortran, sizes]) => `{'descr': ${type}, 'fortran_order': ${fortran}, 'shape': ${sizes}, }`);

export const matrices: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    mostly(15, header, fc.constantFrom("", "{}", "{'descr': '<f8'}", "x".repeat(300), `${" ".repeat(99)}{`)),
    mostly(15, fc.constantFrom(1, 2, 3), fc.nat(255)),
    fc.array(
      mostly(
        60,
        fc.integer({ min: -4, max: 4 }),
        fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity, 1e300, 1e-310, 2048, 2049)),
      ),
      { minLength: 25, maxLength: 25 },
    ),
    mostly(9, fc.constant(0), fc.integer({ min: -9, max: 9 })),
    mostly(15, fc.constant(0), fc.constantFrom(1, -1, 65_000, 2 ** 31, -5)),
  )
  .map(([text, version, values, more, lie]) => {
    const start = version === 1 ? 10 : 12;
    const type = /'[<>|](\w)(\d)'/.exec(text);
    const bytesEach = Number(type?.[2]) || 8;
    const rows = Math.min(5, Number(/\((\d+)/.exec(text)?.[1] ?? 2));
    const data = new DataView(new ArrayBuffer(Math.max(0, rows * rows * bytesEach + more)));
    for (let at = 0; at + bytesEach <= data.byteLength; at += bytesEach) {
      const value = values[(at / bytesEach) % values.length];
      if (type?.[1] === "f" && bytesEach === 8) data.setFloat64(at, value, true);
      else if (type?.[1] === "f" && bytesEach === 4) data.setFloat32(at, value, true);
      else if (bytesEach >= 4) data.setInt32(at, value, true);
      else data.setInt8(at, type?.[1] === "b" ? value & 1 : value);
    }
    const bytes = new Uint8Array(start + text.length + data.byteLength);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
    const length = new DataView(bytes.buffer);
    if (version === 1) length.setUint16(8, text.length + lie, true);
    else length.setUint32(8, text.length + lie, true);
    bytes.set(encoder.encode(text), start);
    bytes.set(new Uint8Array(data.buffer), start + text.length);
    return bytes;
  });

const attribute = (text: fc.Arbitrary<string>) =>
  mostly(
    40,
    text.map((one) => one.replace(/[&<"]/g, (letter) => `&#${letter.charCodeAt(0)};`)),
    text,
  );
const datum = (key: fc.Arbitrary<string>) =>
  fc.tuple(key, number).map(([of, value]) => `<data key="${of}">${value}</data>`);
const place = fc.tuple(...["x", "y"].map((axis) => datum(fc.constant(axis)))).map((data) => data.join(""));
const nodes = fc.tuple(
  attribute(name),
  mostly(20, mostly(1, fc.constant(""), place), datum(fc.constantFrom("w", "x", "z"))),
);
const end = attribute(mostly(30, fc.integer({ min: 0, max: 7 }).map(String), name));
const edges = fc
  .tuple(
    end,
    end,
    mostly(2, fc.constant(""), datum(mostly(20, fc.constant("w"), name))),
    mostly(20, fc.constant(""), fc.constantFrom(' directed="false"', ' directed="x"', " id='1'")),
  )
  .map(([from, to, data, more]) => `<edge source="${from}" target="${to}"${more}>${data}</edge>`);
const oddities = fc.constantFrom(
  ...[
    "<!-- x -->",
    "<?x y?>",
    "<![CDATA[1]]>",
    "<graph/>",
    "<hyperedge/>",
    "<desc>a</desc>",
    "</graph>",
    "<edge/>",
  ],
  ...[
    "<node/>",
    "text",
    "&lt;",
    "&#x10FFFF;",
    "&#0;",
    "&e;",
    '<!DOCTYPE a [<!ENTITY e "f">]>',
    "<a:b/>",
    "<a b='1' b='2'/>",
  ],
  "<desc>".repeat(150),
);
const keys = fc.subarray([
  '<key id="w" for="edge" attr.name="weight" attr.type="double"/>',
  ...["x", "y", "z"].map((axis) => `<key id="${axis}" for="node" attr.name="${axis}" attr.type="double"/>`),
]);
export const graphs = encoded(
  fc
    .tuple(
      mostly(20, fc.constantFrom("", '<?xml version="1.0" encoding="UTF-8"?>\n'), oddities),
      mostly(30, keys, fc.array(oddities, { maxLength: 2 })),
      mostly(30, fc.constantFrom("directed", "undirected"), name),
      fc.array(nodes, { maxLength: 8 }),
      fc.array(mostly(30, edges, oddities), { maxLength: 8 }),
      mostly(30, fc.constant(true), fc.constant(false)),
    )
    .map(([head, known, direction, all, rest, closed]) => {
      // Most edges lead to nodes that are there.
      const ids = new Map(Array.from({ length: 8 }, (_, id) => [String(id), ""]));
      for (const [id, data] of all) ids.set(id, data);
      const body = [...ids].map(([id, data]) => `<node id="${id}">${data}</node>`).join("") + rest.join("");
      return `${head}<graphml>${known.join("")}<graph edgedefault="${direction}">${body}${closed ? "</graph></graphml>" : ""}`;
    }),
);

/** The hash of the network in the file that is open. */
export const openHash = "a".repeat(64);
const kebab = (text: string) => text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const viewNames = [...Object.keys(viewChoices), "level", "rate", "z", "cells", "select"];
const words = [
  ...new Set(Object.values(viewChoices).flat()),
  "random",
  "in-degree",
  "blocks",
  "small-world",
  "file",
];
const linkName = mostly(
  15,
  fc.constantFrom(...parameterNames.map(kebab), ...viewNames, "v"),
  fc.oneof(name, fc.constantFrom("__proto__", "constructor", "file-hash", "fileHash", "")),
);
const linkValue = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words, "all", "subset", "one", "same-noise", "cpu", "gpu") },
  { weight: 4, arbitrary: number },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 2_000_000 }).map(String) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "top:5",
      "0-3",
      "17,42",
      "id:a",
      "id:a ,id:b ",
      "id:ünï,id:a",
      "id:__proto__,0-0",
      "5-1",
      "0-3,0-3",
      openHash,
    ),
  },
  { weight: 1, arbitrary: name },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "id:a  ,".repeat(200),
      "1,".repeat(900),
      `${"1".repeat(900)}x`,
      "%",
      "%E0%A4%A",
    ),
  },
);
/** The beginning of a link to the network in the file that is open. */
const inFile = `#v=1&network=file&file=b.csv&file-hash=${openHash}&neurons=6`;
export const links = encoded(
  fc
    .tuple(
      mostly(1, fc.constant("#v=1"), fc.constantFrom(inFile, `${inFile}&sources=id:ünï,id:__proto__ ,2-3`)),
      fc.array(fc.tuple(linkName, linkValue, mostly(12, fc.constant(true), fc.constant(false))), {
        maxLength: 8,
      }),
    )
    .map(([begin, pairs]) =>
      [
        begin,
        ...pairs.map(([key, value, escaped]) =>
          escaped ? `${new URLSearchParams([[key, value]])}` : `${key}=${value}`,
        ),
      ].join("&"),
    ),
);

/** What somebody types to find a neuron or an arrow. */
export const searches = encoded(
  fc
    .tuple(name, fc.constantFrom("", "-", " ", "→", " -> ", "--"), mostly(2, name, fc.constant("")))
    .map((parts) => parts.join("")),
);

const whole = mostly(
  12,
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom(255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40, 2 ** 53 - 1),
);
/** Sums of so many targets and sources, or not quite. */
export const sums: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    mostly(9, fc.integer({ min: 1, max: 3 }), fc.constantFrom(0, 2 ** 20, 2 ** 32, 2 ** 52)),
    mostly(9, fc.integer({ min: 0, max: 2 }), fc.nat(300)),
    fc.integer({ min: 0, max: 3 }),
    fc.array(whole, { minLength: 60, maxLength: 60 }),
    mostly(9, fc.constant(0), fc.integer({ min: -9, max: 9 })),
  )
  .map(([targets, kind, columns, values, more]) => {
    const record = kind > 0 ? 3 + 4 * targets : 2 + targets;
    const length = Math.min(200, 4 + 2 * targets + columns * record);
    const bytes = new Uint8Array(Math.max(0, 8 * length + more));
    const view = new DataView(bytes.buffer);
    const put = (at: number, value: number) => {
      if (8 * at + 8 <= bytes.length) view.setBigUint64(8 * at, BigInt(value), true);
    };
    for (let at = 1; at < length; at++) put(at, values[at % values.length]);
    put(1, kind);
    put(3, targets);
    for (let column = 0; column < columns; column++) put(4 + 2 * targets + column * record, column);
    bytes.set(encoder.encode("labsums2").subarray(0, bytes.length));
    return bytes;
  });

/** Four trials of two neurons, by hand: outcomes 100, 150, 200, 50 and 0, 255, 45, 0. */
export const fourTrials: Sums = {
  trials: 4,
  targets: 2,
  sources: Uint32Array.of(0, 1),
  perturbed: Float64Array.of(2, 1),
  outcome: Float64Array.of(500, 300),
  outcomeSquared: Float64Array.of(75_000, 67_050),
  pair: Float64Array.of(250, 200, 255, 45),
  arms: null,
};
const ofFour: Saved = {
  ...{ version: "0.1.0", experiment: parseExperiment({ network: "random", neurons: 2, trials: 100 }) },
  ...{ trials: { from: 0, to: 4 }, engine: "cpu", adapter: "CPU", understood: null },
};

export const sessionBytes = (saved: Partial<Saved> = {}, sums = fourTrials): Uint8Array =>
  new Uint8Array(Buffer.concat([...encodeSession({ ...ofFour, ...saved }, sums)]));

/** The same with another first line, vouched for. */
function withLine(bytes: Uint8Array, change: (line: string) => string): Uint8Array {
  const end = bytes.indexOf(0x0a);
  const line = encoder.encode(change(new TextDecoder().decode(bytes.subarray(0, end))));
  return new Uint8Array(
    Buffer.concat([line, encoder.encode(`\n${hashPieces([line])}\n`), bytes.subarray(end + 66)]),
  );
}

/** Stands for lists inside one another, deeper than JSON can be written. */
const deep = "as deep as a line can hold";
const deepLists = "[".repeat(30_000) + "]".repeat(30_000);
const anything = fc.oneof(
  whole,
  fc.constantFrom<unknown>(null, true, -1, 0.5, "", "4", "x".repeat(3000), [], {}, [[{}]], { a: [] }, deep),
);
/** Sessions whose hashes are right, whatever else is: what is spoilt byte by byte seldom comes past these. */
export const sessions: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    mostly(
      2,
      fc.constant({}),
      fc.dictionary(fc.constantFrom(...Object.keys(ofFour), "format", "more"), anything),
    ),
    mostly(2, fc.constant({}), fc.dictionary(fc.constantFrom(...parameterNames, "more"), anything)),
    fc.array(fc.tuple(fc.constantFrom("perturbed", "outcome", "outcomeSquared", "pair"), fc.nat(3), whole), {
      maxLength: 1,
    }),
    mostly(9, fc.constant(null), fc.tuple(fc.nat(400), fc.nat(255))),
  )
  .map(([head, given, changes, spoilt]) => {
    const sums = structuredClone(fourTrials);
    for (const [name, at, value] of changes) (sums[name as keyof Sums] as Float64Array)[at] = value;
    const experiment = { ...ofFour.experiment, ...given };
    return withLine(sessionBytes({}, sums), (line) => {
      const text = JSON.stringify({ ...JSON.parse(line), experiment, ...head }).replace(
        `"${deep}"`,
        deepLists,
      );
      if (!spoilt) return text;
      const at = spoilt[0] % text.length;
      return text.slice(0, at) + String.fromCharCode(spoilt[1]) + text.slice(at + 1);
    });
  });

const ofResult = {
  ...{ version: "0.1.0", experiment: ofFour.experiment, engine: "cpu", adapter: "CPU" },
  ...{ trials: ofFour.trials, seconds: 0.25, tiles: null, sumsHash: "0a".repeat(32) },
};

/** What is read of a result, vouched for. */
export const resultBytes = (given: Record<string, unknown> = {}): Uint8Array => {
  const result = { ...ofResult, ...given };
  const text = JSON.stringify({ ...result, resultHash: hashResult(result), roc: null }, null, 2);
  return encoder.encode(`${text}\n`);
};

/** Results whose hash is right, whatever else is. */
export const results: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    mostly(
      2,
      fc.constant({}),
      fc.dictionary(fc.constantFrom(...Object.keys(ofResult), "__proto__", "more"), anything),
    ),
    mostly(2, fc.constant({}), fc.dictionary(fc.constantFrom(...parameterNames, "more"), anything)),
    mostly(
      2,
      fc.constant(ofResult.trials),
      fc.record({ from: mostly(9, whole, anything), to: mostly(9, whole, anything) }),
    ),
  )
  .map(([head, given, trials]) => {
    const experiment = { ...ofResult.experiment, ...given };
    return resultBytes({ experiment, trials, ...head });
  });
