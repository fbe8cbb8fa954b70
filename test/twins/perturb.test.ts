import { twinTest } from "../support/twinTest";

// A lone neuron, one past a word and a workgroup, both ends inside a word, and the last trials there are.
twinTest("perturb", [
  { neurons: 1, density: 1, from: 0, to: 64 },
  { neurons: 65, density: 0, from: 0, to: 129 },
  { neurons: 7, density: 0, from: 1_000_033, to: 1_000_095 },
  { neurons: 3, density: 0, from: 2 ** 32 - 200, to: 2 ** 32 - 64 },
  // Probabilities of one bit plane, of all, and next to 0 and 1.
  { neurons: 33, density: 0, from: 0, to: 640, design: { probability: 16_384 } },
  { neurons: 33, density: 0, from: 0, to: 640, design: { probability: 43_691 } },
  { neurons: 33, density: 0, from: 0, to: 640, design: { probability: 655 } },
  { neurons: 33, density: 0, from: 0, to: 640, design: { probability: 60_001 } },
]);
