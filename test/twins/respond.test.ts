import { twinTest } from "../support/twinTest";

// One past a workgroup and a word; no arrow at all; every arrow, with saturated rows; a slice of the targets; shared
// noise and shared draws.
twinTest("respond", [
  { neurons: 65, density: 0.1, from: 0, to: 129 },
  { neurons: 2, density: 0, from: 0, to: 64 },
  { neurons: 33, density: 1, from: 5, to: 5_000 },
  { neurons: 300, density: 0.1, from: 4_096, to: 4_200, targetFrom: 123, targets: 100 },
  { neurons: 33, density: 0.3, from: 5, to: 700, common: 19_661 },
  { neurons: 33, density: 0.3, from: 4_000_000_001, to: 4_000_000_300, common: 65_536, pairs: true },
]);

// Compiled for noise of each neuron's own.
twinTest(
  "respond",
  [
    { neurons: 65, density: 0.1, from: 0, to: 129 },
    { neurons: 33, density: 1, from: 5, to: 5_000 },
    { neurons: 33, density: 0.3, from: 4_000_000_001, to: 4_000_000_300, pairs: true },
  ],
  false,
);
