import { say } from "../src/cli/report";
import { openNodeGpu } from "../src/engine/gpu/node";
import type { VariantName } from "../src/engine/gpu/variants";
import { InputError } from "../src/model/inputError";
import { allCases, type End, faultBench, type Met } from "../test/support/faultMatrix";
import type { Report } from "./index";

/** Between them they go through every kernel of a run, in software. */
const experiments: Record<string, { given: Record<string, unknown>; variant?: VariantName }> = {
  notebook: { given: {} },
  arms: { given: { design: "subset", share: 0.4, hidden: 0.1 }, variant: "accumulatePlanes" },
};

const ends: readonly End[] = ["right at once", "went on on the GPU", "went on on the CPU", "message"];

/** Every fault at every call of the device, while the engine is opened and while trials run. */
export async function faults(names: readonly string[]): Promise<Report> {
  const unknown = names.find((name) => !Object.hasOwn(experiments, name));
  if (unknown !== undefined)
    throw new InputError(
      `faults is ${JSON.stringify(unknown)}; allowed: ${Object.keys(experiments).join(", ")}, or nothing for both`,
    );
  const gpu = await openNodeGpu();
  const met: (Met & { readonly when: string })[] = [];
  for (const name of names.length > 0 ? names : Object.keys(experiments)) {
    const { given, variant } = experiments[name];
    const bench = await faultBench(gpu, given, variant);
    const cases = allCases(bench);
    for (const [done, { fault, opensEngine }] of cases.entries()) {
      const found = await bench.meet(fault, opensEngine);
      met.push({ ...found, when: opensEngine ? "opening" : "running" });
      const { stage, about, number, kind } = fault;
      say(
        `${name} ${done + 1} of ${cases.length}: ${kind}, ${stage} ${about} ${number}: ${found.end}. ${found.said}`,
      );
    }
    bench.close();
  }
  const wrong = met.filter(({ end }) => end === "WRONG SUMS");
  const unmet = met.filter(({ end }) => end === "not met");
  const rows = [...new Set(met.map(({ when, fault }) => `${when} | ${fault.stage} | ${fault.kind}`))].sort();
  const countOf = (row: string, end: End) =>
    met.filter((one) => `${one.when} | ${one.fault.stage} | ${one.fault.kind}` === row && one.end === end)
      .length;
  const all = [...ends, "WRONG SUMS" as const];
  return {
    markdown: [
      `| while | call | fault | ${all.join(" | ")} |`,
      `| --- | --- | --- | ${all.map(() => "---").join(" | ")} |`,
      ...rows.map((row) => `| ${row} | ${all.map((end) => countOf(row, end) || "").join(" | ")} |`),
      "",
      `${met.length} faults, one a run: ${wrong.length} wrong sums${unmet.length > 0 ? `; ${unmet.length} calls did not come again` : ""}.`,
    ].join("\n"),
    numbers: { faults: met.length, wrong: wrong.length, notMet: unmet.length, met },
    holds: wrong.length === 0,
  };
}
