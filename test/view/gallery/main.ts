import "../../../src/ui/lab.css";
import { fill } from "../../../src/lessons/lesson";
import { lessons } from "../../../src/lessons/lessons";
import { mathElement } from "../../../src/page/equation";
import { Bars } from "../../../src/view/bars";
import type { Theme } from "../../../src/view/colours";
import { Dots } from "../../../src/view/dots";
import type { Focus } from "../../../src/view/focus";
import { exportPng, exportSvg, pictureName } from "../../../src/view/picture";
import { Plateau } from "../../../src/view/plateau";
import { Rasters } from "../../../src/view/raster";
import { Scaling } from "../../../src/view/scaling";
import { Scatter } from "../../../src/view/scatter";

// One picture at a time, as large as the window: ?picture=bars&theme=projector&truth=shown, with its lesson's
// words above it (&words=off for the picture alone). Tests draw their own data through `window.gallery`.

const asked = new URLSearchParams(location.search);
const theme = (asked.get("theme") ?? "desk") as Theme;
const truth = asked.get("truth") === "shown";
document.documentElement.dataset.theme = theme;

const byId = (id: string) => document.getElementById(id) as HTMLElement;
const host = byId("picture");
const heard: { focus: Focus; selected: Focus; said: string | null; step: number | null } = {
  focus: null,
  selected: null,
  said: null,
  step: null,
};
const events = {
  hover(focus: Focus) {
    heard.focus = focus;
    picture?.highlight(focus);
  },
  select(focus: Focus) {
    heard.selected = focus;
  },
  say(words: string | null) {
    heard.said = words;
    byId("said").textContent = words ?? "";
  },
  step(step: number | null) {
    heard.step = step;
  },
};

const kinds = {
  dots: Dots,
  rasters: Rasters,
  raster: Rasters,
  bars: Bars,
  scatter: Scatter,
  proportion: Scatter,
  scaling: Scaling,
  plateau: Plateau,
};
type Kind = keyof typeof kinds;
const kind = (asked.get("picture") ?? "dots") as Kind;
const picture = new kinds[kind](host, events);
picture.setTheme(theme);

const lesson = lessons.find((one) => one.picture === kind || one.beside.includes(kind)) ?? lessons[0];
if (asked.get("words") !== "off") {
  const numbers = Object.fromEntries(
    Object.entries(lesson.numbers).map(([name, { replay }]) => [name, replay]),
  );
  byId("title").textContent = `${lesson.number}  ${lesson.title}`;
  byId("words").innerHTML =
    `<p>${fill(lesson.text, numbers)}</p><div></div>` +
    `<p><i>${fill(truth ? lesson.reveal : lesson.question, numbers)}</i></p>`;
  byId("words").querySelector("div")?.append(mathElement(lesson.equation.mathml));
}

async function draw(): Promise<void> {
  if (asked.get("data") === "own") return;
  const sample = await import("./sample");
  const notebook = sample.notebook(Number(asked.get("neurons") ?? 6));
  const cursor = asked.get("cursor");
  if (picture instanceof Dots)
    picture.draw(sample.dotsOf(notebook, Number(asked.get("trials") ?? 5000), truth));
  else if (picture instanceof Bars) picture.draw(sample.barsOf(notebook, truth));
  else if (picture instanceof Scaling) picture.draw(sample.scalingOf(truth));
  else if (picture instanceof Plateau) picture.draw(sample.plateauOf(truth));
  else if (picture instanceof Rasters) {
    picture.draw(
      kind === "raster" ? sample.rasterOf(notebook) : sample.rastersOf(notebook, asked.has("covered")),
    );
    if (asked.has("span")) picture.showSteps(Number(asked.get("first") ?? 0), Number(asked.get("span")));
    if (cursor !== null) picture.setCursor(Number(cursor));
  } else if (picture instanceof Scatter)
    picture.draw(kind === "scatter" ? sample.scatterOf(notebook) : sample.proportionOf(notebook));
  const [source, target] = (asked.get("focus") ?? "").split("-").map(Number);
  if (asked.has("focus"))
    picture.highlight(
      target === undefined ? { kind: "neuron", neuron: source } : { kind: "pair", source, target },
    );
}

const gallery = { picture, heard, exportSvg, exportPng, pictureName, host };
export type Gallery = typeof gallery;
Object.assign(window, { gallery });
await draw();
// Typefaces load once a text is laid out in them.
host.getBoundingClientRect();
await document.fonts.ready;
document.documentElement.dataset.state = "drawn";
