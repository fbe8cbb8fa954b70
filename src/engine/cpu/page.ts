import type { Hiring } from "./threads";

/** More threads than this bring little: what all have in common is done by each. */
export const mostThreads = 16;

/** Threads of a page, or of a worker of it, the same for all its engines; null where there are none. */
export const pageThreads = (): Hiring | null => ofPage;

const ofPage: Hiring | null = typeof Worker === "undefined" ? null : hiringOfPage();

function hiringOfPage(): Hiring {
  return {
    threads: Math.min(mostThreads, Math.max(1, globalThis.navigator?.hardwareConcurrency ?? 1)),
    hire(code) {
      const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
      const worker = new Worker(address);
      return {
        post: (message) => worker.postMessage(message),
        listen(told, failed) {
          worker.onmessage = ({ data }) => {
            URL.revokeObjectURL(address);
            told(data);
          };
          worker.onerror = ({ message }) =>
            failed(new Error(message || "a thread of the CPU engine could not be started"));
          worker.onmessageerror = () => failed(new Error("a thread of the CPU engine was not understood"));
        },
      };
    },
  };
}
