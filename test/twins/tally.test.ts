import { twinTest } from "../support/twinTest";

// A part of 64 words begun, full and one past; the sums begin below 2^32 and carry over it.
twinTest("tally", [
  { neurons: 1, density: 1, from: 0, to: 1 },
  { neurons: 70, density: 0.1, from: 3, to: 321, targetFrom: 5, targets: 60 },
  { neurons: 3, density: 1, from: 0, to: 65_536 },
]);
