import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withEngine } from "../src/cli/engines";
import { parse, parseEngine } from "../src/cli/options";
import { say } from "../src/cli/report";
import type { Watcher } from "../src/engine/engine";
import { InputError } from "../src/model/inputError";
import { cost } from "./cost";
import { coverage } from "./coverage";
import { crashes } from "./crashes";
import { deno } from "./deno";
import { doSee } from "./doSee";
import { faults } from "./faults";
import { load } from "./load";
import { mutants } from "./mutants";
import { page } from "./page";
import { peersInBrowser } from "./peers";
import { soak } from "./soak";
import { speed } from "./speed";

/** What a bench found: a table for a person, the same numbers for a program, and whether what was promised holds. */
export interface Report {
  readonly markdown: string;
  readonly numbers: object;
  readonly holds: boolean;
}

/** A bench runs on an engine, or alone: then what follows its name is for it. */
interface Bench {
  readonly does: string;
  readonly run?: (engine: Watcher) => Promise<Report>;
  readonly alone?: (rest: readonly string[]) => Promise<Report>;
}

/** Every bench by its name: too long for the tests, or a comparison that must run side by side. */
const benches: Record<string, Bench> = {
  coverage: {
    does: "intervals, false positives and false discoveries over 10 million pairs",
    run: coverage,
  },
  cost: { does: "cost of a trial against the prediction, from 512 to 8,192 neurons", run: cost },
  deno: { does: "the same sums in wgpu, under deno, and every kernel against its twin there", alone: deno },
  crashes: { does: "a run on the page whose GPU process is killed 100 times", alone: crashes },
  faults: { does: "every fault of a device at every call of it", alone: faults },
  "do-see": { does: "perturbing against watching, with and without noise in common", run: doSee },
  load: { does: "time and memory of reading and making very large networks", alone: load },
  mutants: {
    does: "how many of the bugs that are seeded in kernels, twins and estimators the tests find",
    alone: mutants,
  },
  peers: { does: "both engines against libraries in a browser, pair sums", alone: peersInBrowser },
  speed: { does: "the CPU engine against NumPy, pair sums and whole job", alone: speed },
  soak: { does: "memory of the page and of the GPU process over an hour of lecturing", alone: soak },
  page: { does: "very large networks on the page, in a real browser", alone: page },
};

const help = `Usage: npm run --silent bench -- NAME [--engine gpu|cpu] [--out FOLDER]

${Object.entries(benches)
  .map(([name, { does }]) => `${name.padEnd(10)} ${does}`)
  .join("\n")}

Prints a Markdown report; --out writes it there too, and the numbers as JSON.
Exit code 0 if what is promised holds, 1 if not, 2 bad input.`;

export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parse(
      args,
      { engine: { type: "string" }, out: { type: "string" } },
      true,
    );
    const [name, ...rest] = positionals;
    if (name === undefined || name === "help") {
      process.stdout.write(`${help}\n`);
      return 0;
    }
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
    if (!bench || (rest.length > 0 && !bench.alone))
      throw new InputError(
        `the bench is ${JSON.stringify(positionals.join(" "))}; allowed: ${Object.keys(benches).join(", ")}`,
      );
    const { run, alone } = bench;
    const machine = `Node ${process.version}, ${process.platform} ${process.arch}`;
    const signed = ({ markdown, ...more }: Report, on: string) => ({
      markdown: `${markdown}\n\n${on}\n`,
      ...more,
    });
    const report = run
      ? await withEngine(parseEngine(values.engine), async (engine) =>
          signed(await run(engine), `${engine.kind} engine, ${engine.adapter}; ${machine}`),
        )
      : signed(await alone!(rest), machine);
    process.stdout.write(report.markdown);
    if (values.out !== undefined) {
      mkdirSync(values.out, { recursive: true });
      writeFileSync(join(values.out, `${name}.md`), report.markdown);
      writeFileSync(join(values.out, `${name}.json`), `${JSON.stringify(report.numbers, null, 2)}\n`);
    }
    return report.holds ? 0 : 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof InputError ? 2 : 1;
  }
}
