import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { InputError } from "../../src/model/inputError";
import {
  describeFailure,
  emptyTally,
  type Failure,
  inputsOf,
  roundInputs,
  runRound,
  type Tally,
} from "./campaign";
import { formats } from "./formats";

// `npm run fuzz`: as many inputs as are wanted, in threads. A thread tells which input it is at, so that one that
// never comes back is known by its number; the main thread ends it and goes on with the other formats.

interface Task {
  readonly name: string;
  readonly seed: string;
  readonly round: number;
  readonly rounds: number;
}

/** Rounds that a thread is given at once. */
const taskRounds = 16;
/** Seconds without another input after which a thread is ended. */
const patience = 30;

const count = (value: number) => Math.round(value).toLocaleString("en");

/** In a thread: reads the inputs of one task after the other. */
function work(): void {
  // Nine of ten inputs are refused, and where from is half of the work; a fault is looked at again.
  Error.stackTraceLimit = 0;
  /** The round and the input that it is at, and how many there were. */
  const at = new Int32Array(workerData as SharedArrayBuffer);
  parentPort?.on("message", async ({ name, seed, round, rounds }: Task) => {
    const tally = emptyTally();
    for (let next = round; next < round + rounds; next++) {
      at[0] = next;
      await runRound(formats[name], seed, next, tally, (input) => {
        at[1] = input;
        at[2]++;
      });
    }
    parentPort?.postMessage(tally);
  });
}

/** Hands out the tasks, shows how far it is, and says in the end what came of it. Result: the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const { inputs, seed, names, threads } = optionsOf(args);
  const shares = names.reduce((sum, name) => sum + (formats[name].share ?? 1), 0);
  const roundsOf = (name: string) => Math.ceil((inputs * (formats[name].share ?? 1)) / shares / roundInputs);
  const tallies = new Map(names.map((name) => [name, emptyTally()]));
  const spent = new Map(names.map((name) => [name, 0]));
  const tasks = tasksOf(names, seed, roundsOf);
  const begun = performance.now();
  const done = () => [...tallies.values()].reduce((sum, tally) => sum + tally.inputs, 0);
  const faults = () => [...tallies.values()].reduce((sum, { failures }) => sum + failures.length, 0);
  const total = names.reduce((sum, name) => sum + roundsOf(name) * roundInputs, 0);
  const progress = setInterval(
    () => {
      const seconds = (performance.now() - begun) / 1000;
      const speed = done() / seconds;
      const left = speed > 0 ? `${count((total - done()) / speed)} s left` : "";
      const line = `${count(done())} of ${count(total)} inputs · ${count(speed)} a second · ${left} · ${faults()} failures`;
      process.stderr.write(process.stderr.isTTY ? `\r${line}   ` : `${line}\n`);
    },
    process.stderr.isTTY ? 500 : 15_000,
  );
  await Promise.all(
    Array.from({ length: threads }, () =>
      oneThread(
        () => {
          for (;;) {
            const task = tasks.pop();
            // A format that fails again and again says nothing new.
            if (!task || tallies.get(task.name)!.failures.length < 5) return task;
          }
        },
        ({ name }, tally, ms) => {
          add(tallies.get(name)!, tally);
          spent.set(name, spent.get(name)! + ms);
        },
      ),
    ),
  );
  clearInterval(progress);
  const seconds = (performance.now() - begun) / 1000;
  process.stderr.write("\n");
  for (const [name, { failures }] of tallies)
    for (const failure of failures) console.log(`${describeFailure(name, seed, failure)}\n`);
  console.table(
    Object.fromEntries(
      [...tallies].map(([name, tally]) => [
        name,
        {
          ...{ inputs: tally.inputs, refused: tally.refused, accepted: tally.accepted },
          "slowest ms": Number(tally.slowestMs.toFixed(1)),
          "a second and thread": Math.round((1000 * tally.inputs) / spent.get(name)!),
          failures: tally.failures.length,
        },
      ]),
    ),
  );
  console.log(
    `${count(done())} inputs in ${count(seconds)} s in ${threads} threads, seed ${seed}: ${faults()} failures`,
  );
  return faults() > 0 ? 1 : 0;
}

function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      inputs: { type: "string", default: "1000000" },
      seed: { type: "string", default: "1" },
      format: { type: "string" },
      threads: { type: "string", default: String(availableParallelism()) },
    },
  });
  const whole = (name: "inputs" | "threads", most: number) => {
    const value = /^\d{1,12}$/.test(values[name]) ? Number(values[name]) : 0;
    if (!(value >= 1 && value <= most))
      throw new InputError(`--${name} is ${values[name]}; allowed: a whole number from 1 to ${count(most)}`);
    return value;
  };
  const { format, seed } = values;
  if (format !== undefined && !Object.hasOwn(formats, format))
    throw new InputError(`--format is ${format}; allowed: ${Object.keys(formats).join(" or ")}`);
  const names = format === undefined ? Object.keys(formats) : [format];
  return { inputs: whole("inputs", 1e11), threads: whole("threads", 256), seed, names };
}

/** The last one first; formats in turn, so that the slow ones are not left for the end. */
function tasksOf(names: readonly string[], seed: string, roundsOf: (name: string) => number): Task[] {
  const tasks: Task[] = [];
  for (let round = 0; names.some((name) => round < roundsOf(name)); round += taskRounds)
    for (const name of names) {
      const rounds = Math.min(taskRounds, roundsOf(name) - round);
      if (rounds > 0) tasks.push({ name, seed, round, rounds });
    }
  return tasks.reverse();
}

function add(sum: Tally, more: Tally): void {
  for (const name of ["inputs", "accepted", "refused"] as const) sum[name] += more[name];
  sum.slowestMs = Math.max(sum.slowestMs, more.slowestMs);
  sum.failures.push(...more.failures);
}

/** A thread that does one task after the other; another one takes its place where an input never comes back. */
async function oneThread(
  next: () => Task | undefined,
  finished: (task: Task, tally: Tally, ms: number) => void,
): Promise<void> {
  let thread: { worker: Worker; at: Int32Array } | null = null;
  for (let task = next(); task; task = next()) {
    thread ??= hire();
    const { worker, at } = thread;
    const begun = performance.now();
    const tally = await tallyOf(task, worker, at);
    if (tally.inputs === 0) {
      await worker.terminate();
      thread = null;
    }
    finished(task, tally, performance.now() - begun);
  }
  await thread?.worker.terminate();
}

/** What a thread makes of a task; the failure that ended it, if one of its inputs never comes back. */
function tallyOf(task: Task, worker: Worker, at: Int32Array): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearInterval(watch);
      worker.off("message", heard).off("error", failed);
    };
    const heard = (tally: Tally) => {
      end();
      resolve(tally);
    };
    const failed = (error: Error) => {
      end();
      reject(error);
    };
    let seen = -1;
    const watch = setInterval(() => {
      if (at[2] === seen) heard({ ...emptyTally(), failures: [neverBack(task, at)] });
      seen = at[2];
    }, 1000 * patience);
    worker.on("message", heard).on("error", failed);
    worker.postMessage(task);
  });
}

function hire() {
  const shared = new SharedArrayBuffer(12);
  return {
    worker: new Worker(fileURLToPath(import.meta.url), { workerData: shared }),
    at: new Int32Array(shared),
  };
}

const neverBack = ({ name, seed }: Task, at: Int32Array): Failure => ({
  round: at[0],
  why: `input ${at[1]} of the round is not read after ${patience} s`,
  bytes: inputsOf(formats[name], seed, at[0])[at[1]],
});

if (!isMainThread) work();
