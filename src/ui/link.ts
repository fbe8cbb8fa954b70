import { type Experiment, type ParameterName, parameterNames, parseParameter } from "../model/experiment";
import { InputError, shown } from "../model/inputError";
import { nearest } from "./limits";
import { defaultState, defaultView, type State, type ViewOptions } from "./state";
import { nearestViewNumber, parseViewNumber, type ViewNumber, viewNumberNames } from "./viewNumbers";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const viewChoices = {
  theme: ["desk", "projector"],
  truth: ["shown", "hidden"],
  pace: ["on", "off"],
  mode: ["lab", "compare"],
  check: ["0", "1"],
  lesson: ["", "1", "2", "3", "4", "5", "6", "7"],
  source: ["numpy", "fresh"],
  answer: ["hidden", "shown"],
  hide: ["", "controls"],
  embed: ["0", "1"],
  layout: ["auto", "ring", "disc", "sphere", "blocks", "force", "places"],
  charts: ["convergence", "recovery", "plan", "strongest"],
  pooling: ["largest", "mean"],
} as const satisfies Partial<Record<keyof ViewOptions, readonly string[]>>;

/** What a link need not say. A lesson has defaults of its own, so that `#v=1&lesson=3` is all of it. */
export type Defaults = (view: Pick<ViewOptions, "lesson" | "answer">) => State;

const always: Defaults = () => defaultState;

/**
 * The experiment as it is to be run, in the lab's own words.
 *
 * Errors   InputError where it, each of whose parameters is allowed, cannot be run.
 */
export type Check = (experiment: Experiment) => Experiment;

const anything: Check = (experiment) => experiment;

/** Always said where it is not the page's own: the rest of a link is read by it. */
const decisive = ["lesson", "answer"] as const;

/** The hash that reproduces a state: `#v=1` and what differs from the defaults. */
export function writeLink({ experiment, view }: State, defaultsFor: Defaults = always): string {
  const usual = defaultsFor(view);
  const pairs = new URLSearchParams({ v: "1" });
  for (const name of decisive) if (view[name] !== defaultView[name]) pairs.set(name, view[name]);
  for (const name of parameterNames)
    if (experiment[name] !== usual.experiment[name]) pairs.set(kebab(name), String(experiment[name]));
  const usualView = { ...usual.view, select: usualSelection(usual, experiment) };
  for (const name of Object.keys(defaultView) as (keyof ViewOptions)[])
    if (!isDecisive(name) && view[name] !== usualView[name]) pairs.set(name, String(view[name]));
  return `#${pairs}`;
}

const isDecisive = (name: keyof ViewOptions): boolean => (decisive as readonly string[]).includes(name);

/** A lesson's selection, in its own network; in another it may be no arrow, or no neuron. */
const usualSelection = (usual: State, experiment: Readonly<Record<string, unknown>> | Experiment): string =>
  (["network", "neurons", "networkSeed"] as const).every(
    (name) => usual.experiment[name] === experiment[name],
  )
    ? usual.view.select
    : "";

/**
 * The state a hash asks for. A bad value becomes the nearest allowed one, or stays as in `fallback`;
 * `problems` says so, one sentence each. `wanted` is what it asks for once a file is opened that only a person can open.
 */
export function readLink(
  hash: string,
  fallback: State,
  defaultsFor: Defaults = always,
  check: Check = anything,
): { state: State; problems: string[]; wanted?: State } {
  const problems: string[] = [];
  const given = pairsOf(hash, problems);
  if (!given) return { state: fallback, problems };
  const version = given.get("v");
  if (version !== undefined && version !== "1")
    problems.push(`v is ${shown(version)}; allowed: 1; the link is read as that.`);
  given.delete("v");

  const view: Record<keyof ViewOptions, string | number> = { ...defaultView };
  const choose = (name: keyof typeof viewChoices) => {
    const text = given.get(name);
    given.delete(name);
    if (text === undefined) return;
    const choices: readonly string[] = viewChoices[name];
    if (choices.includes(text)) view[name] = text;
    else
      problems.push(
        `${name} is ${shown(text)}; allowed: ${choices.filter(Boolean).join(" or ")}; using ${view[name] || "none"}.`,
      );
  };
  for (const name of decisive) choose(name);
  const { lesson, answer } = view as unknown as ViewOptions;
  const usual = defaultsFor({ lesson, answer });
  Object.assign(view, usual.view, { lesson, answer });

  const experiment: Record<string, unknown> = { ...usual.experiment };
  for (const name of parameterNames) {
    const text = given.get(kebab(name));
    given.delete(kebab(name));
    if (text === undefined) continue;
    const read = readParameter(name, text, fallback.experiment);
    experiment[name] = read.value;
    if (read.problem) problems.push(read.problem);
  }
  const asked = Object.freeze({ ...experiment }) as unknown as Experiment;
  let isWanted = false;
  try {
    Object.assign(experiment, check(asked));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    Object.assign(experiment, fallback.experiment);
    isWanted = asked.network === "file";
    problems.push(`${error.message}; the network on show stays.`);
  }
  for (const name of Object.keys(viewChoices) as (keyof typeof viewChoices)[])
    if (!isDecisive(name)) choose(name);
  if (view.lesson !== "" && view.mode === "compare") {
    view.mode = "lab";
    problems.push("mode is compare beside a lesson; a link can open one of them; using the lesson.");
  }
  for (const name of viewNumberNames) {
    const text = given.get(name);
    given.delete(name);
    if (text === undefined) continue;
    const read = readViewNumber(name, text);
    view[name] = read.value;
    if (read.problem) problems.push(read.problem);
  }
  const select = given.get("select") ?? usualSelection(usual, experiment);
  given.delete("select");
  view.select = "";
  const { neurons } = isWanted ? asked : (experiment as unknown as Experiment);
  if (isSelection(select, neurons)) view.select = select;
  else
    problems.push(
      `select is ${shown(select)}; allowed: a neuron or an arrow between neurons 0 to ${neurons - 1}, as 5 or 5-1; nothing is selected.`,
    );
  const cells = given.get("cells") ?? "";
  given.delete("cells");
  view.cells = "";
  if (isCells(cells, neurons)) view.cells = cells;
  else
    problems.push(
      `cells is ${shown(cells)}; allowed: rows and columns of the matrices, from and to, as 100-199,0-63; all of them are shown.`,
    );
  const [unknown] = given.keys();
  if (unknown !== undefined)
    problems.push(
      `${shown(unknown)} ${given.size > 1 ? `and ${(given.size - 1).toLocaleString("en")} more names are` : "is"} nothing a link can set; allowed: ${allowedNames.join(", ")}.`,
    );
  const asView = (of: typeof view) => Object.freeze(of) as unknown as ViewOptions;
  const state = {
    experiment: Object.freeze(experiment) as unknown as Experiment,
    // Neurons of the network that is wanted are no neurons of the one on show.
    view: asView(isWanted ? { ...view, select: "", cells: "" } : view),
  };
  return {
    ...{ state, problems },
    ...(isWanted && { wanted: { experiment: asked, view: asView(view) } }),
  };
}

/** Two thousand characters of sources, each of them as nine of the link, are within this. */
const longestLink = 32_768;

/** What a hash says, by name; of a name that is there twice, the last one. Null: it is not read. */
function pairsOf(hash: string, problems: string[]): Map<string, string> | null {
  const text = hash.replace(/^#/, "");
  if (text.length > longestLink) {
    problems.push(
      `The link has ${text.length.toLocaleString("en")} characters; allowed: up to ${longestLink.toLocaleString("en")}; nothing of it is read.`,
    );
    return null;
  }
  const pairs = [...new URLSearchParams(text)];
  const given = new Map(pairs);
  const again = pairs.find(([name, value]) => given.get(name) !== value)?.[0];
  if (again !== undefined)
    problems.push(`${shown(again)} is there more than once; allowed: each name once; the last one counts.`);
  return given;
}

const allowedNames = ["v", ...parameterNames.map(kebab), ...Object.keys(defaultView)];

function readParameter(name: ParameterName, text: string, fallback: Experiment) {
  try {
    return { value: parseParameter(name, text), problem: null };
  } catch (error) {
    const value = nearest(name, text) ?? fallback[name];
    const shown = typeof value === "number" ? value.toLocaleString("en") : value;
    return { value, problem: `${(error as Error).message}; using ${shown}.` };
  }
}

function readViewNumber(name: ViewNumber, text: string) {
  try {
    return { value: parseViewNumber(name, text), problem: null };
  } catch (error) {
    const value = nearestViewNumber(name, text);
    return { value, problem: `${(error as Error).message}; using ${value}.` };
  }
}

const isSelection = (text: string, neurons: number) =>
  text === "" ||
  (/^\d{1,7}(-\d{1,7})?$/.test(text) && text.split("-").every((part) => Number(part) < neurons));

/** Rows are neurons; columns are sources, of which there may be as many. */
const isCells = (text: string, neurons: number) => {
  if (text === "") return true;
  if (!/^\d{1,7}-\d{1,7},\d{1,7}-\d{1,7}$/.test(text)) return false;
  return text.split(",").every((span) => {
    const [from, to] = span.split("-").map(Number);
    return from <= to && to < neurons;
  });
};

/**
 * Keeps the state and the address bar the same, both ways. `report` hears what a link got wrong, and what it waits for.
 *
 * isWaiting   the first link waits for a file
 */
export function mirror(
  store: { readonly state: State; set(state: State): void; listen(listener: (state: State) => void): void },
  report: (problems: string[], wanted: State | null) => void,
  defaultsFor: Defaults = always,
  check: Check = anything,
  isWaiting = false,
): void {
  const write = (state: State) => writeLink(state, defaultsFor);
  const correct = () => {
    if (location.hash !== write(store.state)) history.replaceState(null, "", write(store.state));
  };
  store.listen((state) => {
    if (location.hash !== write(state)) history.pushState(null, "", write(state));
  });
  window.addEventListener("hashchange", () => {
    const { state, problems, wanted = null } = readLink(location.hash, store.state, defaultsFor, check);
    // Only what the link says: going there must not add another step to the history. A link that waits for its file
    // stays what it is, to be opened again.
    if (!wanted) history.replaceState(null, "", write(state));
    store.set(state);
    report(problems, wanted);
  });
  if (!isWaiting) correct();
}
