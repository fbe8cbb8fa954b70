import { transfer } from "comlink";
import type { Sums } from "../model/sums";

/** Sends sums to another thread without a copy; here they are gone. The list of sources is the task's, and stays. */
export function handOver(sums: Sums): Sums {
  const arrays = Object.values({ ...sums, ...sums.arms }).filter((value) => value instanceof Float64Array);
  return transfer(
    sums,
    arrays.map(({ buffer }) => buffer),
  );
}
