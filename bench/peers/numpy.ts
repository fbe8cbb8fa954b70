import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What NumPy is asked to time, see withNumpy.py. */
export interface NumpyTask {
  readonly what: "pairs" | "correlations" | "job" | "notebook";
  readonly type: "float32" | "float64";
  readonly neurons: number;
  readonly trials: number;
}

/** A Python that stays up, so that its start is not timed. */
export interface Numpy {
  /** Versions of NumPy, of its linear algebra, and of Python. */
  readonly about: string;
  /** Milliseconds of one run. */
  time(task: NumpyTask): Promise<number>;
  close(): void;
}

/** Returns  one sentence that says why, where there is no python3 with NumPy. */
export async function startNumpy(): Promise<Numpy | string> {
  const script = fileURLToPath(new URL("./withNumpy.py", import.meta.url));
  const python: ChildProcessWithoutNullStreams = spawn("python3", [script]);
  const failed = new Promise<string>((resolve) => python.once("error", ({ message }) => resolve(message)));
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const ask = async (question: object): Promise<Record<string, unknown>> => {
    python.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`python3 ended: ${String(python.stderr.read() ?? "")}`);
    return JSON.parse(value);
  };
  python.stdin.on("error", () => {});
  const first = await Promise.race([ask({ what: "about" }).catch((error: Error) => error.message), failed]);
  if (typeof first === "string") return `python3 could not be started: ${first}`;
  if (typeof first.missing === "string") return first.missing;
  return {
    about: String(first.about),
    time: async (task) => Number((await ask(task)).ms),
    close: () => python.stdin.end(),
  };
}
