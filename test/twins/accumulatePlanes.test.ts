import { twinTest } from "../support/twinTest";

// Targets in twos begun and full, columns one past those that pass by at once, a tile that begins before the slice, every
// third source; the sums begin below 2^32 and carry over it; every bit set.
twinTest("accumulatePlanes", [
  { neurons: 1, density: 0, from: 0, to: 33 },
  { neurons: 65, density: 0.1, from: 0, to: 129 },
  { neurons: 66, density: 0.1, from: 9, to: 5_000, targetFrom: 30, targets: 35, sourceStep: 3 },
  { neurons: 129, density: 0.1, from: 64, to: 320 },
  { neurons: 5, density: 1, from: 0, to: 65_536 },
  { neurons: 3, density: 0, from: 0, to: 65_536, full: true },
]);
