import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { readNetwork } from "../../src/io/readNetwork";
import { encodeSession, readSession, type Session } from "../../src/io/sessionFile";
import { hashSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import type { Network } from "../../src/model/network";
import { resolveSources } from "../../src/model/sources";
import { keyFrom } from "../../src/model/threefry";
import { networkOf } from "../../src/network";
import { fileOf } from "../support/files";
import { labPages } from "../support/labPages";
import { readFrom } from "../support/sums";

// A run that was saved, or was lost with its page, goes on where it was.

const lab = labPages();

const reaches = (page: Page, state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, {
    timeout: 60_000,
  });
const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
const trials = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.trials));
const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));

/** The session as E saves it, and its file. */
async function save(page: Page): Promise<{ name: string; bytes: Buffer; session: Session }> {
  await page.keyboard.press("e");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator('[data-save="sums"]').click(),
  ]);
  const bytes = readFileSync(await download.path());
  const name = download.suggestedFilename();
  await expect.poll(() => page.locator("#save").isVisible()).toBe(false);
  return { name, bytes, session: readSession(readFrom(bytes), bytes.length, name) };
}

async function choose(page: Page, name: string, bytes: Buffer): Promise<void> {
  await page.keyboard.press("o");
  await page
    .locator("#open-file")
    .setInputFiles({ name, mimeType: "application/octet-stream", buffer: bytes });
}

/** The hash of the same trials, run in one go, elsewhere. */
async function undisturbed({ head }: Session, to: number, given?: Network): Promise<string> {
  const { experiment } = head;
  const key = keyFrom(experiment.seed);
  const network = given ?? networkOf(experiment);
  const design = designOf(experiment, key);
  const sources = resolveSources(experiment.sources, network, design.hidden);
  const run = await createCpuEngine(nodeThreads()).open({ network, key, design, sources, trials: to });
  for (let at = 0; at < to; at += 65_536) await run.advance(at, Math.min(to, at + 65_536));
  const sums = await run.sums();
  run.release();
  return hashSums(sums);
}

async function pausedEarly(page: Page): Promise<void> {
  await page.waitForFunction(() => Number(document.documentElement.dataset.trials) > 3);
  await page.keyboard.press("Space");
  await reaches(page, "paused");
}

test.each(["gpu", "cpu"])(
  "a session that was saved is opened: its pictures at once, and it goes on (%s)",
  async (engine) => {
    const first = await lab.open(`#v=1&trials=4000&design=subset&share=0.5&seed=again&engine=${engine}`);
    await pausedEarly(first);
    await expect.poll(() => text(first, "agreement")).not.toBe("–");
    const { name, bytes, session } = await save(first);
    expect(name).toBe("session-6-neurons-again.perturbation-lab");
    const { to } = session.head.trials;
    expect(session.head.experiment).toMatchObject({ trials: 4000, design: "subset", engine });
    expect(to).toBeLessThan(4000);
    expect(session.head.sumsHash).toBe(await undisturbed(session, to));

    const second = await lab.open("#v=1&trials=500&pace=off");
    await reaches(second, "done");
    const before = [await hash(second), await text(second, "agreement")];
    // Damaged: the run on show stays.
    const damaged = Buffer.from(bytes);
    damaged[damaged.length - 1] ^= 1;
    await choose(second, name, damaged);
    await expect
      .poll(() => text(second, "open-problem"))
      .toBe(
        `${name} is damaged: the SHA-256 of its sums is not the sumsHash of its first line; allowed: a whole session; the network on show stays.`,
      );
    expect(await second.locator("#open-go").isDisabled()).toBe(true);
    await second.keyboard.press("Escape");
    expect([await hash(second), await text(second, "agreement")]).toEqual(before);

    await choose(second, name, bytes);
    await expect
      .poll(() => text(second, "open-about"))
      .toMatch(
        /^session-6-neurons-again\.perturbation-lab, .*: a session of 6 neurons, seed again, after \d+ of 4,000 trials$/,
      );
    await second.locator("#open-go").click();
    await reaches(second, "paused");
    expect(await trials(second)).toBe(to);
    expect(await text(second, "status")).toBe(`paused · ${to} of 4,000 trials`);
    expect(await text(second, "begun")).toBe(`opened at trial ${to}; R begins anew`);
    expect(await hash(second)).toContain("seed=again&trials=4000&design=subset&share=0.5");
    await expect.poll(() => text(second, "agreement")).toBe(await text(first, "agreement"));
    await second.keyboard.press("Space");
    await reaches(second, "done");
    const end = await save(second);
    expect(end.session.head.trials).toEqual({ from: 0, to: 4000 });
    expect(end.session.head.sumsHash).toBe(await undisturbed(session, 4000));
    await second.keyboard.press("r");
    await expect.poll(() => text(second, "begun")).toBe("");
    await reaches(second, "done");
  },
);

test("a session that was opened goes on when more trials are asked for", async () => {
  const first = await lab.open("#v=1&trials=4000&seed=more");
  await pausedEarly(first);
  const { name, bytes, session } = await save(first);
  const { to } = session.head.trials;
  const page = await lab.open("#v=1&trials=500&pace=off");
  await reaches(page, "done");
  await choose(page, name, bytes);
  await expect.poll(() => page.locator("#open-go").isEnabled()).toBe(true);
  await page.locator("#open-go").click();
  await reaches(page, "paused");
  await expect.poll(() => text(page, "agreement")).not.toBe("–");
  await page.evaluate(() => {
    location.hash = location.hash.replace("trials=4000", "trials=5000");
  });
  await expect
    .poll(() => text(page, "begun"))
    .toBe(`went on from trial ${to} of a session from a file, kept in this browser; R begins anew`);
  await reaches(page, "done");
  // It is kept as what it is, for as long as it goes on, and R drops it, too.
  await expect.poll(() => keptNames(page)).toEqual([expect.stringMatching(/^opened-[0-9a-f]{32}-5000-/)]);
  await page.reload();
  await reaches(page, "done");
  expect(await text(page, "begun")).toMatch(/^went on from trial 5,000 of a session from a file,/);
  const end = await save(page);
  expect(end.session.head.sumsHash).toBe(await undisturbed(end.session, 5000));
  await page.keyboard.press("r");
  await expect.poll(() => keptNames(page)).toEqual([]);
  await reaches(page, "done");
  expect(await text(page, "begun")).toBe("");
});

test("a session of a network from a file asks for that file", async () => {
  const name = "edges.csv";
  const content = "source,target,weight\na,b,0.5\nb,c,-0.25\nc,a,0.7\n";
  const page = await lab.open("#v=1&trials=2000");
  await choose(page, name, Buffer.from(content));
  await page.locator("#open-go").click();
  await expect.poll(() => hash(page)).toContain("network=file");
  await pausedEarly(page);
  const { bytes, session } = await save(page);
  expect(session.head.understood).toMatch(/^edges\.csv: 3 neurons, 3 arrows/);

  const other = await lab.open("#v=1&trials=500&pace=off");
  await reaches(other, "done");
  await choose(other, "three.perturbation-lab", bytes);
  await expect.poll(() => other.locator("#open-go").isEnabled()).toBe(true);
  await other.locator("#open-go").click();
  await expect
    .poll(() => text(other, "open-wanted"))
    .toBe('The session is about a network in the file "edges.csv", which only you can open.');
  expect(await hash(other)).toBe("#v=1&trials=500&pace=off");
  // By another name it is the same network.
  await other.locator("#open-file").setInputFiles({
    ...{ name: "renamed.csv", mimeType: "text/csv", buffer: Buffer.from(content) },
  });
  await expect.poll(() => other.locator("#open-go").isEnabled()).toBe(true);
  await other.locator("#open-go").click();
  await reaches(other, "paused");
  expect(await trials(other)).toBe(session.head.trials.to);
  await other.keyboard.press("Space");
  await reaches(other, "done");
  const { network } = await readNetwork(fileOf(name, content));
  expect((await save(other)).session.head.sumsHash).toBe(await undisturbed(session, 2000, network));
});

const keptNames = (page: Page) =>
  page.evaluate(async () => {
    const folder = (await navigator.storage.getDirectory()) as unknown as { keys(): AsyncIterable<string> };
    const names: string[] = [];
    for await (const name of folder.keys()) names.push(name);
    return names;
  });

test("after a reload a long run goes on, and R begins anew; a quick one is not kept", async () => {
  const page = await lab.open("#v=1&network=random&neurons=60&trials=50000000&pace=off");
  // Kept while it runs, by itself.
  await expect.poll(() => keptNames(page), { timeout: 30_000 }).toHaveLength(1);
  await page.keyboard.press("Space");
  await reaches(page, "paused");
  // And when it pauses, with the chunk that was under way.
  const keptTrials = async () => (await keptNames(page)).map((name) => Number(name.split("-")[2]));
  await expect
    .poll(async () => [await keptTrials(), await trials(page)], { timeout: 30_000 })
    .toSatisfy(([kept, now]) => kept.length === 1 && kept[0] === now);
  const [at] = await keptTrials();
  await page.reload();
  await page.waitForFunction((least) => Number(document.documentElement.dataset.trials) > least, at);
  expect(await text(page, "begun")).toBe(
    `went on from trial ${at.toLocaleString("en")} kept in this browser; R begins anew`,
  );
  await page.keyboard.press("Space");
  await reaches(page, "paused");
  const { session } = await save(page);
  expect(session.head.trials.to).toBeGreaterThan(at);
  expect(session.head.sumsHash).toBe(await undisturbed(session, session.head.trials.to));
  await page.keyboard.press("r");
  await expect.poll(() => text(page, "begun")).toBe("");
  await page.waitForFunction((most) => {
    const { state, trials } = document.documentElement.dataset;
    return state === "running" && Number(trials) > 0 && Number(trials) < most;
  }, at);
  // However slow the machine is, this is not worth keeping.
  const quick = await lab.open("#v=1&trials=100&pace=off&engine=cpu");
  await reaches(quick, "done");
  await quick.waitForTimeout(500);
  expect(await keptNames(quick)).toEqual([]);
});

test("a session whose sums are of other sources than its network's arrows choose is refused in a sentence", async () => {
  const first = await lab.open("#v=1&trials=400&seed=top&sources=top:2&pace=off");
  await reaches(first, "done");
  const { name, session } = await save(first);
  const sources = session.sums.sources.slice();
  sources[0] = [0, 1, 2].find((one) => !sources.includes(one) && one < sources[1]) ?? sources[0];
  expect(sources).not.toEqual(session.sums.sources);
  const bytes = Buffer.concat([...encodeSession(session.head, { ...session.sums, sources })]);
  const page = await lab.open("#v=1&trials=500&pace=off");
  await reaches(page, "done");
  await choose(page, name, bytes);
  await expect.poll(() => page.locator("#open-go").isEnabled()).toBe(true);
  await page.locator("#open-go").click();
  await reaches(page, "failed");
  expect(await text(page, "notice")).toBe(
    "The run stopped: the session holds sums of other sources than top:2 chooses in its network; allowed: a session as it was saved; R begins anew",
  );
  await page.keyboard.press("r");
  await reaches(page, "done");
  expect(await text(page, "begun")).toBe("");
});
