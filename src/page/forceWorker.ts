import { expose, transfer } from "comlink";
import type { Wiring } from "../model/network";
import { createForces, forceSteps } from "./forces";
import type { TellPlaces } from "./wired";

/** A worker for one network: it ends with it. */
export interface ForceWorker {
  settle(wiring: Wiring, tell: TellPlaces): Promise<void>;
}

/** Milliseconds from one picture of the places to the next. */
const tellInterval = 200;

const worker: ForceWorker = {
  async settle(wiring, tell) {
    const forces = createForces(wiring);
    let told = performance.now();
    while (forces.done < forceSteps) {
      forces.step();
      const now = performance.now();
      if (now < told + tellInterval && forces.done < forceSteps) continue;
      told = now;
      const places = forces.places();
      // One at a time: who draws them may be slower.
      await tell(transfer(places, [places.buffer]), forces.done / forceSteps);
    }
  },
};

expose(worker);
