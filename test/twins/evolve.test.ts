import { twinTest } from "../support/twinTest";

// One past a workgroup and a word; no arrow at all; every arrow, with saturated rows; a slice of the targets; noise
// of every kind; trials at the end of what is counted.
twinTest("evolve", [
  { neurons: 65, density: 0.1, from: 0, to: 129 },
  { neurons: 2, density: 0, from: 0, to: 64 },
  { neurons: 33, density: 1, from: 5, to: 2_000 },
  { neurons: 300, density: 0.1, from: 4_096, to: 4_200, targetFrom: 123, targets: 100, common: 19_661 },
  { neurons: 30, density: 0.3, from: 7, to: 700, common: 65_536, noiseUse: 2 },
  { neurons: 9, density: 0.3, from: 4_000_000_001, to: 4_000_000_300, common: 45_875, pairs: true },
  { neurons: 9, density: 0.3, from: 7, to: 700, noiseUse: 1, fromRest: true },
]);

// Compiled for noise of each neuron's own.
twinTest(
  "evolve",
  [
    { neurons: 65, density: 0.1, from: 0, to: 129 },
    { neurons: 30, density: 0.3, from: 7, to: 700, noiseUse: 2 },
    { neurons: 9, density: 0.3, from: 4_000_000_001, to: 4_000_000_300, pairs: true },
  ],
  false,
);
