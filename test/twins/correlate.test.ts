import { twinTest } from "../support/twinTest";

// Blocks of 4 × 4 begun and full, a tile that begins before the slice, every third source; the largest sums there
// can be; the sums begin below 2^32 and carry over it.
twinTest("correlate", [
  { neurons: 1, density: 1, from: 0, to: 2 },
  { neurons: 65, density: 0.1, from: 0, to: 129 },
  { neurons: 66, density: 0.1, from: 9, to: 1_000, targetFrom: 30, targets: 35, sourceStep: 3 },
  { neurons: 5, density: 1, from: 0, to: 65_536 },
  { neurons: 5, density: 0, from: 0, to: 65_536, full: true },
]);
