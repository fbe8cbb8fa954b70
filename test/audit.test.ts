import { expect, test } from "vitest";
import { judge } from "../scripts/audit";

/** As npm 11 prints it, of packages with their severities. */
const report = (severities: Record<string, string>) =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [
        name,
        { severity, via: ["other", { title: "Code injection" }] },
      ]),
    ),
    metadata: {
      vulnerabilities: { total: Object.keys(severities).length },
      dependencies: { total: 300 },
    },
  });

test("the audit is red for what is grave, and only for that", () => {
  expect(judge(report({ left: "critical", right: "low" }))).toEqual({
    isGrave: true,
    lines: [
      "left, critical: through other; Code injection",
      "audited 300 packages: 1 of high severity, 2 with any",
    ],
  });
  expect(judge(report({ up: "high" })).isGrave).toBe(true);
  expect(judge(report({ right: "moderate" }))).toEqual({
    isGrave: false,
    lines: ["audited 300 packages: 0 of high severity, 1 with any"],
  });
});

test("where nobody can be asked, it says so and is not red", () => {
  const refused = '{ "message": "405 Method Not Allowed", "error": { "summary": "", "detail": "" } }';
  expect(judge(refused)).toEqual({ isGrave: false, lines: ["not audited: 405 Method Not Allowed"] });
  for (const none of ["", null])
    expect(judge(none)).toEqual({ isGrave: false, lines: ["not audited: npm gave no answer"] });
});
