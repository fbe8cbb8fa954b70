/** Milliseconds after which others get a turn. */
const turn = 50;

/**
 * Work in steps, without holding up whoever else waits for this thread.
 *
 * Returns  what it comes to; null if it was not to go on after a turn of others.
 */
export async function inTurns<Value>(
  steps: Generator<undefined, Value>,
  goesOn: () => boolean,
): Promise<{ readonly value: Value } | null> {
  for (;;) {
    const begun = performance.now();
    while (performance.now() < begun + turn) {
      const { done, value } = steps.next();
      if (done) return { value };
    }
    await new Promise((resolve) => setTimeout(resolve));
    if (!goesOn()) return null;
  }
}
