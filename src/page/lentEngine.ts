import { expose, type ProxyMarked, proxy, type Remote, releaseProxy, wrap } from "comlink";
import type { Engine, Run, Task } from "../engine/engine";
import type { EngineKind } from "../model/experiment";
import type { Sums } from "../model/sums";
import { once } from "./once";

/** What stands at the other end of the port. */
interface Lender {
  open(task: Task, begun: Sums | null): Promise<Run & ProxyMarked>;
}

/**
 * Lends an engine to another thread, past the page's own: its sums would only be in the way there. What was lent ends
 * with the call that comes back, since who borrows may be gone without a word.
 */
export function lendEngine(
  open: (task: Task, begun: Sums | null) => Promise<Run>,
  port: MessagePort,
): () => void {
  const runs = new Set<Run>();
  const lender: Lender = {
    async open(task, begun) {
      const run = await open(task, begun);
      runs.add(run);
      return proxy<Run>({
        grain: run.grain,
        advance: (from, to) => run.advance(from, to),
        sums: () => run.sums(),
        release() {
          runs.delete(run);
          run.release();
        },
      });
    },
  };
  expose(lender, port);
  return () => {
    for (const run of runs) run.release();
    runs.clear();
    port.close();
  };
}

/** The engine at the other end. */
export function borrowEngine(port: MessagePort, kind: EngineKind, adapter: string): Engine {
  const lender: Remote<Lender> = wrap<Lender>(port);
  return {
    kind,
    adapter,
    async open(task, begun = null) {
      const run = await lender.open(task, begun);
      return {
        grain: await run.grain,
        advance: (from, to) => run.advance(from, to),
        sums: () => run.sums(),
        release: once(() => void run.release().then(() => run[releaseProxy]())),
      };
    },
    close: () => lender[releaseProxy](),
  };
}
