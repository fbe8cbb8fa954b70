import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { mostThreads } from "./page";
import type { Hiring } from "./threads";

const known = new Map<number, Hiring>();

/**
 * Threads of Node, the same for all engines that ask for so many. They end with the process and do not keep it alive
 * while they have nothing to do.
 */
export function nodeThreads(threads = Math.min(mostThreads, availableParallelism())): Hiring {
  const hiring = known.get(threads) ?? hiringOfNode(threads);
  known.set(threads, hiring);
  return hiring;
}

const hiringOfNode = (threads: number): Hiring => ({
  threads,
  hire(code) {
    const worker = new Worker(code, { eval: true });
    let asked = 0;
    worker.unref();
    return {
      post(message) {
        if (asked++ === 0) worker.ref();
        worker.postMessage(message);
      },
      listen(told, failed) {
        worker.on("message", (message) => {
          if (--asked === 0) worker.unref();
          told(message);
        });
        worker.on("error", failed);
        worker.on("messageerror", failed);
        worker.on("exit", () => failed(new Error("a thread of the CPU engine has ended")));
      },
    };
  },
});
