import type { Experiment } from "../experiment";
import type { Wiring } from "../network";
import type { Key } from "../threefry";
import { blockWiring, randomWiring } from "./chance";
import { inDegreeWiring } from "./inDegree";
import type { Tell } from "./room";
import { smallWorldWiring } from "./smallWorld";

/** The kinds of network that are made from an experiment's seed. */
export type MadeKind = "random" | "in-degree" | "blocks" | "small-world";

type Generator = (experiment: Experiment, key: Key, tell?: Tell) => Wiring;

/**
 * The generators. Each takes time and memory in proportion to neurons + arrows, and depends on the key and on
 * nothing else: a row is drawn from a lane of its own.
 *
 * Errors   InputError if the parameters do not go together, or more arrows are to be expected than fit.
 */
export const generators: Readonly<Record<MadeKind, Generator>> = {
  random: ({ neurons, density }, key, tell) => randomWiring(neurons, density, key, tell),
  "in-degree": ({ neurons, inDegree }, key, tell) => inDegreeWiring(neurons, inDegree, key, tell),
  blocks: ({ neurons, blocks, density, between }, key, tell) =>
    blockWiring(neurons, blocks, density, between, key, tell),
  "small-world": ({ neurons, inDegree, rewiring }, key, tell) =>
    smallWorldWiring(neurons, inDegree, rewiring, key, tell),
};
