import { describe, expect, test } from "vitest";
import { matrixBytes } from "../../src/io/npy";
import { type ReadOptions, readNetwork } from "../../src/io/readNetwork";
import { one, weightOf } from "../../src/model/network";
import { fileOf } from "../support/files";

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** A header as NumPy writes it, and bytes after it. */
function npy(
  dtype: string,
  shape: string,
  data: Uint8Array,
  { fortran = "False", version = 1 } = {},
): Uint8Array {
  const text = `{'descr': '${dtype}', 'fortran_order': ${fortran}, 'shape': ${shape}, }\n`;
  const length =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0];
  return Uint8Array.of(0x93, ...Buffer.from("NUMPY"), version, 0, ...length, ...Buffer.from(text), ...data);
}

const read = (bytes: Uint8Array, options?: ReadOptions, pieceBytes?: number) =>
  readNetwork(fileOf("a.npy", bytes, pieceBytes), options);

const targets = { direction: "rows-are-targets" } as const;
const sources = { direction: "rows-are-sources" } as const;

/** NumPy 2.4: numpy.save(file, numpy.array([[0, 0.5], [-2, 1]], dtype), allow_pickle=False), and its bytes as hexadecimal. */
const f8 =
  "934e554d5059010076007b276465736372273a20273c6638272c2027666f727472616e5f6f72646572273a2046616c73652c20277368617065273a2028322c2032292c207d" +
  "20".repeat(58) +
  "0a" +
  "0000000000000000000000000000e03f00000000000000c0000000000000f03f";

test("rows are targets or sources, as is said", async () => {
  const asTargets = await read(fromHex(f8), targets);
  expect(asTargets).toMatchObject({ names: null, rows: 3, understood: "columns → rows" });
  expect(asTargets.network).toEqual({
    neurons: 2,
    rowStart: Uint32Array.of(0, 1, 3),
    source: Uint32Array.of(1, 0, 1),
    weight: Int32Array.of(one / 2, -2 * one, one),
  });
  const asSources = await read(fromHex(f8), sources);
  expect([0, 1].map((target) => [0, 1].map((source) => weightOf(asSources.network, target, source)))).toEqual(
    [
      [0, -2],
      [0.5, 1],
    ],
  );
});

describe("every type of number, in either byte order, in either order of the matrix, in any version", () => {
  const rows = [
    [0, 1, 0],
    [2, 3, 0],
    [0, 0, 100],
  ];
  const put: Record<string, (view: DataView, at: number, value: number, little: boolean) => void> = {
    f4: (view, at, value, little) => view.setFloat32(at, value, little),
    f8: (view, at, value, little) => view.setFloat64(at, value, little),
    i1: (view, at, value) => view.setInt8(at, -value),
    i2: (view, at, value, little) => view.setInt16(at, -value, little),
    i4: (view, at, value, little) => view.setInt32(at, -value, little),
    i8: (view, at, value, little) => view.setBigInt64(at, BigInt(-value), little),
    u1: (view, at, value) => view.setUint8(at, value),
    u2: (view, at, value, little) => view.setUint16(at, value, little),
    u4: (view, at, value, little) => view.setUint32(at, value, little),
    u8: (view, at, value, little) => view.setBigUint64(at, BigInt(value), little),
    b1: (view, at, value) => view.setUint8(at, Number(value !== 0)),
  };
  test.each(Object.keys(put))("%s", async (type) => {
    const size = Number(type[1]);
    for (const little of [true, false])
      for (const fortran of ["True", "False"])
        for (const version of [1, 2, 3]) {
          const data = new Uint8Array(9 * size);
          const view = new DataView(data.buffer);
          rows.flat().forEach((_, index) => {
            const [major, minor] = [Math.floor(index / 3), index % 3];
            const value = fortran === "True" ? rows[minor][major] : rows[major][minor];
            put[type](view, index * size, value, little);
          });
          const order = size === 1 ? "|" : little ? "<" : ">";
          const bytes = npy(order + type, "(3, 3)", data, { fortran, version });
          const { network } = await read(bytes, targets, 7);
          const expected = rows.map((row) =>
            row.map((value) => (type[0] === "i" ? -value : type === "b1" ? Math.sign(value) : value) || 0),
          );
          expect(
            expected.map((row, target) => row.map((_, source) => weightOf(network, target, source))),
          ).toEqual(expected);
        }
  });
});

describe("what cannot be read is one sentence", () => {
  const zeros = new Uint8Array(32);
  const nan = new Uint8Array(Float64Array.of(0, 1, Number.NaN, 0).buffer);
  test.each<[string, Uint8Array, RegExp, ReadOptions?]>([
    [
      "no direction",
      fromHex(f8),
      /a\.npy does not say which way its arrows run; allowed: say rows-are-targets \(column → row\) or/,
      {},
    ],
    [
      "another file",
      Uint8Array.from(Buffer.from("PK and so on, a zip file")),
      /a\.npy: it does not begin as NumPy's files do/,
    ],
    ["nothing", new Uint8Array(), /a\.npy is cut short; allowed: a whole \.npy file/],
    ["half a header", fromHex(f8).slice(0, 40), /a\.npy is cut short/],
    ["half of the numbers", fromHex(f8).slice(0, -20), /a\.npy is cut short in row 0/],
    [
      "a number too many",
      Uint8Array.of(...fromHex(f8), ...zeros.slice(0, 8)),
      /a\.npy goes on after its 2 × 2 numbers/,
    ],
    ["a byte too many", Uint8Array.of(...fromHex(f8), 0), /a\.npy is cut short/],
    ["complex numbers", npy("<c16", "(2, 2)", zeros), /its type of numbers is "<c16"; allowed: f4, f8/],
    ["half precision", npy("<f2", "(2, 2)", zeros), /"<f2"/],
    ["objects", npy("|O", "(2, 2)", zeros), /"\|O"/],
    ["a name that every object has", npy("<constructor", "(2, 2)", zeros), /"<constructor"/],
    ["a row", npy("<f8", "(4,)", zeros), /its shape is \(4,\); allowed: a square matrix/],
    ["a cube", npy("<f8", "(1, 1, 1)", zeros), /its shape is \(1, 1, 1\)/],
    ["an oblong", npy("<f8", "(2, 3)", zeros), /its shape is \(2, 3\)/],
    ["nobody", npy("<f8", "(0, 0)", zeros), /its shape is \(0, 0\)/],
    ["too many", npy("<f8", "(1000001, 1000001)", zeros), /of 1 to 1,000,000 neurons/],
    ["no number", npy("<f8", "(1 2, 12)", zeros), /its shape is \(1 2, 12\)/],
    ["a width of 0 digits", npy("<f8", "(2,, 2)", zeros), /its shape is \(2,, 2\)/],
    [
      "a negative width",
      npy("<f8", "(-2, -2)", zeros),
      /its header is "\{'descr': '<f8', .*shape, each once$/,
    ],
    ["a wide type without an order", npy("|f8", "(2, 2)", zeros), /"\|f8"/],
    ["a shape twice", npy("<f8", "(2, 2), 'shape': (1, 1)", zeros), /its header is /],
    ["one key more", npy("<f8", "(2, 2), 'other': True", zeros), /its header is /],
    ["a call", npy("<f8", "(2, 2), 'x': exit()", zeros), /its header is /],
    ["a boolean that is neither", npy("|b1", "(1, 1)", Uint8Array.of(2)), /column 0: the weight is NaN;/],
    ["version 9", npy("<f8", "(2, 2)", zeros, { version: 9 }), /its version is 9; allowed: 1, 2 or 3/],
    [
      "a number that is none",
      npy("<f8", "(2, 2)", nan),
      /^a\.npy, row 1, column 0: the weight is NaN; allowed: a number up to ±2,048$/,
    ],
    [
      "one out of range",
      npy("<i8", "(1, 1)", new Uint8Array(8).fill(127)),
      /row 0, column 0: the weight is 9187/,
    ],
    [
      "a huge header",
      Uint8Array.of(0x93, ...Buffer.from("NUMPY"), 2, 0, 255, 255, 255, 255, 0, 0),
      /a header of 4294967307 bytes; allowed: up to 10000/,
    ],
  ])("%s", async (_, bytes, sentence, options = targets) => {
    const failure = await read(bytes, options, 9).then(
      () => null,
      (error) => error,
    );
    expect(failure).toMatchObject({ name: "InputError", message: expect.stringMatching(sentence) });
  });
});

test("a matrix is written as NumPy writes it, NaN too, and not one of more than 2^26 numbers", () => {
  const rows = [Float64Array.of(0, 0.5), Float64Array.of(-2, 1)];
  const bytes = Buffer.concat([...matrixBytes(2, 2, (row) => rows[row])]);
  expect(bytes.toString("hex")).toBe(f8);
  const [header, row] = [...matrixBytes(1, 1, () => Float64Array.of(Number.NaN))];
  expect(header.length % 64).toBe(0);
  expect(new DataView(row.buffer).getFloat64(0, true)).toBeNaN();
  expect(() => matrixBytes(8193, 8192, () => rows[0]).next()).toThrow(
    /8,193 × 8,192 numbers; allowed: up to 67,108,864/,
  );
});
