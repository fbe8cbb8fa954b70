import { type Experiment, type ParameterName, parameterNames } from "../model/experiment";
import { nearest, parseForPage } from "./limits";
import { defaultState, defaultView, type State, type ViewOptions } from "./state";

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const viewChoices = {
  theme: ["desk", "projector"],
  truth: ["shown", "hidden"],
  pace: ["on", "off"],
  lesson: ["", "1", "2", "3", "4", "5", "6"],
  source: ["numpy", "fresh"],
  answer: ["hidden", "shown"],
  hide: ["", "controls"],
  embed: ["0", "1"],
} as const satisfies Partial<Record<keyof ViewOptions, readonly string[]>>;

/** The hash that reproduces a state: `#v=1` and what differs from the defaults. */
export function writeLink({ experiment, view }: State): string {
  const pairs = new URLSearchParams({ v: "1" });
  for (const name of parameterNames)
    if (experiment[name] !== defaultState.experiment[name]) pairs.set(kebab(name), String(experiment[name]));
  for (const name of Object.keys(defaultView) as (keyof ViewOptions)[])
    if (view[name] !== defaultView[name]) pairs.set(name, view[name]);
  return `#${pairs}`;
}

/**
 * The state a hash asks for. A bad value becomes the nearest allowed one, or stays as in `fallback`;
 * `problems` says so, one sentence each.
 */
export function readLink(hash: string, fallback: State): { state: State; problems: string[] } {
  const given = new Map(new URLSearchParams(hash.replace(/^#/, "")));
  const problems: string[] = [];
  const version = given.get("v");
  if (version !== undefined && version !== "1")
    problems.push(`v is ${JSON.stringify(version)}; allowed: 1; the link is read as that.`);
  given.delete("v");

  const experiment: Record<string, unknown> = { ...defaultState.experiment };
  for (const name of parameterNames) {
    const text = given.get(kebab(name));
    given.delete(kebab(name));
    if (text === undefined) continue;
    const read = readParameter(name, text, fallback.experiment);
    experiment[name] = read.value;
    if (read.problem) problems.push(read.problem);
  }
  const neurons = experiment.neurons as number;
  const view: Record<keyof ViewOptions, string> = { ...defaultView };
  for (const name of Object.keys(viewChoices) as (keyof typeof viewChoices)[]) {
    const text = given.get(name);
    given.delete(name);
    if (text === undefined) continue;
    const choices: readonly string[] = viewChoices[name];
    if (choices.includes(text)) view[name] = text;
    else
      problems.push(
        `${name} is ${JSON.stringify(text)}; allowed: ${choices.filter(Boolean).join(" or ")}; using ${view[name] || "none"}.`,
      );
  }
  const select = given.get("select") ?? "";
  given.delete("select");
  if (isSelection(select, neurons)) view.select = select;
  else
    problems.push(
      `select is ${JSON.stringify(select)}; allowed: a neuron or an arrow between neurons 0 to ${neurons - 1}, as 5 or 5-1; nothing is selected.`,
    );
  for (const name of given.keys())
    problems.push(`${JSON.stringify(name)} is nothing a link can set; allowed: ${allowedNames.join(", ")}.`);
  return {
    state: {
      experiment: Object.freeze(experiment) as unknown as Experiment,
      view: Object.freeze(view) as ViewOptions,
    },
    problems,
  };
}

const allowedNames = ["v", ...parameterNames.map(kebab), ...Object.keys(defaultView)];

function readParameter(name: ParameterName, text: string, fallback: Experiment) {
  try {
    return { value: parseForPage(name, text), problem: null };
  } catch (error) {
    const value = nearest(name, text) ?? fallback[name];
    const shown = typeof value === "number" ? value.toLocaleString("en") : value;
    return { value, problem: `${(error as Error).message}; using ${shown}.` };
  }
}

const isSelection = (text: string, neurons: number) =>
  text === "" ||
  (/^\d{1,6}(-\d{1,6})?$/.test(text) && text.split("-").every((part) => Number(part) < neurons));

/** Keeps the state and the address bar the same, both ways. `report` hears what a link got wrong. */
export function mirror(
  store: { readonly state: State; set(state: State): void; listen(listener: (state: State) => void): void },
  report: (problems: string[]) => void,
): void {
  const correct = () => {
    if (location.hash !== writeLink(store.state)) history.replaceState(null, "", writeLink(store.state));
  };
  store.listen((state) => {
    if (location.hash !== writeLink(state)) history.pushState(null, "", writeLink(state));
  });
  window.addEventListener("hashchange", () => {
    const { state, problems } = readLink(location.hash, store.state);
    // Only what the link says: going there must not add another step to the history.
    history.replaceState(null, "", writeLink(state));
    store.set(state);
    report(problems);
  });
  correct();
}
