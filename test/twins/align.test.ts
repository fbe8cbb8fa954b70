import { twinTest } from "../support/twinTest";

// A lone neuron, one past a workgroup, every third source; blocks of words begun and full.
twinTest("align", [
  { neurons: 1, density: 0, from: 0, to: 2 },
  { neurons: 65, density: 0, from: 31, to: 129 },
  { neurons: 130, density: 0, from: 17, to: 1_000, sourceStep: 3 },
  { neurons: 5, density: 0, from: 0, to: 512 },
]);
