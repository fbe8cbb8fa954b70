import { expect, test } from "vitest";
import type { Run, Task } from "../../src/engine/engine";
import { borrowEngine, lendEngine } from "../../src/page/lentEngine";

/** An engine at the other end of a port, whose runs do this. */
function lent(run: Partial<Run>) {
  const { port1, port2 } = new MessageChannel();
  const end = lendEngine(
    async () => ({ advance: async () => {}, sums: async () => null as never, release: () => {}, ...run }),
    port1,
  );
  const close = () => {
    end();
    port2.close();
  };
  return { engine: borrowEngine(port2, "gpu", ""), close };
}

test("who borrows an engine hears how many trials its runs take at once, or that they say nothing", async () => {
  for (const grain of [256, undefined]) {
    const { engine, close } = lent(grain === undefined ? {} : { grain });
    expect((await engine.open({} as Task)).grain).toBe(grain);
    close();
  }
});

test("who lets go of a borrowed run twice hears nothing of it", async () => {
  let released = 0;
  const { engine, close } = lent({ release: () => void released++ });
  const run = await engine.open({} as Task);
  run.release();
  await expect.poll(() => released).toBe(1);
  run.release();
  close();
});

test("trials and failures go through the port", async () => {
  const asked: number[][] = [];
  const { engine, close } = lent({
    async advance(from, to) {
      asked.push([from, to]);
      if (to > 64) throw new Error("the GPU was lost: gone");
    },
  });
  const run = await engine.open({} as Task);
  await run.advance(0, 64);
  await expect(run.advance(64, 128)).rejects.toThrow("the GPU was lost: gone");
  expect(asked).toEqual([
    [0, 64],
    [64, 128],
  ]);
  close();
});
