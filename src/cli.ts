import { check, describeCheck } from "./cli/check";
import { describeExport, exportNetwork } from "./cli/export";
import { fileOptions, openFile } from "./cli/file";
import { merge } from "./cli/merge";
import {
  confidenceOptions,
  parse,
  parseConfidence,
  parseEngine,
  parseExport,
  parsePlan,
  parseReplay,
  parseRun,
  parseWatch,
} from "./cli/options";
import { describePlan, planTrials } from "./cli/plan";
import { describeReplay, replay } from "./cli/replay";
import { say } from "./cli/report";
import { describe } from "./cli/result";
import { run } from "./cli/run";
import { describeWatch, watch } from "./cli/watch";
import { InputError } from "./model/inputError";

const help = `Usage: npm run --silent lab -- COMMAND [OPTIONS]

run     run trials, estimate every effect
        --network FILE              an edge list (.csv, .tsv), a matrix (.npy) or a graph (.graphml), see files
        --network notebook:N:SEED   NumPy's create_connectivity(N, SEED); without it one made from the seed:
        --generate KIND             random:N:DENSITY, in-degree:N:INPUTS, blocks:N:BLOCKS:DENSITY:BETWEEN or
                                    small-world:N:INPUTS:REWIRING; what is left out (from the right), an option
                                    says, or the default: --neurons 6 --density 0.1 --in-degree 4 --blocks 4
                                    --between 0.01 --rewiring 0.1 (random)
        --inhibitory P --inhibition G   share of neurons with negative arrows, G times as strong (0, 1)
        --seed TEXT                 decides perturbations, noise and random wiring (lecture)
        --design all|one|subset|same-noise   which neurons a trial sets (all)
        --probability P --share P   of a neuron that is set to be 1; to be set, in subset (0.5, 0.25)
        --common C --hidden H       part of the noise that all share; part of the neurons nobody sees (0, 0)
        --trials COUNT | FROM..TO   which trials (25000)
        --sources WHICH             estimate these columns only: all, top:64 (by outgoing arrows),
                                    a list such as 17,42 or 0-63, in a file's own names id:NAME,id:NAME;
                                    auto: all up to 4,096 neurons, else top:64 (auto)
        --engine gpu|cpu            the same bits on either (gpu)
        --chunk TRIALS              trials of a chunk (adapts to 50 ms)
        --tiles auto|SOURCES        recover everything: so many sources at a time, the discoveries into edges.csv
        --keep-sums                 with tiles: write the sums too, 8 bytes a pair
        --level LEVEL               of the intervals (0.95)
        --rate RATE                 false ones among the discoveries, on average (0.05)
        --out FOLDER                write the sums there, for merge and --resume
        --resume FILE|FOLDER        go on with a session that was saved, or with what --out wrote, up to --trials COUNT
                                    (as many as were asked for then)
        --session FILE              write a session, to go on with here or on the page (.perturbation-lab)
        --json                      one JSON object on standard output
watch   a network that nobody touches, the lagged correlation of its neurons
        --network, --generate …, --seed, --common, --hidden, --engine, --json   as in run
        --steps STEPS               of all chains together, in whole time steps (50000)
        --chains CHAINS             side by side, each from rest (1000)
        --burn-in STEPS             of each chain that are not counted (100)
merge   FOLDER... [--level LEVEL] [--rate RATE] [--out FOLDER] [--json]   add up parts of one experiment;
        --network FILE              and its options, if their network is in a file
check   [--engine gpu] [--json]             every kernel against its CPU twin on this adapter
plan    how many trials a network needs, and what they take on this machine
        --network, --generate …, --seed, --design …, --sources, --engine   as for run
        --z STANDARD_ERRORS         at which an arrow stands out (3)
        --arrow SOURCE-TARGET       one arrow's needs too, such as 5-1
        --json                      one JSON object on standard output
export  write a network to a file; reading it back gives the same network
        --network, --generate …, --seed   as for run
        --out FILE                  .csv, .npy or .graphml
        --places FILE               a table of id, x, y and, in space, z, for .graphml
        --json                      one JSON object on standard output
files   how the file of --network is read, by run, watch, plan, export and merge
        --format csv|npy|graphml    if the end of its name does not say it
        --columns source=A,target=B,weight=C,sign=D   names or numbers of columns (found by their names)
        --header yes|no             whether the first row names the columns
        --negative GABA,GLUT        transmitters whose arrows are negative (none)
        --direction rows-are-targets|rows-are-sources   of a matrix; always to be said
        --scale as-given|singular-value   weights as they are, or divided by 1.01 times their largest singular
                                    value (as-given; FlyWire's tables: singular-value)
replay  the notebook's cells in NumPy's own random stream, number for number
        --neurons N --seed SEED     its network; SEED is NumPy's (6, 42)
        --timesteps STEPS           of each simulation (5000)
        --selected NEURON           whose effects are estimated first (1)
        --json                      one JSON object on standard output

Exit code 0 success, 2 bad input, 1 anything else.`;

/** The headless runner. Returns the exit code: 0 success, 2 bad input, 1 anything else. */
export async function main([command, ...args]: readonly string[]): Promise<number> {
  const print = (json: boolean | undefined, value: object, text: string) =>
    process.stdout.write(`${json ? JSON.stringify(value) : text}\n`);
  try {
    switch (command) {
      case "run": {
        const options = await parseRun(args);
        const { result, cancelled } = await run(options);
        print(options.json, result, describe(result));
        return cancelled ? 1 : 0;
      }
      case "watch": {
        const options = await parseWatch(args);
        const { result, cancelled } = await watch(options);
        print(options.json, result, describeWatch(result));
        return cancelled ? 1 : 0;
      }
      case "merge": {
        const { values, positionals } = parse(
          args,
          {
            ...confidenceOptions,
            network: { type: "string" },
            ...fileOptions,
            out: { type: "string" },
            json: { type: "boolean" },
          },
          true,
        );
        const confidence = parseConfidence(values);
        const result = await merge(
          positionals,
          confidence,
          await openFile(values),
          (values.out as string | undefined) ?? null,
        );
        print(values.json as boolean | undefined, result, describe(result));
        return 0;
      }
      case "check": {
        const { values } = parse(args, { engine: { type: "string" }, json: { type: "boolean" } });
        if (parseEngine(values.engine as string | undefined) !== "gpu")
          throw new InputError(
            '--engine is "cpu"; allowed for check: gpu, which is compared with the CPU twins',
          );
        const found = await check();
        print(values.json as boolean | undefined, found, describeCheck(found));
        return found.kernels.some(({ different }) => different > 0) ? 1 : 0;
      }
      case "plan": {
        const options = await parsePlan(args);
        const result = await planTrials(options);
        print(options.json, result, describePlan(result));
        return 0;
      }
      case "export": {
        const options = await parseExport(args);
        const done = exportNetwork(options);
        print(options.json, done, describeExport(done));
        return 0;
      }
      case "replay": {
        const { json, ...options } = parseReplay(args);
        const result = replay(options);
        print(json, result, describeReplay(result));
        return 0;
      }
      case "help":
      case "--help":
      case "-h":
        process.stdout.write(`${help}\n`);
        return 0;
      default:
        throw new InputError(
          `the command is ${JSON.stringify(command ?? "")}; allowed: run, watch, merge, check, plan, export, replay, help`,
        );
    }
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof InputError ? 2 : 1;
  }
}
