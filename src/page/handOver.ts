import { transfer } from "comlink";
import type { Sums } from "../model/sums";

/** Sends sums to another thread without a copy; here they are gone. The list of sources is the task's, and stays. */
export const handOver = (sums: Sums): Sums => handOverIn(sums, sums);

/** The same, with a record that they are in. */
export function handOverIn<T>(record: T, sums: Sums): T {
  const arrays = Object.values({ ...sums, ...sums.arms }).filter((value) => value instanceof Float64Array);
  return transfer(
    record,
    arrays.map(({ buffer }) => buffer),
  );
}
