import { expect, test, vi } from "vitest";
import { parseExperiment } from "../src/model/experiment";
import { Unsettled } from "../src/model/singularValue";
import { networkOf } from "../src/network";

// No network that the lab makes is known to be like this: the iteration is made to give up.
const search = vi.hoisted(() => ({ error: new Error() }));
vi.mock("../src/model/singularValue", async (original) => ({
  ...(await original<typeof import("../src/model/singularValue")>()),
  largestSingularValue() {
    throw search.error;
  },
}));

test("a network whose scale is not found is refused in a sentence that says what helps", () => {
  search.error = new Unsettled("the largest singular value did not settle");
  for (const [network, seed] of [
    ["notebook", "network seed"],
    ["small-world", "seed"],
  ])
    expect(() => networkOf(parseExperiment({ network, neurons: 40 }))).toThrow(
      expect.objectContaining({
        name: "InputError",
        message: `the largest singular value did not settle; allowed: another ${seed}, or other parameters of the network`,
      }),
    );
});

test("memory that runs out is nobody's input", () => {
  search.error = new RangeError("Array buffer allocation failed");
  expect(() => networkOf(parseExperiment({ network: "small-world", neurons: 40 }))).toThrow(search.error);
});
