import { twinTest } from "../support/twinTest";

// Sources past a workgroup; the sums begin below 2^32, and the long chunks carry over it.
twinTest("count", [
  { neurons: 1, density: 0, from: 0, to: 1 },
  { neurons: 130, density: 0, from: 17, to: 1_000, sourceStep: 3 },
  { neurons: 130, density: 0, from: 17, to: 100 },
  { neurons: 4, density: 0, from: 0, to: 65_536 },
]);
