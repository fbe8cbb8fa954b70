import { proxy, type Remote, transfer, wrap } from "comlink";
import type { ForceWorker } from "./forceWorker";
import ForceWorkerScript from "./forceWorker.ts?worker&inline";
import { theStudio } from "./hire";
import { mostByForces, type TellPlaces, type Wired } from "./wired";

/** Finds places for one network at a time: small ones on the CPU, large ones on the GPU. */
export class Settling {
  private life = new AbortController();

  /** Ends what is under way; nothing more is heard of it. */
  end(): void {
    this.life.abort();
  }

  /**
   * Resolves when the network lies still, or something else has taken its place.
   *
   * Errors   Error, as a sentence, where a large network would need a GPU that is not there.
   */
  async begin(neurons: number, wired: () => Promise<Wired>, tell: TellPlaces): Promise<void> {
    this.end();
    const life = new AbortController();
    this.life = life;
    const told = proxy<TellPlaces>((places, share) => {
      if (!life.signal.aborted) tell(places, share);
    });
    const over = new Promise<void>((resolve) => life.signal.addEventListener("abort", () => resolve()));
    const given = await Promise.race([wired(), over]);
    if (!given || life.signal.aborted) return;
    if (neurons <= mostByForces) {
      const worker: Worker = new ForceWorkerScript();
      const remote: Remote<ForceWorker> = wrap(worker);
      const failed = new Promise<never>((_, reject) =>
        worker.addEventListener("error", ({ message }) => reject(new Error(message))),
      );
      await Promise.race([remote.settle(given.wiring, told), over, failed]).finally(() => worker.terminate());
      return;
    }
    const studio = await theStudio();
    if (life.signal.aborted) return;
    void over.then(() => studio.stopSettling());
    const { wiring, outgoing } = given;
    const arrays = [wiring.rowStart, wiring.source, outgoing.targetStart, outgoing.target, outgoing.arrow];
    const sent = transfer(
      given,
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
    await Promise.race([studio.settle(sent, told), over]);
  }
}
