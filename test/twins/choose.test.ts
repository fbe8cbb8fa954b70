import { twinTest } from "../support/twinTest";

// Every design: turns shorter and longer than a word, a share that takes all bit planes, pairs cut at both ends.
twinTest("choose", [
  { neurons: 7, density: 0, from: 0, to: 64, design: { design: 1, turns: 1 } },
  { neurons: 65, density: 0, from: 5, to: 1_001, design: { design: 1, turns: 52 } },
  { neurons: 12, density: 0, from: 4_000_000_001, to: 4_000_000_200, design: { design: 1, turns: 9 } },
  { neurons: 33, density: 0, from: 31, to: 129, design: { design: 2, share: 12_345 } },
  { neurons: 4, density: 0, from: 3, to: 21, pairs: true, design: { design: 3, turns: 2 } },
  { neurons: 20, density: 0, from: 63, to: 900, pairs: true, design: { design: 3, turns: 17 } },
]);
