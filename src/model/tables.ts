import quantile from "@stdlib/stats-base-dists-normal-quantile";

const fixedOne = 2 ** 20;

/**
 * |z| of a standard normal from 31 random bits, at 256 steps per octave of the tail.
 * Knot e·256 + j stands for the number of bit length e whose next eight bits are j:
 * m = 2^(e−1)·(1 + j/256), tail probability u = (m + ½)/2^31, |z| = −Φ⁻¹(u/2).
 *
 * Shape    i32 [32·256 + 1]
 * Units    20 fraction bits
 */
export const normalTable: Int32Array = Int32Array.from({ length: 32 * 256 + 1 }, (_, knot) => {
  const length = knot >> 8;
  const m = length === 0 ? 0 : 2 ** (length - 1) * (1 + (knot & 255) / 256);
  const u = Math.min((m + 0.5) / 2 ** 31, 1);
  return Math.round(-quantile(u / 2, 0, 1) * fixedOne);
});

/** The largest |noise| there is: 6.3 standard deviations, 20 fraction bits. */
export const normalLimit: number = normalTable[0];

export const sigmoidSteps = 4096;

/**
 * The sigmoid over [−16, 16), 4096 steps, scaled to 255. Between the knots it is linear:
 * at most 7·10⁻⁷ of full activity away from the true sigmoid, where it bends the most.
 *
 * Shape    u32 [4096 + 1]
 * Units    0…255 with 16 fraction bits
 */
export const sigmoidTable: Uint32Array = Uint32Array.from({ length: sigmoidSteps + 1 }, (_, knot) =>
  Math.round((255 * 2 ** 16) / (1 + Math.exp(16 - (32 * knot) / sigmoidSteps))),
);

/**
 * ln(1 + j/4096), for gaps between arrows.
 *
 * Units    24 fraction bits
 */
export const logTable: Int32Array = Int32Array.from({ length: 4097 }, (_, knot) =>
  Math.round(Math.log1p(knot / 4096) * 2 ** 24),
);

/** FNV-1a over a table's words: enough to notice one wrong bit. */
export function checksum(table: Int32Array | Uint32Array): number {
  let hash = 0x811c9dc5;
  for (const word of table) {
    for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((word >>> shift) & 255), 0x01000193);
  }
  return hash >>> 0;
}

// The tables rest on Math.log and Math.exp, whose last bit may differ between
// JavaScript engines. Rounding to the grid hides that, save for a knot that sits on
// the edge: then the bits would silently differ from everybody else's. So look.
// The checksums are those of the same tables made with 40 digits (mpmath), where
// no knot lies closer than 10⁻⁵ grid steps to an edge.
const expected: [string, Int32Array | Uint32Array, number][] = [
  ["normal", normalTable, 7649283],
  ["sigmoid", sigmoidTable, 2211185463],
  ["log", logTable, 2283719451],
];
for (const [name, table, sum] of expected) {
  if (checksum(table) !== sum)
    throw new Error(
      `the ${name} table has checksum ${checksum(table)} here, not ${sum}: results would not be comparable`,
    );
}
