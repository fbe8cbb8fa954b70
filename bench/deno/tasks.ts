import { drive } from "../../src/engine/drive";
import type { Engine, Task } from "../../src/engine/engine";
import { hashSums } from "../../src/io/sumsFile";
import { designOf, trialsTogether } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";

/** What every stack computes: small, and each with something of its own. Every so manyth neuron is a source. */
export const tasks: Readonly<
  Record<string, { readonly given: Record<string, unknown>; readonly every: number }>
> = {
  "the notebook's six neurons, 25,000 trials": {
    given: { network: "notebook", neurons: 6, networkSeed: 42, seed: "lecture", trials: 25_000 },
    every: 1,
  },
  "400 random neurons, every seventh a source, a third of the noise shared": {
    given: { network: "random", neurons: 400, density: 0.1, seed: "stacks", trials: 3000, common: 0.3 },
    every: 7,
  },
  "65 neurons in blocks, one source a trial, in pairs": {
    given: { network: "blocks", neurons: 65, blocks: 5, seed: "stacks", trials: 4000, design: "same-noise" },
    every: 1,
  },
};

function taskOf({ given, every }: (typeof tasks)[string]): Task {
  const experiment = parseExperiment(given);
  const key = keyFrom(experiment.seed);
  const length = Math.ceil(experiment.neurons / every);
  return {
    network: networkOf(experiment),
    key,
    design: designOf(experiment, key),
    trials: experiment.trials,
    sources: Uint32Array.from({ length }, (_, column) => column * every),
  };
}

/** The `sumsHash` of every task, in order. */
export async function hashesOf(engine: Engine): Promise<string[]> {
  const hashes: string[] = [];
  for (const task of Object.values(tasks).map(taskOf)) {
    const run = await engine.open(task);
    await drive(run, 0, task.trials, { unit: trialsTogether(task.design?.kind ?? "all") });
    hashes.push(hashSums(await run.sums()));
    run.release();
  }
  return hashes;
}
