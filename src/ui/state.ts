import { type Experiment, parseExperiment } from "../model/experiment";
import { viewNumbers } from "./viewNumbers";

/** How it is looked at; never starts a run and never changes a number. */
export interface ViewOptions {
  readonly theme: "desk" | "projector";
  readonly truth: "shown" | "hidden";
  /** The first seconds of a small network: slow enough to watch, or as fast as the machine. */
  readonly pace: "on" | "off";
  /** The lab, or compare mode: GPU against CPU. Beside a lesson it is the lab. */
  readonly mode: "lab" | "compare";
  /** In compare mode, the kernels' self-check too. */
  readonly check: "0" | "1";
  /** The lesson on show, by its number; "" is the lab. */
  readonly lesson: "" | "1" | "2" | "3" | "4" | "5" | "6" | "7";
  /** Where a lesson's numbers come from: NumPy's own stream, or fresh trials of the lab. */
  readonly source: "numpy" | "fresh";
  /** A lesson's answer, once the room has made its guess. */
  readonly answer: "hidden" | "shown";
  readonly hide: "" | "controls";
  /** As part of another page: pictures alone. */
  readonly embed: "0" | "1";
  /**
   * Where the graph's neurons lie; auto is the places that a file gives, or a ring, or a disc where a ring's neurons would
   * touch.
   */
  readonly layout: "auto" | "ring" | "disc" | "sphere" | "blocks" | "force" | "places";
  /** What stands beside the matrices. */
  readonly charts: "convergence" | "recovery" | "plan" | "strongest";
  /** Probability that an interval holds the exact effect. */
  readonly level: number;
  /** Share of false discoveries that is put up with on average. */
  readonly rate: number;
  /** Standard errors at which an arrow stands out, for planning. */
  readonly z: number;
  /** The part of the matrices on show: "100-199,0-63" rows and columns, from and to the last one; "" all of them. */
  readonly cells: string;
  /** What a pixel shows that stands for many pairs: the largest effect, or the mean. */
  readonly pooling: "largest" | "mean";
  /** What stays lit: "5" a neuron, "5-1" the arrow from 5 to 1, "" nothing. */
  readonly select: string;
}

export interface State {
  readonly experiment: Experiment;
  readonly view: ViewOptions;
}

export const defaultView: ViewOptions = Object.freeze({
  theme: "desk",
  truth: "shown",
  pace: "on",
  mode: "lab",
  check: "0",
  lesson: "",
  source: "numpy",
  answer: "hidden",
  hide: "",
  embed: "0",
  layout: "auto",
  charts: "convergence",
  level: viewNumbers.level.default,
  rate: viewNumbers.rate.default,
  z: viewNumbers.z.default,
  cells: "",
  pooling: "largest",
  select: "",
});

export const defaultState: State = Object.freeze({ experiment: parseExperiment(), view: defaultView });

type Listener = (state: State, before: State) => void;

/** The one home of the state: replaced whole, never edited; listeners hear every change. */
export class Store {
  private readonly listeners: Listener[] = [];

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  set(state: State): void {
    const before = this.current;
    if (JSON.stringify(before) === JSON.stringify(state)) return;
    this.current = Object.freeze({ ...state });
    for (const listener of this.listeners) listener(this.current, before);
  }

  setView(view: Partial<ViewOptions>): void {
    this.set({ ...this.current, view: Object.freeze({ ...this.current.view, ...view }) });
  }

  setExperiment(experiment: Experiment): void {
    // What was selected need not exist in another network.
    const { experiment: before, view } = this.current;
    const select = experiment.neurons === before.neurons ? view.select : "";
    const sameSize = experiment.neurons === before.neurons && experiment.sources === before.sources;
    const cells = sameSize ? view.cells : "";
    this.set({ experiment, view: Object.freeze({ ...view, select, cells }) });
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }
}
