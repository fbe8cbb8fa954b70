import { expect, test } from "vitest";
import { sortKey } from "../../src/io/names";
import { hashNetwork } from "../../src/io/networkHash";
import { type Format, formats, readNetwork } from "../../src/io/readNetwork";
import { networkBytes } from "../../src/io/writeNetwork";
import type { Network } from "../../src/model/network";
import { fileOf } from "../support/files";

/** A small generator of its own: the same networks in every run. */
function dice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

/** Signs, self-connections, neurons without arrows, and weights down to the last bit and up to the largest. */
function anyNetwork(roll: (sides: number) => number): Network {
  const neurons = 1 + roll(12);
  const rows = Array.from({ length: neurons }, () =>
    Array.from({ length: neurons }, (_, source) => source).filter(() => roll(4) === 0),
  );
  const source = Uint32Array.from(rows.flat());
  const rowStart = new Uint32Array(neurons + 1);
  rows.forEach((row, target) => {
    rowStart[target + 1] = rowStart[target] + row.length;
  });
  const weight = Int32Array.from(source, () => (roll(2) ? 1 : -1) * (1 + roll(2 ** (1 + roll(27)))));
  return { neurons, rowStart, source, weight };
}

const letters = [..."ab,;\"'&<>é 0719→\\=#"];
function anyNames(neurons: number, roll: (sides: number) => number): string[] | null {
  if (roll(3) === 0) return null;
  const names = new Set<string>();
  while (names.size < neurons) {
    const name = Array.from({ length: 1 + roll(20) }, () => letters[roll(letters.length)])
      .join("")
      .trim();
    if (name !== "") names.add(roll(2) ? name : `7205759406${String(roll(1e8)).padStart(8, "0")}`);
  }
  return [...names].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
}

test.each(formats)(
  "%s: written and read again, a network is the same, bit for bit",
  async (format: Format) => {
    const roll = dice(7);
    for (let round = 0; round < 200; round++) {
      const network = anyNetwork(roll);
      const names = format === "npy" ? null : anyNames(network.neurons, roll);
      const bytes = Buffer.concat([...networkBytes(format, network, names)]);
      const file = fileOf(`network.${format}`, bytes, 1 + roll(100));
      const options = {
        ...(format === "npy" ? { direction: "rows-are-targets" as const } : {}),
        scale: "as-given" as const,
      };
      const back = await readNetwork(file, options);
      expect(back.network).toEqual(network);
      expect(back.names).toEqual(names);
      expect(back.hash).toBe(hashNetwork(network, names));
    }
  },
);

test("the hash tells networks apart that differ in a weight, an arrow, a neuron or a name", () => {
  const network = {
    neurons: 2,
    rowStart: Uint32Array.of(0, 0, 1),
    source: Uint32Array.of(0),
    weight: Int32Array.of(5),
  };
  const others: [Network, string[] | null][] = [
    [network, null],
    [network, ["a", "b"]],
    [network, ["a", "c"]],
    [{ ...network, weight: Int32Array.of(6) }, null],
    [{ ...network, source: Uint32Array.of(1) }, null],
    [{ ...network, rowStart: Uint32Array.of(0, 1, 1) }, null],
    [{ ...network, neurons: 3, rowStart: Uint32Array.of(0, 0, 1, 1) }, null],
  ];
  expect(new Set(others.map(([one, names]) => hashNetwork(one, names))).size).toBe(others.length);
  // python3: hashlib.sha256(struct.pack('<IIIIIi', 2, 0, 0, 1, 0, 5) + b'null').hexdigest()
  expect(hashNetwork(network, null)).toBe("74054daa027d151fcbfd96c8817968b93e566bedf1889e8236765db6c4cff278");
});
