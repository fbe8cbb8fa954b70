import type { Design } from "../model/design";
import { type Estimand, exactEffect } from "../model/estimand";
import { oneLine } from "../model/inputError";
import type { Network } from "../model/network";
import type { NetworkProgress } from "../network";

/**
 * One line for a person, on standard error: standard output belongs to the result. Names out of files could
 * hold what a terminal obeys; what a driver says on several lines is one here.
 */
export const say = (line: string): void => {
  process.stderr.write(`${oneLine(line.replace(/\r?\n\s*/g, " "))}\n`);
};

/** Lines for a person, none of which a name or a seed within it can break, or make a terminal obey. */
export const inLines = (lines: readonly string[]): string => lines.map(oneLine).join("\n");

/** Why the system did not do something, without the file's name, which the sentence around it has already. */
export const whyNot = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, \w+ '.*$/s, "");

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;

/**
 * Progress with time left: a line that renews itself in a terminal, elsewhere a line now
 * and then. Short work says nothing.
 */
export function progressOf(what: string, from: number, to: number): { at(done: number): void; end(): void } {
  const terminal = process.stderr.isTTY === true;
  const pause = terminal ? 200 : 10_000;
  const start = performance.now();
  let last = start;
  let shown = false;
  return {
    at(done) {
      const now = performance.now();
      if (now - last < pause || now - start < 1000 || done === from) return;
      last = now;
      const left = ((to - done) / (done - from)) * ((now - start) / 1000);
      const share = `${done.toLocaleString("en")} of ${to.toLocaleString("en")}`;
      const line = `${oneLine(what)} ${share}, ${duration(left)} left`;
      process.stderr.write(terminal ? `\r${line}\x1b[K` : `${line}\n`);
      shown = true;
    },
    end() {
      if (shown && terminal) process.stderr.write("\r\x1b[K");
    },
  };
}

/** Tells how far the making of a network is, where it takes long. */
export function withNetworkProgress<T>(make: (tell: NetworkProgress) => T): T {
  const lines = {
    wiring: progressOf("arrows drawn, percent", 0, 100),
    scale: progressOf("scale found, percent", 0, 100),
  };
  try {
    return make((work, share) => lines[work].at(Math.round(100 * share)));
  } finally {
    lines.wiring.end();
    lines.scale.end();
  }
}

/** Exact effects, and how far they are, where they take long. */
export function exactEffectWithProgress(network: Network, design?: Design): Estimand {
  const progress = progressOf("exact effects, percent", 0, 100);
  try {
    return exactEffect(network, design, (share) => progress.at(Math.round(100 * share)));
  } finally {
    progress.end();
  }
}
