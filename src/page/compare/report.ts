import { version } from "../../../package.json";
import { parameterNames, parameters } from "../../model/experiment";
import { count, roughly } from "../../ui/words";
import type { SelfCheck } from "./bench";
import { pairsOf } from "./budget";
import type { Contest, LegName } from "./comparison";
import { checkText, deviationText, firstText, legTitles, ratioText, speedOf, verdictText } from "./words";

/** Everything that was compared, as Markdown, to be pasted into a mail or an issue. */
export function report(contest: Contest, check: SelfCheck | null, link: string, userAgent: string): string {
  const { experiment, verdict, adapter, noGpu, pictures, deviations, legs, ready } = contest;
  const parts = verdict?.sameness.parts ?? [];
  const applies = parameterNames.filter((name) => {
    const parameter = parameters[name];
    return name !== "engine" && !("applies" in parameter && !parameter.applies(experiment));
  });
  const rows = (Object.keys(legs) as LegName[])
    .filter((name) => legs[name].trials > 0)
    .map((name) => {
      const speed = speedOf(legs[name]);
      const pairs = roughly(speed * pairsOf(experiment));
      return `| ${legTitles[name]} | ${count(legs[name].trials)} | ${legs[name].seconds.toFixed(2)} | ${roughly(speed)} | ${pairs} |`;
    });
  const lines = [
    "# Perturbation Lab: GPU against CPU",
    "",
    `**${verdictText(contest)}**`,
    ...(verdict?.sameness.first && ready ? ["", `First: ${firstText(verdict.sameness, ready.sources)}`] : []),
    "",
    `- adapter: ${adapter || `none (${noGpu})`}`,
    `- browser: ${browserOf(userAgent)}`,
    `- lab: version ${version}, ${link}`,
    `- experiment: ${applies.map((name) => `${parameters[name].label} ${experiment[name]}`).join(", ")}`,
    `- SHA-256 of the sums, GPU: ${pictures.gpu?.hash ?? "–"}`,
    `- SHA-256 of the sums, CPU: ${pictures.cpu?.hash ?? "–"}`,
    ...(deviations
      ? [
          `- against the float64 model, in standard errors: ${deviationText(deviations, experiment)}, ${count(deviations.pairs)} pairs`,
        ]
      : []),
    "",
    "| | trials | seconds | trials/s | pair-updates/s |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...rows,
    "",
    ratioText(contest),
    ...(parts.length > 0
      ? ["", "| sums | words | different |", "| --- | ---: | ---: |"].concat(
          parts.map(({ part, words, different }) => `| ${part} | ${count(words)} | ${count(different)} |`),
        )
      : []),
    ...(check ? checkLines(check) : ["", "The kernels were not checked one by one."]),
  ];
  return `${lines.join("\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

const checkLines = (check: SelfCheck): string[] => [
  "",
  `Self-check: ${checkText(check)}`,
  "",
  "| kernel | words | different | changed by the GPU | first difference |",
  "| --- | ---: | ---: | ---: | --- |",
  ...check.kernels.map(
    ({ name, words, different, changed, first }) =>
      `| ${name} | ${count(words)} | ${count(different)} | ${count(changed)} | ${
        first ? `${first.binding}[${first.index}]: GPU ${first.gpu}, CPU ${first.twin}` : ""
      } |`,
  ),
];

/** Family and main version: what a report needs, and no more. */
export function browserOf(userAgent: string): string {
  // Edge and Opera call themselves Chrome too, and Chrome calls itself Safari: the first that fits is right.
  const families: readonly (readonly [name: string, pattern: RegExp])[] = [
    ["Edge", /\bEdg\w*\/(\d+)/],
    ["Opera", /\bOPR\/(\d+)/],
    ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
    ["Chrome", /\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
    ["Safari", /\bVersion\/(\d+).*Safari/],
  ];
  const system = userAgent.match(/Windows|Android|iPhone|iPad|Mac OS|CrOS|Linux/)?.[0] ?? "another system";
  for (const [name, pattern] of families) {
    const found = userAgent.match(pattern);
    if (found) return `${name} ${found[1]} on ${system}`;
  }
  return `another browser on ${system}`;
}
