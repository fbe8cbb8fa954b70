import code from "./thread.js?raw";
import base64 from "./wasm/index.ts?assembly";

/** What a thread is told to do with a share, see thread.js. */
export type Step =
  | readonly ["open", WebAssembly.Module]
  | readonly ["close"]
  | readonly ["array", name: string, bytes: number, contents?: Uint8Array]
  | readonly ["set", Readonly<Record<string, number>>]
  | readonly ["call", name: string, ...given: number[]]
  | readonly ["rows", tile: number, rows: number, sources: number]
  | readonly ["read", name: string, bytes: number];

/** A worker that has been started: what differs between a page and Node. */
export interface Port {
  post(message: unknown): void;
  listen(told: (message: unknown) => void, failed: (error: Error) => void): void;
}

/** How threads are started, and how many are worth it. */
export interface Hiring {
  readonly threads: number;
  hire(code: string): Port;
}

/** One thread. Steps are done in the order in which they are given. */
export interface Thread {
  /** True once it has failed for good. */
  isBroken(): boolean;
  /**
   * Resolves with the copies that the steps read, in order.
   *
   * Errors   Error with the thread's own message.
   */
  does(share: number, steps: readonly Step[]): Promise<ArrayBuffer[]>;
}

export function startThread(hiring: Hiring): Thread {
  const port = hiring.hire(code);
  const waiting = new Map<
    number,
    { resolve: (copies: ArrayBuffer[]) => void; reject: (error: Error) => void }
  >();
  let asked = 0;
  let broken: Error | null = null;
  port.listen(
    (message) => {
      const { id, copies, problem } = message as { id: number; copies?: ArrayBuffer[]; problem?: string };
      const { resolve, reject } = waiting.get(id)!;
      waiting.delete(id);
      if (copies) resolve(copies);
      else reject(new Error(`a thread of the CPU engine failed: ${problem}`));
    },
    (error) => {
      broken = error;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    },
  );
  return {
    isBroken: () => broken !== null,
    does: (share, steps) =>
      new Promise((resolve, reject) => {
        if (broken) return reject(broken);
        const id = asked++;
        waiting.set(id, { resolve, reject });
        port.post({ id, share, steps });
      }),
  };
}

let compiling: Promise<WebAssembly.Module> | null = null;

/** The kernels. Errors: whatever a browser without them or without 128-bit vectors says. */
export function theModule(): Promise<WebAssembly.Module> {
  compiling ??= WebAssembly.compile(Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)));
  return compiling;
}
