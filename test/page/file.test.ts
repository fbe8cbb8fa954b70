import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type axe from "axe-core";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createCpuEngine } from "../../src/engine/cpu/engine";
import { nodeThreads } from "../../src/engine/cpu/node";
import { readNetwork } from "../../src/io/readNetwork";
import { hashSums } from "../../src/io/sumsFile";
import { designOf } from "../../src/model/design";
import { parseExperiment } from "../../src/model/experiment";
import { shortName } from "../../src/model/names";
import { everyNeuron } from "../../src/model/sources";
import { keyFrom } from "../../src/model/threefry";
import { fileOf } from "../support/files";
import { labPages } from "../support/labPages";
import { manyEdges } from "../support/manyEdges";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const lab = labPages();

const reaches = (page: Page, state: string) =>
  page.waitForFunction((wanted) => document.documentElement.dataset.state === wanted, state, {
    timeout: 60_000,
  });
const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();
const hash = (page: Page) => page.evaluate(() => decodeURIComponent(location.hash));

interface Given {
  readonly name: string;
  readonly content: string | Buffer;
}

async function choose(page: Page, { name, content }: Given): Promise<void> {
  await page.locator("#open-file").setInputFiles({
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(content),
  });
  await page.waitForFunction(
    (wanted) => document.querySelector("#open-about")?.textContent?.startsWith(`${wanted}, `),
    name,
  );
  await page.waitForSelector("#open-asks:not([hidden])");
}

const isOpen = (page: Page) => page.locator("#open").isVisible();

// Names that numbers cannot hold, columns that their names do not explain, a column that is none of the five.
const [a, b, c] = ["720575940610000019", "720575940610000416", "720575940610000813"];
const table: Given = {
  name: "edges.csv",
  content: `note,axon,dendrite,strengths\nx,${a},${b},0.5\ny,${b},${c},-0.25\nz,${a},${b},0.25\n`,
};
const columns = { source: "2", target: "3", weight: "4" };
const hashOf = async ({ name, content }: Given) =>
  (await readNetwork(fileOf(name, content), { columns, header: true })).hash;

test("a table with columns chosen: its names are in the sentences, the ticks, the search and the link", async () => {
  const page = await lab.open("#v=1&trials=500&pace=off");
  await reaches(page, "done");
  await page.keyboard.press("o");
  expect(await isOpen(page)).toBe(true);
  await choose(page, table);
  expect(await text(page, "open-about")).toBe("edges.csv, 164 bytes: a table of 4 columns");
  expect(await page.locator("#open-table tr").nth(2).innerText()).toMatch(new RegExp(`^x\\s+${a}`));
  expect(await page.locator("#open-go").isDisabled()).toBe(true);
  await page.locator("#open-header").check();
  await page.locator("#open-source").selectOption({ label: "2: axon" });
  await page.locator("#open-target").selectOption({ label: "3: dendrite" });
  await page.locator("#open-weight").selectOption({ label: "4: strengths" });
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await reaches(page, "done");
  const expected = await hashOf(table);
  expect(await hash(page)).toBe(
    `#v=1&network=file&neurons=3&file=edges.csv&fileHash=${expected}&trials=500&pace=off`.replace(
      "fileHash",
      "file-hash",
    ),
  );
  expect(await text(page, "graph-caption")).toMatch(/^3 neurons/);
  const ticks = await page.locator("#truth ~ .ticks.rows > .tick").allInnerTexts();
  expect(ticks).toEqual(["72…00019", "72…00416", "72…00813"]);
  await page.locator("#search").fill(`${a}→${b}`);
  await page.keyboard.press("Enter");
  await expect
    .poll(() => text(page, "sentence"))
    .toMatch(new RegExp(`^neuron ${a} → neuron ${b}: effect 0\\.\\d+ ± 0\\.\\d+, exact 0\\.\\d+$`));
  await page.locator("#compare-button").click();
  await page.waitForFunction(() => document.documentElement.dataset.compare === "done");
  expect(await text(page, "compare-verdict")).toMatch(/^0 of 19 words differ/);
  await page.locator("#compare-button").click();
  await reaches(page, "done");
  // Another kind of network and back to the file, which is not read again.
  await page.locator("#set-network").selectOption("notebook");
  await reaches(page, "done");
  expect(await text(page, "graph-caption")).toMatch(/^6 neurons/);
  await page.locator("#set-network").selectOption("file");
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^3 neurons/);
  await reaches(page, "done");
  expect(await hash(page)).toContain(expected);
});

test("a ragged row is named, and the network on show stays", async () => {
  const page = await lab.open("#v=1&trials=500&pace=off");
  await reaches(page, "done");
  const before = [await hash(page), await text(page, "agreement"), await text(page, "status")];
  await page.keyboard.press("o");
  await choose(page, { name: "ragged.csv", content: "source,target,weight\n0,1,0.5\n1,2\n" });
  await page.locator("#open-go").click();
  await expect
    .poll(() => text(page, "open-problem"))
    .toBe(
      "ragged.csv, row 3, column 3: 2 fields; allowed: 3, as in the first row; the network on show stays.",
    );
  await page.keyboard.press("Escape");
  expect(await isOpen(page)).toBe(false);
  expect([await hash(page), await text(page, "agreement"), await text(page, "status")]).toEqual(before);
  await page.keyboard.press("r");
  await reaches(page, "running");
  await reaches(page, "done");
});

/** 2 × 2 numbers as NumPy writes them: np.save of np.array([[0, 0.5], [0, 0]]). */
function matrix(): Buffer {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117);
  const numbers = Buffer.alloc(32);
  numbers.writeDoubleLE(0.5, 8);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${header}\n`),
    numbers,
  ]);
}

test.each([
  ["rows-are-targets", "neuron 1 sends arrows to 0; receives none"],
  ["rows-are-sources", "neuron 1 sends no arrows; receives from 0"],
])("a matrix asks which way its arrows run: %s", async (direction, sentence) => {
  const page = await lab.open("#v=1&trials=100&pace=off");
  await reaches(page, "done");
  await page.keyboard.press("o");
  await choose(page, { name: "matrix.npy", content: matrix() });
  expect(await text(page, "open-about")).toMatch(/: a NumPy matrix of 2 × 2 numbers \(f8\)$/);
  expect(await page.locator("#open-go").isDisabled()).toBe(true);
  await page.locator("#open-direction").selectOption(direction);
  await page.locator("#open-go").click();
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^2 neurons/);
  await page.locator("#search").fill("1");
  await page.keyboard.press("Enter");
  await expect.poll(() => text(page, "sentence")).toBe(sentence);
});

test("a link asks for its file, refuses another, and then shows what it says", async () => {
  const expected = await hashOf(table);
  const link = `#v=1&network=file&neurons=3&file=edges.csv&file-hash=${expected}&trials=640&pace=off&select=0-1`;
  const page = await lab.open(link);
  expect(await text(page, "notice")).toBe(
    'the network is in the file "edges.csv", which only you can open: press O and choose it; the network on show stays.',
  );
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^6 neurons/);
  expect(await hash(page)).toBe(link);
  await page.keyboard.press("o");
  expect(await text(page, "open-wanted")).toBe(
    'The link is about a network in the file "edges.csv", which only you can open.',
  );
  await choose(page, table);
  await page.locator("#open-source").selectOption("2");
  await page.locator("#open-target").selectOption("3");
  await page.locator("#open-header").check();
  await page.locator("#open-go").click();
  await expect.poll(() => text(page, "open-problem")).toMatch(/another network .* than that of the link/);
  await page.locator("#open-weight").selectOption("4");
  expect(await text(page, "open-problem")).toBe("");
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await reaches(page, "done");
  expect(await hash(page)).toBe(link);
  expect(await text(page, "notice")).toBe("");
  expect(await text(page, "status")).toMatch(/640 trials/);
  await expect.poll(() => text(page, "sentence")).toMatch(new RegExp(`^neuron ${a} → neuron ${b}`));
});

test("sources by name, in the control and in a link: numbers from then on", async () => {
  const expected = await hashOf(table);
  const link = `#v=1&network=file&neurons=3&file=edges.csv&file-hash=${expected}&trials=640&pace=off`;
  const page = await lab.open(`${link}&sources=id:${c},id:${a}`);
  // Before the page is there, it hears no keys.
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^6 neurons/);
  await page.keyboard.press("o");
  await choose(page, table);
  for (const [role, column] of [
    ["source", "2"],
    ["target", "3"],
    ["weight", "4"],
  ])
    await page.locator(`#open-${role}`).selectOption(column);
  await page.locator("#open-header").check();
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await reaches(page, "done");
  expect(await text(page, "effect-note")).toMatch(/^2 sources/);
  expect(await hash(page)).toContain("&sources=2,0");
  await page.locator("#set-sources").fill(`id:${b}`);
  await page.keyboard.press("Enter");
  await expect.poll(() => text(page, "effect-note")).toMatch(/^1 source/);
  expect(await page.locator("#set-sources").inputValue()).toBe("1");
  await page.locator("#set-sources").fill("0,id:nobody");
  await page.keyboard.press("Enter");
  expect(await text(page, "notice")).toBe(
    'sources names "id:nobody"; allowed: id: and what edges.csv calls a neuron; sources stays 1.',
  );
  // A link while the file is open.
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, `${link}&sources=id:${a},1`);
  await expect.poll(() => text(page, "effect-note")).toMatch(/^2 sources/);
  expect(await hash(page)).toContain("&sources=0,1");
  await page.evaluate(() => {
    location.hash = "#v=1&sources=id:a";
  });
  expect(await text(page, "notice")).toMatch(
    /^place 1 of sources is "id:a"; allowed: names, if the network is in a file; the network on show stays\.$/,
  );
});

async function save(page: Page, what: string): Promise<{ name: string; content: Buffer }> {
  await page.keyboard.press("e");
  const button = page.locator(`[data-save="${what}"]`);
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  await expect.poll(() => page.locator("#save").isVisible()).toBe(false);
  return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
}

test("what is saved: the network, which opens as the same one again, effects by name, the session", async () => {
  const page = await lab.open("#v=1&trials=500&pace=off");
  await reaches(page, "done");
  await page.keyboard.press("o");
  await choose(page, table);
  await page.locator("#open-header").check();
  for (const [role, column] of Object.entries(columns))
    await page.locator(`#open-${role}`).selectOption(column);
  await page.locator("#open-go").click();
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^3 neurons/);
  await reaches(page, "done");
  const expected = await hashOf(table);

  const effects = String((await save(page, "effects-csv")).content)
    .trim()
    .split("\n");
  expect(effects).toHaveLength(10);
  expect(effects[1]).toMatch(new RegExp(`^${a},${a},-?[\\d.e-]+,[\\d.e-]+,0,0,`));
  const npy = (await save(page, "effects-npy")).content;
  expect(npy.subarray(0, 6).toString("latin1")).toBe("\x93NUMPY");
  // Row 1, column 0: of the first neuron on the second; the CSV's fourth line.
  expect(npy.readDoubleLE(npy.length - 8 * 6)).toBe(Number(effects[4].split(",")[2]));

  const session = JSON.parse(String((await save(page, "session")).content));
  expect(session).toMatchObject({
    experiment: { network: "file", file: "edges.csv", fileHash: expected, trials: 500 },
    trials: { from: 0, to: 500 },
    file: { options: { columns } },
    sources: 3,
    targets: 3,
  });
  const { network } = await readNetwork(fileOf(table.name, table.content), { columns, header: true });
  const key = keyFrom("lecture");
  const design = designOf(parseExperiment(session.experiment), key);
  const task = { network, key, design, trials: 500, sources: everyNeuron(3) };
  const run = await createCpuEngine(nodeThreads()).open(task);
  await run.advance(0, 500);
  expect(session.sumsHash).toBe(hashSums(await run.sums()));

  for (const what of ["network-csv", "network-graphml"]) {
    const saved = await save(page, what);
    await page.locator("#set-network").selectOption("notebook");
    await expect.poll(() => text(page, "graph-caption")).toMatch(/^6 neurons/);
    await page.keyboard.press("o");
    await choose(page, saved);
    await page.locator("#open-go").click();
    await expect.poll(() => text(page, "graph-caption")).toMatch(/^3 neurons/);
    await reaches(page, "done");
    expect(await hash(page), what).toContain(`file=${saved.name}&file-hash=${expected}`);
  }
});

test("reading is ended by Escape, and what is too large is not saved", async () => {
  const page = await lab.open("#v=1&network=in-degree&neurons=10000&sources=0&trials=64&pace=off");
  await reaches(page, "done");
  await page.keyboard.press("o");
  const many = [...manyEdges({ neurons: 20_000, arrows: 600_000 })].join("");
  await choose(page, { name: "many.csv", content: many });
  expect(await page.locator("#open-negative").isChecked()).toBe(true);
  await page.locator("#open-go").click();
  await page.keyboard.press("Escape");
  expect(await text(page, "open-problem")).toBe("Cancelled; the network on show stays.");
  expect(await isOpen(page)).toBe(true);
  await page.keyboard.press("Escape");
  expect(await isOpen(page)).toBe(false);
  expect(await text(page, "graph-caption")).toMatch(/^10,000 neurons/);
  await page.keyboard.press("e");
  expect(await page.locator('[data-save="network-npy"]').isDisabled()).toBe(true);
  expect(await page.locator('[data-note="network-npy"]').innerText()).toBe(
    "100,000,000 numbers; allowed: up to 67,108,864",
  );
});

test.each(["desk", "projector"])("axe finds no serious fault in the dialogs: %s", async (theme) => {
  const page = await lab.open(`#v=1&trials=100&pace=off&theme=${theme}`, {
    size: { width: 1024, height: 768 },
  });
  // Evaluated, not as a script of the page: its policy allows none.
  await page.evaluate(readFileSync(axePath, "utf8"));
  const faults = () =>
    page.evaluate(async () => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document);
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0].html}`);
    });
  await page.keyboard.press("o");
  await choose(page, table);
  expect(await faults()).toEqual([]);
  await page.keyboard.press("Escape");
  await reaches(page, "done");
  await page.keyboard.press("e");
  expect(await faults()).toEqual([]);
  await page.keyboard.press("Escape");
  await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }));
  await page.keyboard.press("w");
  expect(await faults()).toEqual([]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.documentElement.dataset.tiles === "done");
  expect(await faults()).toEqual([]);
});

/** Where the numbers of neurons stand, in pixels from the middle of the graph, by what the neurons are called. */
const placesOnShow = async (page: Page) =>
  Object.fromEntries(
    await page.locator("#graph .label").evaluateAll((labels) =>
      labels.map((label) => {
        const { m41, m42 } = new DOMMatrix(getComputedStyle(label).transform);
        const { offsetWidth, offsetHeight } = label as HTMLElement;
        return [label.textContent ?? "", [m41 + offsetWidth / 2, m42 + offsetHeight / 2]];
      }),
    ),
  );

const choosePlaces = (page: Page, name: string, content: string) =>
  page.locator("#open-places").setInputFiles({
    ...{ name, mimeType: "application/octet-stream", buffer: Buffer.from(content) },
  });

test("a table of places beside a file, other places for the network on show, and a graph that has its own", async () => {
  const page = await lab.open("#v=1&trials=500&pace=off");
  const layouts = () =>
    page.locator("#set-layout option:not([hidden])").evaluateAll((all) => all.map((one) => one.textContent));
  await reaches(page, "done");
  expect(await layouts()).not.toContain("places");
  await page.keyboard.press("o");
  // Of a network that is made nobody gives places.
  await choosePlaces(page, "nodes.csv", "id,x,y\n0,1,2\n");
  expect(await page.locator("#open-go").isDisabled()).toBe(true);
  const edges = `source,target,weight\n${a},${b},1\n${b},${c},-1\n`;
  await choose(page, { name: "edges.csv", content: edges });
  await choosePlaces(page, "nodes.csv", `id,x,y\n${a},0,0\n${c},10,x\n`);
  await page.locator("#open-go").click();
  await expect
    .poll(() => text(page, "open-problem"))
    .toBe(
      'nodes.csv, row 3, column 3 (y): the place is "x"; allowed: a number up to ±1e+15; the network on show stays.',
    );
  await choosePlaces(page, "nodes.csv", `id,x,y\n${a},0,0\n${b},10,0\n${c},10,5\n`);
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await reaches(page, "done");
  const [first, second, third] = [a, b, c].map((name) => shortName(name, 6));
  await expect.poll(async () => Object.keys(await placesOnShow(page)).length).toBe(3);
  const at = await placesOnShow(page);
  expect(at[second][0] - at[first][0]).toBeGreaterThan(100);
  expect(Math.abs(at[second][1] - at[first][1])).toBeLessThan(1);
  expect((at[second][1] - at[third][1]) / (at[second][0] - at[first][0])).toBeCloseTo(0.5, 1);
  expect(await layouts()).toContain("places");

  // Others for the same network: no new run, and who has none stands aside.
  const trials = await text(page, "status");
  await page.keyboard.press("o");
  await choosePlaces(page, "more.csv", `${a}\t0\t0\n${b}\t0\t9\n`);
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await expect
    .poll(async () => {
      const { [first]: one, [second]: two } = await placesOnShow(page);
      return one[1] - two[1];
    })
    .toBeGreaterThan(100);
  expect(await text(page, "graph-caption")).toMatch(/ · 1 aside, without a place$/);
  expect(await text(page, "status")).toBe(trials);

  // Saved as a graph they are there again, in another page too.
  await page.keyboard.press("e");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.locator('[data-save="network-graphml"]').click(),
  ]);
  const graph = readFileSync(await download.path(), "utf8");
  expect(graph).toContain(`<node id="${b}"><data key="x">0</data><data key="y">9</data></node>`);
  expect(graph).toContain(`<node id="${c}"/>`);
  await page.selectOption("#set-layout", "ring");
  await expect.poll(() => text(page, "graph-caption")).not.toMatch(/without a place/);
  await page.selectOption("#set-layout", "places");
  await expect.poll(() => hash(page)).toMatch(/layout=places/);
  await expect.poll(() => text(page, "graph-caption")).toMatch(/without a place/);
  const link = await hash(page);
  const other = await lab.open(link);
  await expect.poll(() => text(other, "graph-caption")).toMatch(/^6 neurons/);
  await other.keyboard.press("o");
  await choose(other, { name: "graph.graphml", content: graph });
  await other.locator("#open-go").click();
  await expect.poll(() => isOpen(other)).toBe(false);
  await reaches(other, "done");
  await expect.poll(() => text(other, "graph-caption")).toMatch(/ · 1 aside, without a place/);
});

/** Remembers the page's workers. */
const watchWorkers = `
  window.workers = [];
  const Own = window.Worker;
  window.Worker = class extends Own {
    constructor(...given) {
      super(...given);
      window.workers.push(this);
    }
  };
`;

test("the worker that has read a file fails where its run is seen, not in a dialog that is closed", async () => {
  const page = await lab.open("#v=1&trials=200&pace=off&engine=cpu", { before: [watchWorkers] });
  await reaches(page, "done");
  await page.keyboard.press("o");
  await choose(page, { name: "edges.csv", content: "source,target\n0,1\n1,2\n" });
  await page.locator("#open-go").click();
  await expect.poll(() => isOpen(page)).toBe(false);
  await expect.poll(() => text(page, "graph-caption")).toMatch(/^3 neurons/);
  await reaches(page, "done");
  await page.evaluate(() => {
    const { workers } = globalThis as unknown as { workers: Worker[] };
    workers.at(-1)?.dispatchEvent(new ErrorEvent("error", { message: "out of paper" }));
  });
  await reaches(page, "failed");
  expect(await text(page, "notice")).toBe("The run stopped: out of paper");
});
