import type { CDPSession, Page } from "playwright-core";

/**
 * Counts what is alive in all of a page's workers together: objects of these classes that something still reaches, after
 * collecting garbage.
 */
export async function aliveInWorkers<Name extends string>(
  page: Page,
  names: readonly Name[],
): Promise<Record<Name, number>> {
  const devtools = await page.context().newCDPSession(page);
  const found = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  try {
    for (const ask of await askWorkers(devtools))
      for (const name of names) {
        const expression = `globalThis.${name}?.prototype ?? null`;
        const { result } = await ask("Runtime.evaluate", { expression });
        if (!result.objectId) continue;
        const { objects } = await ask("Runtime.queryObjects", { prototypeObjectId: result.objectId });
        const counted = await ask("Runtime.callFunctionOn", {
          objectId: objects.objectId,
          functionDeclaration: "function () { return this.length; }",
        });
        found[name] += counted.result.value;
        // Else what was found would be kept for whoever asked.
        for (const { objectId } of [objects, result]) await ask("Runtime.releaseObject", { objectId });
      }
  } finally {
    await devtools.detach();
  }
  return found;
}

interface Answer {
  readonly result: { readonly objectId?: string; readonly value: number };
  readonly objects: { readonly objectId: string };
}
type Ask = (method: string, params: object) => Promise<Answer>;

/** A function for each worker that asks its own DevTools: playwright does not reach them. */
async function askWorkers(devtools: CDPSession): Promise<Ask[]> {
  const asks: Ask[] = [];
  const waiting = new Map<number, (message: { result: Answer; error?: { message: string } }) => void>();
  let asked = 0;
  devtools.on("Target.receivedMessageFromTarget", ({ message }) => {
    const answer = JSON.parse(message);
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  devtools.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
    if (targetInfo.type !== "worker") return;
    asks.push(async (method, params) => {
      const id = ++asked;
      const answered = new Promise<{ result: Answer; error?: { message: string } }>((resolve) =>
        waiting.set(id, resolve),
      );
      const message = JSON.stringify({ id, method, params });
      await devtools.send("Target.sendMessageToTarget", { sessionId, message });
      const { result, error } = await answered;
      if (error) throw new Error(`${method}: ${error.message}`);
      return result;
    });
  });
  await devtools.send("Target.setAutoAttach", {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  });
  return asks;
}
