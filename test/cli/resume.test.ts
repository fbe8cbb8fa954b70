import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lab } from "../support/lab";

// A run goes on with what was saved of it, by the runner or by the page.

const folder = mkdtempSync(join(tmpdir(), "lab-resume-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

async function json(...args: string[]) {
  const { code, out, err } = await lab("run", ...args, "--json");
  expect([code, err.replace(/^No GPU.*\n/, "")]).toEqual([0, ""]);
  return JSON.parse(out);
}

const designs: [string, string[], string][] = [
  ["all", [], "gpu"],
  ["subset", ["--design", "subset", "--sources", "1,3"], "cpu"],
  ["same-noise", ["--design", "same-noise"], "cpu"],
];

test.each(designs)(
  "on either engine, from a session or a folder, the sums are those of one run: %s",
  async (name, design, engine) => {
    const same = ["--network", "notebook:6:42", ...design];
    const whole = await json(...same, "--trials", "900", "--engine", "cpu");
    const session = at(`${name}.perturbation-lab`);
    const begun = await json(
      ...same,
      "--trials",
      "300",
      "--engine",
      "cpu",
      "--session",
      session,
      "--out",
      at(name),
    );
    expect(begun.resumedAt).toBeNull();
    const later = at(`${name}-later.perturbation-lab`);
    const more = await json("--resume", session, "--trials", "700", "--engine", engine, "--session", later);
    expect(more).toMatchObject({ trials: { from: 0, to: 700 }, resumedAt: 300 });
    for (const place of [later, at(name)]) {
      const found = await json("--resume", place, "--trials", "900", "--engine", "cpu");
      expect(found.sumsHash).toBe(whole.sumsHash);
      expect(found.agreement).toBe(whole.agreement);
      expect(found.experiment.trials).toBe(900);
    }
  },
);

test("parts from another trial on stay what they are, and nothing left to do is no mistake", async () => {
  const part = await json(
    "--network",
    "notebook:6:42",
    "--trials",
    "100..500",
    "--engine",
    "cpu",
    "--out",
    at("part"),
  );
  const found = await json(
    "--resume",
    at("part"),
    "--engine",
    "cpu",
    "--session",
    at("part.perturbation-lab"),
  );
  expect(found).toMatchObject({ trials: { from: 100, to: 500 }, resumedAt: 500, sumsHash: part.sumsHash });
  const on = await json("--resume", at("part.perturbation-lab"), "--trials", "800", "--engine", "cpu");
  const whole = await json("--network", "notebook:6:42", "--trials", "100..800", "--engine", "cpu");
  expect(on.sumsHash).toBe(whole.sumsHash);
});

test("a network in a file is asked for, and has to be that one", async () => {
  const [edges, others] = [at("edges.csv"), at("others.csv")];
  writeFileSync(edges, "source,target,weight\na,b,0.5\nb,c,-0.25\nc,a,0.7\n");
  writeFileSync(others, "source,target,weight\na,b,0.5\nb,c,-0.25\nc,a,0.8\n");
  const session = at("file.perturbation-lab");
  await lab("run", "--network", edges, "--trials", "100", "--engine", "cpu", "--session", session);
  const { code, out } = await lab(
    "run",
    "--resume",
    session,
    "--network",
    edges,
    "--trials",
    "200",
    "--json",
  );
  expect([code, JSON.parse(out).trials]).toEqual([0, { from: 0, to: 200 }]);
  const sentences: [string[], RegExp][] = [
    [
      [],
      /^the network of .*file\.perturbation-lab is in the file "edges\.csv"; allowed: --network and that file/,
    ],
    [["--network", others], /\nothers\.csv read like this is another network/],
    [["--network", "notebook:6:42"], /^--network is notebook:6:42, but the network is that of --resume/],
  ];
  for (const [more, sentence] of sentences) {
    const refused = await lab("run", "--resume", session, ...more);
    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(sentence)]);
  }
});

test("what cannot go on is refused in a sentence", async () => {
  const session = at("refused.perturbation-lab");
  await lab("run", "--network", "notebook:6:42", "--trials", "100", "--engine", "cpu", "--session", session);
  const bytes = readFileSync(session);
  bytes[bytes.length - 1] ^= 1;
  writeFileSync(at("damaged.perturbation-lab"), bytes);
  const cases: [string[], RegExp][] = [
    [
      ["--resume", at("nothing")],
      /^--resume is ".*nothing", but nothing is there; allowed: a session's file, or/,
    ],
    [
      ["--resume", at("damaged.perturbation-lab")],
      /^damaged\.perturbation-lab is damaged: the SHA-256 of its sums/,
    ],
    [
      ["--resume", session, "--seed", "x"],
      /^--seed is x, but the experiment is that of --resume .*; allowed: without it$/m,
    ],
    [
      ["--resume", session, "--trials", "99"],
      /^--trials with --resume is "99"; allowed: a whole number from 100 to/,
    ],
    [["--resume", session, "--tiles", "auto", "--out", folder], /^--resume is .*; allowed without --tiles/],
    [
      ["--session", join(session, "in-a-file")],
      /^the folder of --session is ".*refused\.perturbation-lab"; allowed: a folder that can be written to/,
    ],
  ];
  for (const [args, sentence] of cases) {
    const { code, out, err } = await lab("run", ...args);
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(sentence)]);
  }
});

test("what cannot be opened is refused in a sentence, too", async () => {
  // A socket is there and is no folder, and nobody, not even the superuser, may open it as a file.
  const place = at("socket");
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(place, resolve));
  try {
    const { code, out, err } = await lab("run", "--resume", place);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^\S+socket cannot be read \([A-Z]+: [^,']+\); allowed: a file that can be read\n$/);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
