import { twinTest } from "../support/twinTest";

// A lone target, one past a workgroup, a slice of the targets; blocks of words begun and full; every bit set.
twinTest("slice", [
  { neurons: 1, density: 1, from: 0, to: 2 },
  { neurons: 65, density: 0.1, from: 31, to: 129 },
  { neurons: 30, density: 0.3, from: 7, to: 700, targetFrom: 9, targets: 20 },
  { neurons: 5, density: 0.3, from: 0, to: 512 },
  { neurons: 3, density: 0, from: 0, to: 333, full: true },
]);
