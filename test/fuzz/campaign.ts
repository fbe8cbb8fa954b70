import fc from "fast-check";
import seedrandom from "seedrandom";
import { InputError } from "../../src/model/inputError";
import { type FuzzedFormat, sentence } from "./formats";
import { mutate } from "./mutate";

/** Inputs of one round: some by their grammar, and the rest by spoiling these and the samples. */
export const roundInputs = 256;
const structured = 32;

/** One in so many is read a second time, in small pieces, and must come out the same. */
const twice = 8;

export interface Failure {
  readonly round: number;
  readonly why: string;
  /** The input, as small as it could be made. */
  readonly bytes: Uint8Array;
}

export interface Tally {
  inputs: number;
  accepted: number;
  refused: number;
  slowestMs: number;
  readonly failures: Failure[];
}

export const emptyTally = (): Tally => ({ inputs: 0, accepted: 0, refused: 0, slowestMs: 0, failures: [] });

/** After so many a format is given up: most will be the same fault. */
const mostFailures = 5;

/**
 * Reads the inputs of one round and adds up what came of them. A round is the same whenever and wherever it is run.
 *
 * at   hears of each input before it is read, so that somebody else knows which one never came back
 */
export async function runRound(
  format: FuzzedFormat,
  seed: string,
  round: number,
  tally: Tally,
  at: (input: number) => void = () => {},
): Promise<void> {
  for (const [index, bytes] of inputsOf(format, seed, round).entries()) {
    if (tally.failures.length >= mostFailures) return;
    at(index);
    const begun = performance.now();
    const verdict = await judge(format, bytes);
    let ms = performance.now() - begun;
    // Others have the machine for a while; what is slow is slow again.
    for (let again = 0; ms > Math.max(tally.slowestMs, 5) && again < 3; again++) {
      const since = performance.now();
      await judge(format, bytes);
      ms = Math.min(ms, performance.now() - since);
    }
    tally.inputs++;
    tally.slowestMs = Math.max(tally.slowestMs, ms);
    let why = verdict.fault;
    if (why === null && ms > format.mostMs) why = `it takes ${Math.round(ms)} ms; allowed: ${format.mostMs}`;
    if (why === null && index % twice === 0 && !format.isWhole) {
      const pieceBytes = 1 + (index % 40);
      const pieces = await judge(format, bytes, pieceBytes);
      // What is refused may have more than one thing wrong, of which another one is seen first.
      if (pieces.isAccepted !== verdict.isAccepted || (verdict.isAccepted && pieces.words !== verdict.words))
        why = `in pieces of ${pieceBytes} bytes it is ${pieces.words}; as a whole ${verdict.words}`;
    }
    if (verdict.isAccepted) tally.accepted++;
    else tally.refused++;
    if (why === null) continue;
    const small = verdict.fault ? await shrunk(format, bytes) : bytes;
    tally.failures.push({ round, why: verdict.fault ? await traced(format, small) : why, bytes: small });
  }
}

/** The inputs of one round, which nothing else decides. */
export function inputsOf({ structures, samples }: FuzzedFormat, seed: string, round: number): Uint8Array[] {
  const chance = seedrandom.alea(`${seed} ${round}`);
  const made = fc.sample(structures, { seed: chance.int32(), numRuns: structured });
  const pool = [...samples, ...made];
  const spoilt = Array.from({ length: roundInputs - structured }, () =>
    mutate(pool[Math.floor(chance() * pool.length)], pool, chance),
  );
  return [...made, ...spoilt];
}

interface Verdict {
  /** The result or the sentence. */
  readonly words: string;
  readonly isAccepted: boolean;
  /** What must not happen; null where all is well. */
  readonly fault: string | null;
}

/** Reads an input: a good result, or one sentence of an InputError; anything else is a fault. */
export async function judge(format: FuzzedFormat, bytes: Uint8Array, pieceBytes = 65_536): Promise<Verdict> {
  try {
    const words = await format.read(bytes, pieceBytes);
    return { words, isAccepted: true, fault: null };
  } catch (error) {
    try {
      if (!(error instanceof InputError)) throw error;
      sentence(error.message);
      return { words: error.message, isAccepted: false, fault: null };
    } catch (fault) {
      const words = fault instanceof Error ? (fault.stack ?? String(fault)) : String(fault);
      return { words, isAccepted: false, fault: words };
    }
  }
}

/** A fault with where it comes from. */
async function traced(format: FuzzedFormat, bytes: Uint8Array): Promise<string> {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 10;
  const { fault, words } = await judge(format, bytes);
  Error.stackTraceLimit = before;
  return fault ?? words;
}

/** The same fault in fewer bytes: leaves out parts, ever smaller ones, as long as there still is one. */
async function shrunk(format: FuzzedFormat, bytes: Uint8Array): Promise<Uint8Array> {
  let small = bytes;
  const deadline = performance.now() + 3000;
  for (let length = small.length >> 1; length >= 1; length >>= 1)
    for (let from = 0; from < small.length && performance.now() < deadline; ) {
      const less = new Uint8Array(Buffer.concat([small.subarray(0, from), small.subarray(from + length)]));
      if (less.length < small.length && (await judge(format, less)).fault !== null) small = less;
      else from += length;
    }
  return small;
}

/** A failure for a person: how to see it again, and the input in hexadecimal and as text. */
export const describeFailure = (name: string, seed: string, { round, why, bytes }: Failure): string =>
  [
    `${name}, seed ${seed}, round ${round}: ${why}`,
    `  ${bytes.length} bytes, hex ${Buffer.from(bytes.subarray(0, 400)).toString("hex")}`,
    `  text ${JSON.stringify(Buffer.from(bytes.subarray(0, 400)).toString("latin1"))}`,
  ].join("\n");
