import { twinTest } from "../support/twinTest";

// A lone neuron, one past a workgroup; some states are set, the others are left alone.
twinTest("impose", [
  { neurons: 1, density: 0, from: 0, to: 33 },
  { neurons: 65, density: 0, from: 17, to: 129 },
]);
