import { type Remote, wrap } from "comlink";
import type { Desk } from "./desk";
import type { Studio } from "./studio";
import DeskWorker from "./worker.ts?worker&inline";

/**
 * The page's worker. Its script travels inside the page's own: from a file on disk, browsers refuse a
 * worker by its address, and a page on a host has one request less to wait for.
 */
export const hireWorker = (): Worker => new DeskWorker();

/** A desk and the thread it stands in. */
export interface HiredDesk {
  readonly worker: Worker;
  readonly desk: Remote<Desk>;
  /** Somebody else hears of its failures from now on. */
  reportTo(failed: (error: Error) => void): void;
}

export function hireDesk(failed: (error: Error) => void): HiredDesk {
  const worker = hireWorker();
  let hears = failed;
  worker.addEventListener("error", ({ message }) =>
    hears(new Error(message || "the page's worker could not be loaded")),
  );
  return {
    worker,
    desk: wrap<Desk>(worker),
    reportTo(others) {
      hears = others;
    },
  };
}

let studio: Promise<Remote<Studio>> | null = null;

/**
 * The one worker that has the GPU. three is large; the rest of the page need not wait for it.
 *
 * Errors   Error if it could not be loaded.
 */
export function theStudio(): Promise<Remote<Studio>> {
  studio ??= hireStudio().catch((error: unknown) => {
    studio = null;
    throw error;
  });
  return studio;
}

/** The same, if somebody has asked for it; nobody is hired to hear that they hold nothing. */
export const studioIfThere = (): Promise<Remote<Studio>> | null => studio;

async function hireStudio(): Promise<Remote<Studio>> {
  const { default: StudioWorker } = await import("./studioWorker.ts?worker&inline");
  const worker: Worker = new StudioWorker();
  const remote = wrap<Studio>(worker);
  await new Promise<void>((resolve, reject) => {
    worker.addEventListener("error", ({ message }) =>
      reject(new Error(message || "the worker with the GPU could not be loaded")),
    );
    remote.isThere().then(() => resolve(), reject);
  }).catch((error: unknown) => {
    worker.terminate();
    throw error;
  });
  return remote;
}
