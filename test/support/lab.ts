import { execFile } from "node:child_process";
import { join } from "node:path";
import { main } from "../../src/cli";

/** What a person sees of the runner: its exit code, and what it printed where. */
export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const root = join(import.meta.dirname, "../..");
export const script = "scripts/lab.js";

/** The runner as a person starts it: a process of its own, which takes half a second to start. */
export function labProcess(args: readonly string[], env = process.env): Promise<Printed> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: root, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === "number" ? error.code : error ? -1 : 0, out, err }),
    );
  });
}

/** The runner in this process. One at a time: what it prints is caught where every print goes. */
export async function lab(...args: string[]): Promise<Printed> {
  const printed = { out: "", err: "" };
  const [stdout, stderr] = [process.stdout.write, process.stderr.write];
  const into = (stream: keyof typeof printed) => (text: string | Uint8Array) => {
    printed[stream] += text;
    return true;
  };
  process.stdout.write = into("out");
  process.stderr.write = into("err");
  try {
    return { code: await main(args), ...printed };
  } finally {
    process.stdout.write = stdout;
    process.stderr.write = stderr;
  }
}
