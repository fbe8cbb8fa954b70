import { isLost, type OpenDevice } from "./device";

/** The adapter has no room for a buffer; the device works on. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
}

/** What was made at once, and whether the device took it. */
export interface Attempt<T> {
  readonly made: T;
  /**
   * Resolves once the device has checked it.
   *
   * Errors   OutOfMemory; Error if the device refuses the work or is lost.
   */
  readonly taken: Promise<void>;
}

/**
 * Work whose errors are its own. Error scopes are a stack that all users of a device share, so they are closed before
 * anything is awaited: what others do meanwhile, pictures for one, is not in them.
 */
export function attempt<T>(open: OpenDevice, work: () => T): Attempt<T> {
  const { device } = open;
  const filters = ["validation", "internal", "out-of-memory"] as const;
  for (const filter of filters) device.pushErrorScope(filter);
  let scopes: Promise<GPUError | null>[] = [];
  const close = () => {
    scopes = filters.map(() => device.popErrorScope());
    // Whoever does not wait for the answer has a reason of its own.
    for (const scope of scopes) scope.catch(() => {});
  };
  let made: T;
  try {
    made = work();
  } finally {
    close();
  }
  const taken = inTime(open, Promise.all(scopes)).then(([full, ...refused]) => {
    if (full) throw new OutOfMemory(full.message);
    const problem = refused.find((error) => error !== null);
    if (problem) throw new Error(`the GPU refused the work: ${problem.message}`);
  });
  taken.catch(() => {});
  return { made, taken };
}

/** Errors   Error if the device is lost: then its promises resolve as if all were well. */
export function checkThere({ lost }: OpenDevice): void {
  if (lost !== null) throw new Error(`the GPU was lost: ${lost}`);
}

/**
 * What a device promises, if it comes in time; one that does not answer is given up, so that nobody waits for ever.
 *
 * Errors   Error if the device is lost, before or after; whatever the promise rejects with.
 */
export async function inTime<T>(open: OpenDevice, promise: Promise<T>, times = 1): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = times * open.patience;
  let tell = () => {};
  const late = new Promise<never>((_, reject) => {
    // Not all of what a lost device has promised comes to an end.
    tell = () => reject(new Error(`the GPU was lost: ${open.lost}`));
    open.waiting.add(tell);
    timer = setTimeout(() => {
      open.lost ??= `it did not answer for ${patience / 1000} seconds`;
      open.device.destroy();
      tell();
    }, patience);
  });
  try {
    const value = await Promise.race([promise, late]);
    checkThere(open);
    return value;
  } catch (error) {
    // A loss is the reason for whatever else went wrong.
    if (await isLost(open)) checkThere(open);
    throw error;
  } finally {
    clearTimeout(timer);
    open.waiting.delete(tell);
  }
}
