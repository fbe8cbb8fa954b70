import { twinTest } from "../support/twinTest";

// Squares of outcomes, and of differences where trials share their noise; saturated outcomes are the largest.
twinTest("square", [
  { neurons: 1, density: 0, from: 0, to: 33 },
  { neurons: 65, density: 0.1, from: 17, to: 129, targetFrom: 7, targets: 41 },
  { neurons: 9, density: 0.3, from: 0, to: 500, pairs: true },
  { neurons: 5, density: 0, from: 0, to: 640, full: true },
]);
