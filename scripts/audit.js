// Asks the registry what is known against the installed packages: `node scripts/audit.js`.
//
// Exit code 1 if something of high severity is. Where nobody can be asked (no network, a mirror without advisories) it
// says so and ends with 0: that says nothing about the packages.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What `npm audit --json` has printed, as lines for a person, and whether something grave is in it. */
export function judge(answer) {
  const { metadata, vulnerabilities, message, error } = parse(answer);
  if (!metadata?.vulnerabilities)
    return { isGrave: false, lines: [`not audited: ${message ?? error?.summary ?? "npm gave no answer"}`] };
  const grave = Object.entries(vulnerabilities).filter(([, { severity }]) =>
    ["high", "critical"].includes(severity),
  );
  const lines = grave.map(([name, { severity, via }]) => {
    const reasons = via.map((each) => each.title ?? `through ${each}`);
    return `${name}, ${severity}: ${reasons.join("; ")}`;
  });
  const { dependencies, vulnerabilities: found } = metadata;
  lines.push(
    `audited ${dependencies.total} packages: ${grave.length} of high severity, ${found.total} with any`,
  );
  return { isGrave: grave.length > 0, lines };
}

function parse(answer) {
  try {
    return JSON.parse(answer) ?? {};
  } catch {
    return {};
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // On Windows npm is a script, which only a shell runs.
  const shell = process.platform === "win32";
  const command = ["audit", "--json", "--fetch-retries=1", "--fetch-timeout=30000"];
  const { isGrave, lines } = judge(spawnSync("npm", command, { encoding: "utf8", shell }).stdout);
  console.log(lines.join("\n"));
  process.exitCode = isGrave ? 1 : 0;
}
