import { twinTest } from "../support/twinTest";

// Tiles of 64 × 64 begun and full, and one past; a tile that begins before the slice, every third source; the sums begin
// below 2^32 and carry over it; every bit set.
twinTest("accumulateDots", [
  { neurons: 1, density: 0, from: 0, to: 33 },
  { neurons: 65, density: 0.1, from: 0, to: 129 },
  { neurons: 64, density: 0.1, from: 0, to: 64 },
  { neurons: 200, density: 0.1, from: 9, to: 700, targetFrom: 30, targets: 135, sourceStep: 3 },
  { neurons: 3, density: 0, from: 0, to: 65_536, full: true },
]);
