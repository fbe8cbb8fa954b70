/** Milliseconds of one run of each rival; the rivals take turns, so that whatever else the machine does hits all. */
export interface Timed {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly runs: number;
}

/** Milliseconds before each run: threads of a rival may go on waiting for more work at full speed for a while. */
const pause = 200;

/**
 * Times rivals in turn.
 *
 * rivals   each resolves with the milliseconds of one run of its own; the first run of each does not count
 */
export async function interleaved<Name extends string>(
  rivals: Readonly<Record<Name, () => Promise<number>>>,
  rounds: number,
): Promise<Record<Name, Timed>> {
  const names = Object.keys(rivals) as Name[];
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = -1; round < rounds; round++)
    for (const name of names) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      const time = await rivals[name]();
      if (round >= 0) times[name].push(time);
    }
  return Object.fromEntries(names.map((name) => [name, timed(times[name])])) as Record<Name, Timed>;
}

/** Of an even number the upper one of the middle. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

export function timed(times: readonly number[]): Timed {
  const sorted = [...times].sort((a, b) => a - b);
  return {
    median: median(times),
    fastest: sorted[0],
    slowest: sorted[sorted.length - 1],
    runs: sorted.length,
  };
}

/** Milliseconds that some work takes. */
export async function clocked(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
