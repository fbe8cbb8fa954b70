import { twinTest } from "../support/twinTest";

// Tiles of 128 sources × 64 targets begun and full, and one past; a tile that begins before the slice, every third source;
// the sums begin below 2^32 and carry over it; every bit set, so that the 16-bit halves are as full as they can be.
twinTest("accumulateTables", [
  { neurons: 1, density: 0, from: 0, to: 33 },
  { neurons: 129, density: 0.1, from: 0, to: 129 },
  { neurons: 128, density: 0.1, from: 0, to: 256 },
  { neurons: 200, density: 0.1, from: 9, to: 700, targetFrom: 30, targets: 135, sourceStep: 3 },
  { neurons: 3, density: 0, from: 0, to: 65_536, full: true },
]);
