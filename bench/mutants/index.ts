import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../src/cli/report";
import { InputError } from "../../src/model/inputError";
import type { Report } from "..";
import { type Bug, placeOf, type Seeded } from "./bug";
import { makeScratch, type Scratch } from "./scratch";
import { seeded } from "./table";

/** Where a bug might still be found that the tests next to it passed over. */
const allTests = ["test/model", "test/twins", "test/engine", "test/io", "test/replay"];

/** Minutes that all these, or the tests next to a bug, never take: what takes longer loops for ever, and is found out. */
const [allMinutes, nearMinutes] = [30, 5];

/** So much of the bugs is to be found. */
const promised = 0.97;

interface Found extends Pick<Bug, "what" | "kind"> {
  readonly file: string;
  /** caught, alive, or broken: no bug, because it does not compile. */
  readonly state: "caught" | "alive" | "broken";
  /** The test that found it, why none can, or what the compiler said. */
  readonly by: string;
  readonly seconds: number;
}

/**
 * Seeds bugs in a copy of the project, one at a time, and counts how many the tests find: first those that are written
 * for the code in question, then all that need no page.
 *
 * rest     FROM-TO: these of the bugs, counted from 0, without TO; or words that the bug or its file is to hold
 * Errors   InputError if no bug is meant; Error if the tests fail without a bug.
 */
export async function mutants(rest: readonly string[]): Promise<Report> {
  const chosen = choose(rest.join(" "));
  if (chosen.length === 0)
    throw new InputError(
      `no bug is called ${JSON.stringify(rest.join(" "))}; allowed: FROM-TO or words of it`,
    );
  const scratches = [makeScratch(), makeScratch()];
  const found: Found[] = [];
  try {
    const near = [...new Set(chosen.flatMap(({ bug, room }) => testsOf(bug, room)))];
    const [failure, untyped] = await Promise.all([
      scratches[0].test(near, allMinutes),
      whatDoesNotCompile(scratches[1], chosen),
    ]);
    if (failure) throw new Error(`without a bug, ${failure.test} fails: ${failure.message}`);
    const left = chosen.values();
    const work = async (scratch: Scratch) => {
      for (const { bug, room } of left) {
        const said = untyped.get(bug);
        const one = await seed(scratch, bug, room, said);
        found.push(one);
        say(
          `${found.length}/${chosen.length} ${one.state} in ${one.seconds} s: ${one.file}: ${one.what} (${one.by})`,
        );
      }
    };
    await Promise.all(scratches.map(work));
  } finally {
    for (const scratch of scratches) scratch.remove();
  }
  return report(found);
}

interface Chosen {
  readonly bug: Bug;
  readonly room: Seeded;
}

/** What the type check says of bugs. One bug of every file at a time: a check takes as long as many tests. */
async function whatDoesNotCompile(scratch: Scratch, chosen: readonly Chosen[]): Promise<Map<Bug, string>> {
  const said = new Map<Bug, string>();
  // AssemblyScript and WGSL have compilers of their own, which the tests start.
  let left = chosen.filter(({ room }) => room.file.endsWith(".ts") && !room.file.includes("/wasm/"));
  while (left.length > 0) {
    const round = left.filter(({ room }, index) => left.findIndex((other) => other.room === room) === index);
    left = left.filter((one) => !round.includes(one));
    const mend = round.map(({ bug, room }) => breakFile(scratch, bug, room));
    const errors = await scratch.typecheck();
    for (const undo of mend) undo();
    for (const line of errors.split("\n").filter((line) => line.includes("error TS"))) {
      const guilty = round.find(({ room }) => line.startsWith(`${room.file}(`));
      if (!guilty) throw new Error(`with bugs in other files: ${line}`);
      said.set(guilty.bug, line);
    }
  }
  return said;
}

/** Writes a bug into its file; what it returns mends it. */
function breakFile({ folder }: Scratch, bug: Bug, { file }: Seeded): () => void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  const place = placeOf(text, bug);
  if (place < 0) throw new Error(`${file} has no single place for: ${bug.what}`);
  writeFileSync(path, text.slice(0, place) + bug.replace + text.slice(place + bug.find.length));
  return () => writeFileSync(path, text);
}

function choose(text: string): Chosen[] {
  const all = seeded.flatMap((room) => room.bugs.map((bug) => ({ bug, room })));
  const range = /^(\d+)-(\d+)$/.exec(text);
  if (range) return all.slice(Number(range[1]), Number(range[2]));
  return all.filter(({ bug, room }) => `${room.file}: ${bug.what}`.includes(text));
}

const testsOf = (bug: Bug, room: Seeded) => (bug.tests ?? room.tests).map((name) => `test/${name}.test.ts`);

async function seed(scratch: Scratch, bug: Bug, room: Seeded, untyped: string | undefined): Promise<Found> {
  const start = performance.now();
  const told = (state: Found["state"], by: string): Found => ({
    ...{ what: bug.what, kind: bug.kind, file: room.file, state, by },
    seconds: Math.round((performance.now() - start) / 1000),
  });
  if (untyped !== undefined) return told("broken", untyped);
  const mend = breakFile(scratch, bug, room);
  try {
    const failure =
      (await scratch.test(testsOf(bug, room), nearMinutes)) ?? (await scratch.test(allTests, allMinutes));
    if (!failure) return told("alive", bug.lives ?? "not explained");
    if (/does not compile|\.wgsl \(with its includes\)|PARSE_ERROR|SyntaxError/.test(failure.message))
      return told("broken", failure.message.split("\n")[0]);
    return told("caught", failure.test || failure.message);
  } finally {
    mend();
  }
}

function report(found: readonly Found[]): Report {
  const count = (state: Found["state"]) => found.filter((one) => one.state === state).length;
  const [caught, alive, broken] = [count("caught"), count("alive"), count("broken")];
  const bugs = caught + alive;
  const share = caught / bugs;
  const kinds = [...new Set(found.map(({ kind }) => kind))].map((kind) => {
    const ofKind = found.filter((one) => one.kind === kind && one.state !== "broken");
    return `${kind} ${ofKind.filter(({ state }) => state === "caught").length} of ${ofKind.length}`;
  });
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ").slice(0, 200);
  const lines = found.map(
    ({ what, kind, file, state, by }) => `| ${cell(what)} | ${kind} | ${file} | ${state} | ${cell(by)} |`,
  );
  const markdown = [
    `${caught} of ${bugs} bugs caught (${(100 * share).toFixed(1)} %; promised: ${100 * promised} %), ${alive} alive` +
      `${broken > 0 ? `; ${broken} do not compile, and have to be replaced` : ""}. By kind: ${kinds.join(", ")}.`,
    "",
    "| bug | kind | file | | by, or why not |",
    "| --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
  return { markdown, numbers: { caught, alive, broken, found }, holds: broken === 0 && share >= promised };
}
