import { expect, test } from "vitest";
import { findArrow } from "../../src/model/network";
import { outgoing } from "../../src/model/outgoing";
import { keyFrom } from "../../src/model/threefry";
import { randomWiring } from "../../src/model/wiring/chance";

test("the arrows by source are the same arrows, each source's targets ascending", () => {
  const wiring = randomWiring(60, 0.1, keyFrom("by source"));
  const { targetStart, target, arrow } = outgoing(wiring);
  const network = { ...wiring, weight: new Int32Array(wiring.source.length) };
  for (let source = 0; source < 60; source++) {
    const expected = [];
    for (let row = 0; row < 60; row++) {
      const found = findArrow(network, row, source);
      if (found >= 0) expected.push([row, found]);
    }
    const found = [];
    for (let at = targetStart[source]; at < targetStart[source + 1]; at++)
      found.push([target[at], arrow[at]]);
    expect(found).toEqual(expected);
  }
  expect(targetStart[60]).toBe(wiring.source.length);
});
