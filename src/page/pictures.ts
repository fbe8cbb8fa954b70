import type { Task } from "../engine/engine";
import { estimandInWords } from "../model/design";
import { byNumber, type Called, Names } from "../model/names";
import type { State } from "../ui/state";
import { count, fixed, neuronSentence, noSourceSentence, pairName, pairSentence } from "../ui/words";
import { noArrows } from "../view/arrowList";
import { niceEnd } from "../view/colours";
import { type Focus, type FocusEvents, mostWhole, sameFocus } from "../view/focus";
import { Graph } from "../view/graph";
import { Matrix } from "../view/matrix";
import { type Cells, columnOf, endsOf, type Pixels } from "../view/pixels";
import type { CellsOnShow, Effects, Judgement, Laid, PairEstimate, Picture, Prepared } from "./desk";
import { type EgoNetwork, type Outwards, outwards } from "./ego";
import { Egos } from "./egos";
import { byId, write } from "./elements";
import { captionOf } from "./graphWords";
import { theStudio } from "./hire";
import { Layouts } from "./layouts";
import { estimateOf, exactOf, foundNeighbours, trueNeighbours, truthArrows } from "./lookup";
import { MatrixWindow } from "./matrixWindow";
import type { PairDetails } from "./pairDetails";
import { pokesOf } from "./pokes";
import { studioMatrixPainter, studioPainter } from "./studioPainter";
import type { Wired } from "./wired";

/** What these pictures ask of the desk. */
export interface PicturesAsk {
  /** The estimate of any pair, while pictures of large networks hold but a part of them. */
  pair(source: number, target: number): Promise<PairEstimate | null>;
  ego(neuron: number, out: Outwards, most: number): Promise<EgoNetwork | null>;
  wired(): Promise<Wired>;
}

/** The pair that was asked for last, and what came of it. */
interface Asked {
  readonly source: number;
  readonly target: number;
  readonly trials: number;
  estimate: PairEstimate | null;
}

/** Standard errors that make an arrow fully opaque. */
const certain = 1000;

/** Neurons up to which their bits are drawn again here; of more, the GPU lights those of its own last trial. */
const mostPokes = 2_000;

const nothingYet = "Hover an arrow, a cell or a neuron to read it in words.";

/** All pictures of one experiment, kept in step: the graph, two matrices, one sentence. */
export class Pictures {
  private laid: Laid | null = null;
  /** What the neurons are called; null where that is their numbers. */
  names: Names | null = null;
  private prepared: Prepared | null = null;
  private effects: Effects | null = null;
  private judgement: Judgement | null = null;
  private task: Task | null = null;
  private hovered: Focus = null;
  private selected: Focus = null;
  private truthShown = true;
  private theme: State["view"]["theme"] | null = null;
  private graph: Graph | null = null;
  private readonly truth: Matrix;
  private readonly effect: Matrix;
  private readonly window: MatrixWindow;
  /** The part of the weights that is on show. */
  private weights: Pixels | null = null;
  private state: State;

  private asked: Asked | null = null;
  /** No estimates are meant to be there, and none are missed. */
  private truthAlone = false;

  private readonly layouts: Layouts;
  private readonly egos: Egos;

  /**
   * `follow` hears what is looked at, for pictures beyond these; `desk` knows what pictures of large networks do not
   * hold, and `cells` any part of the matrices. `rested` hears, in words for a link, at what part of them a person
   * has come to rest.
   */
  constructor(
    state: State,
    events: FocusEvents,
    private readonly follow: (focus: Focus) => void,
    private readonly desk: PicturesAsk,
    private readonly details: PairDetails,
    ask: (cells: Cells) => Promise<CellsOnShow>,
    rested: (cells: string) => void,
  ) {
    this.state = state;
    this.layouts = new Layouts({
      wired: () => desk.wired(),
      arrange: (arranging, walkTime) => this.graph?.setArranging(arranging, walkTime),
      noted: () => this.describeGraph(),
    });
    this.egos = new Egos(
      async (neuron) =>
        this.prepared && desk.ego(neuron, outwards(this.prepared.outgoing, neuron), this.mostArrows),
      (ego) => {
        this.graph?.setEgo(ego);
        this.describeGraph();
      },
    );
    const window = new MatrixWindow({
      ask,
      rested,
      found: (part) => this.showCells(part),
      magnified: (part) => this.magnify(part),
    });
    this.window = window;
    const within: FocusEvents = {
      hover: (focus) => {
        events.hover(focus);
        window.aim(focus, this.truth.isFine);
      },
      select: (focus) => events.select(focus),
    };
    const make = (name: string, unit: string) =>
      new Matrix(byId(name), byId(`${name}-bar`), unit, within, "scale", (part) => window.look(part));
    this.truth = make("truth", "drive per perturbation");
    this.effect = make("effect", "outcome per perturbation");
    void this.openGraph(events);
    this.setView(state);
  }

  private async openGraph(events: FocusEvents): Promise<void> {
    try {
      const studio = await theStudio();
      this.effect.attach(studioMatrixPainter(studio));
      const graph = await Graph.create(byId("graph"), events, studioPainter(studio));
      this.graph = graph;
      graph.setNames(this.called);
      graph.setTheme(this.state.view.theme);
      this.showNetwork();
      this.showPicture();
      this.showFocus();
    } catch (error) {
      const note = document.createElement("p");
      note.className = "note";
      note.textContent = `The graph cannot be drawn here, everything else works: ${error instanceof Error ? error.message : error}`;
      byId("graph").replaceChildren(note);
    }
  }

  private get called(): Called {
    return this.names?.called ?? byNumber;
  }

  /** Whose effects are estimated; null before there is a network. */
  get sources(): Uint32Array | null {
    return this.laid?.sources ?? null;
  }

  /** Arrows the graph can take. */
  get mostArrows(): number {
    return this.graph?.capacity ?? 2_000;
  }

  setView(state: State): void {
    this.state = state;
    const { theme, truth, layout } = state.view;
    this.layouts.setLayout(layout);
    const root = document.documentElement.dataset;
    // What has not changed is not drawn again: a selection must be there at once.
    if (theme !== this.theme) {
      this.theme = theme;
      root.theme = theme;
      for (const part of [this.graph, this.truth, this.effect]) part?.setTheme(theme);
    }
    if (root.truth !== truth) {
      root.truth = truth;
      this.truthShown = truth === "shown";
      this.graph?.setTruth(this.truthShown);
      this.showTruth();
    }
    this.window.take(state.view.cells, state.view.pooling);
    this.select(parseSelection(state.view.select));
  }

  /** What of the matrices a picture is to be made of. */
  get cells(): Cells {
    return this.window.cells;
  }

  private showCells({ weights, effects }: CellsOnShow): void {
    const { effects: before } = this;
    this.weights = weights;
    this.showTruth();
    if (before && effects && !this.truthAlone) {
      this.effects = { ...before, effects };
      this.effect.setPixels(effects, before.freedom);
    } else this.effect.setPixels(withoutValues(weights));
    this.showSentence();
  }

  private magnify(part: CellsOnShow | null): void {
    const { effects, truthShown } = this;
    this.truth.magnify(part && truthShown ? part.weights : null);
    this.effect.magnify(part && effects ? part.effects : null, effects?.freedom);
  }

  /** Another network, of which nothing more is known yet. */
  lay(laid: Laid, state: State): void {
    this.laid = laid;
    this.weights = laid.weights;
    this.names = laid.names && new Names(laid.names);
    for (const matrix of [this.truth, this.effect]) matrix.setNames(this.called);
    this.graph?.setNames(this.called);
    this.prepared = null;
    this.asked = null;
    this.effects = null;
    this.judgement = null;
    this.task = null;
    this.truthAlone = false;
    this.state = state;
    this.hovered = null;
    this.details.begin();
    this.egos.forget();
    this.layouts.begin(state.experiment, state.view.layout);
    this.truth.setScale(niceEnd(largest(laid.weights.value)));
    this.showTruth();
    write("estimand", estimandInWords(state.experiment));
    this.effect.setPixels(withoutValues(laid.weights));
    const { cells, pooling } = state.view;
    this.window.lay({ targets: laid.network.neurons, sources: laid.sources }, cells, pooling);
    this.showNetwork();
    this.showPicture();
    this.showFocus();
  }

  /** The exact effects of the network that was laid. */
  begin(prepared: Prepared, task: Task): void {
    this.prepared = prepared;
    this.task = task;
    this.effect.setScale(this.effectScale);
    this.egos.refresh();
    this.showNetwork();
    this.showPicture();
    this.showFocus();
  }

  show(picture: Picture): void {
    this.showEffects(picture);
    this.showJudgement(picture);
  }

  /** The matrix and its words, before the rest of a picture is there. */
  showEffects(effects: Effects): void {
    this.effects = effects;
    this.truthAlone = false;
    this.effect.setPixels(effects.effects, effects.freedom);
    if (this.laid) this.describe(this.laid);
    this.showSentence();
  }

  /** The rest of it: arrows, and what they come to. */
  showJudgement(judgement: Judgement): void {
    this.judgement = judgement;
    this.egos.refresh();
    this.showPicture();
    this.showSentence();
  }

  /** Lights the neurons that this trial sets to 1; none without a trial. */
  showPokes(trial: number | null): void {
    const { task } = this;
    const isKnown = task !== null && trial !== null && trial >= 0;
    const isLarge = (task?.network.neurons ?? 0) > mostPokes;
    this.graph?.setShimmer(isKnown && isLarge);
    this.setPoked(isKnown && !isLarge ? pokesOf(trial, task) : null);
  }

  /** Lights neurons; null lights none. */
  setPoked(neurons: Uint8Array | null): void {
    this.graph?.setPoked(neurons);
  }

  /** The true arrows in full colour instead of estimates, for a lesson that has none yet. */
  showTruthAlone(): void {
    const { prepared, graph } = this;
    this.effects = null;
    this.judgement = null;
    this.truthAlone = true;
    this.showSentence();
    if (!prepared) return;
    this.effect.setPixels(withoutValues(this.weights ?? prepared.weights));
    this.showPicture();
    if (!graph) return;
    const arrows = truthArrows(prepared.network, prepared.exact, graph.capacity);
    graph.setEstimates({ ...arrows, certainty: arrows.certainty.map(() => certain) });
  }

  /** The network on show has other places now. */
  replace(): void {
    this.layouts.replace();
  }

  hover(focus: Focus): void {
    if (sameFocus(focus, this.hovered)) return;
    this.hovered = focus;
    this.showFocus();
  }

  /** The graph's canvas with its picture, which nobody here can read, for files of a figure that holds it. */
  async drawn(figure: Element): Promise<ReadonlyMap<Element, Blob>> {
    const graph = this.graph && figure.contains(byId("graph")) ? await this.graph.picture() : null;
    const matrix = figure.contains(byId("effect")) ? await this.effect.livePicture() : null;
    return new Map([graph, matrix].filter((picture) => picture !== null));
  }

  fit(): void {
    this.graph?.fit();
  }

  private select(focus: Focus): void {
    this.selected = focus;
    this.showFocus();
  }

  /** Full colour and width: the largest effect there truly is, so that the scale is the same from the start. */
  private get effectScale(): number {
    return niceEnd(this.prepared?.largest || 0.2);
  }

  private showTruth(): void {
    const { weights } = this;
    if (weights) this.truth.setPixels(this.truthShown ? weights : withoutValues(weights));
    if (this.laid) this.describe(this.laid);
  }

  private showNetwork(): void {
    const { laid, prepared, graph } = this;
    if (!laid || !graph) return;
    const { neurons, source } = laid.network;
    const { hidden } = laid.design;
    // What few arrows there are is known in a moment; without their effects they would be drawn twice.
    if (!prepared && source.length <= graph.capacity) return;
    const truth = prepared ? truthArrows(laid.network, prepared.exact, graph.capacity) : noArrows;
    const drawn = { neurons, truth, arrows: source.length, scale: this.effectScale, hidden };
    graph.setNetwork(drawn, this.layouts.arranging);
    graph.setEgo(this.egos.latest);
    graph.setTruth(this.truthShown);
  }

  private showPicture(): void {
    const { laid, judgement } = this;
    this.graph?.setEstimates(judgement?.arrows ?? noArrows);
    if (laid) this.describe(laid);
  }

  /** Numbers and sentences that go with the pictures, for eyes and for screen readers. */
  private describe({ network, outgoing, sources, ...laid }: Laid): void {
    const { effects } = this;
    const { neurons } = network;
    this.describeGraph();
    const { down, across, pooling, window } = this.weights ?? laid.weights;
    byId("matrices").dataset.pooled = String(down * across);
    const notes = [
      sources.length < neurons
        ? `${count(sources.length)} sources (column) → to (row)`
        : "from (column) → to (row)",
      // Beside the number of sources there is no room for a whole sentence.
      down * across > 1
        ? `${sources.length < neurons ? "" : "a pixel is the "}${pooling} of ${count(down)}\u00a0×\u00a0${count(across)}`
        : "",
      window.rowTo - window.rowFrom < neurons || window.columnTo - window.columnFrom < sources.length
        ? "enlarged"
        : "",
    ];
    for (const id of ["truth-note", "effect-note"]) write(id, notes.filter(Boolean).join(" · "));
    if (!this.truthShown) write("truth-note", "hidden; T shows it");

    const trials = effects?.trials ?? 0;
    const shownArrows = sources.reduce(
      (sum, one) => sum + outgoing.targetStart[one + 1] - outgoing.targetStart[one],
      0,
    );
    const size =
      sources.length < neurons
        ? `${count(neurons)} targets by ${count(sources.length)} sources`
        : `${neurons} by ${neurons}`;
    byId("truth").ariaLabel = this.truthShown
      ? `True connectivity, ${size}, column = from, row = to: ${count(shownArrows)} arrows`
      : "True connectivity, hidden";
    const strongest = effects ? strongestPair(effects, this.called) : "none yet";
    byId("effect").ariaLabel =
      `Effects after ${count(trials)} trials, ${size}, column = from, row = to; largest: ${strongest}`;
    write(
      "graph-text",
      `${count(neurons)} neurons; the strongest arrow so far: ${strongest}. Arrow keys go from neuron to neuron.`,
    );
  }

  /** What the graph shows, and of how many; what its colours mean. */
  private describeGraph(): void {
    const { laid, prepared, judgement, graph } = this;
    if (!laid) return;
    const { neurons, source } = laid.network;
    const ego = this.ego;
    const truth = ego
      ? { shown: ego.truth.source.length, all: ego.truths }
      : { shown: Math.min(source.length, graph?.capacity ?? 0), all: source.length };
    const estimates = ego
      ? { shown: ego.estimates.source.length, all: ego.found }
      : { shown: judgement?.arrows.source.length ?? 0, all: judgement?.candidates ?? 0 };
    write(
      "graph-caption",
      captionOf({
        ...{ neurons, estimates },
        layout: this.layouts.note,
        truth: this.truthShown && prepared ? truth : null,
        ego: ego?.neuron ?? null,
      }),
    );
    const key = [
      "colour, width: effect",
      "opacity: certainty",
      this.truthShown ? "outline: true arrow" : "",
      ego?.effects ? `colour of a neuron: effect of neuron ${ego.neuron} on it` : "",
    ];
    write("graph-key", key.filter(Boolean).join(" · "));
  }

  /** The neuron of a large network that is looked at, with its arrows. */
  private get ego(): EgoNetwork | null {
    const focus = this.hovered ?? this.selected;
    const { latest } = this.egos;
    return focus?.kind === "neuron" && focus.neuron === latest?.neuron ? latest : null;
  }

  private showFocus(): void {
    const focus = this.hovered ?? this.selected;
    const isLarge = (this.laid?.network.neurons ?? 0) > mostWhole;
    this.egos.look(focus?.kind === "neuron" && isLarge ? focus.neuron : null);
    this.graph?.setFocus(focus);
    this.truth.setFocus(focus);
    this.effect.setFocus(focus);
    this.follow(focus);
    this.describeGraph();
    this.showSentence();
    const spoken = [byId("sentence").textContent, byId("pair-details").dataset.text].filter(Boolean);
    write("spoken", focus ? spoken.join(". ") : "");
  }

  private showSentence(): void {
    const focus = this.hovered ?? this.selected;
    byId("sentence").classList.toggle("hint", focus === null);
    const sentence = focus && this.laid ? this.sentence(focus, this.laid) : nothingYet;
    write("sentence", sentence);
    write("lesson-sentence", focus ? sentence : "");
    const isPair = focus?.kind === "pair" && !this.truthAlone && this.effects !== null;
    if (isPair) this.showDetails(focus.source, focus.target);
    else this.details.clear();
  }

  private showDetails(source: number, target: number): void {
    const found = this.find(source, target);
    const freedom = this.effects?.freedom[this.column(source)] ?? 0;
    this.details.show({ source, target }, found, freedom, this.state.view, this.truthShown);
  }

  /** Which column a neuron is, or −1 where it is none of the sources. */
  private column(source: number): number {
    return columnOf(this.laid?.sources ?? noSources, source);
  }

  private find(source: number, target: number): (PairEstimate & { pooled: number }) | null {
    if (this.column(source) < 0) return null;
    return estimateOf(this.effects?.effects ?? null, source, target) ?? this.ask(source, target);
  }

  private sentence(focus: NonNullable<Focus>, { network, outgoing, design, sources }: Laid): string {
    const { effects, judgement, truthShown } = this;
    const { hidden } = design;
    const exact = this.prepared?.exact ?? null;
    const unseen = (focus.kind === "neuron" ? [focus.neuron] : [focus.source, focus.target]).find(
      (neuron) => hidden?.[neuron],
    );
    if (unseen !== undefined)
      return `neuron ${this.called(unseen)} is hidden: it takes part, but is neither set nor observed`;
    if (focus.kind === "neuron") {
      const { to, from } = truthShown
        ? trueNeighbours(network, outgoing, focus.neuron)
        : foundNeighbours(judgement?.arrows ?? noArrows, focus.neuron);
      const outside = this.column(focus.neuron) < 0 ? `; ${noSourceSentence(null, sources.length)}` : "";
      return `${neuronSentence(focus.neuron, to, from, truthShown, this.called)}${outside}`;
    }
    const { source, target } = focus;
    if (this.truthAlone) {
      const alone = exact ? exactOf(network, exact, source, target) : 0;
      return `${pairName(source, target, this.called)}: ${alone === 0 ? "no arrow" : `exact effect ${fixed(alone, 3)}`}`;
    }
    const found = this.find(source, target);
    return pairSentence({
      source,
      target,
      effect: found?.effect ?? null,
      standardError: found?.standardError ?? Number.NaN,
      exact: truthShown && exact ? exactOf(network, exact, source, target) : null,
      pooled: found?.pooled ?? 1,
      pending: effects !== null && found === null,
      noSource: this.column(source) < 0 ? noSourceSentence(source, sources.length, this.called) : "",
      called: this.called,
    });
  }

  /** An estimate that no picture holds; until it comes, the one before of the same pair, or none. */
  private ask(source: number, target: number): (PairEstimate & { pooled: number }) | null {
    const { effects } = this;
    if (!effects) return null;
    const { trials } = effects;
    const known = this.asked?.source === source && this.asked.target === target ? this.asked : null;
    if (known?.trials !== trials) {
      const asked: Asked = { source, target, trials, estimate: known?.estimate ?? null };
      this.asked = asked;
      void this.desk.pair(source, target).then((estimate) => {
        if (this.asked !== asked) return;
        asked.estimate = estimate;
        this.showSentence();
      });
    }
    const estimate = this.asked?.estimate ?? null;
    return estimate && { ...estimate, pooled: 1 };
  }
}

const withoutValues = (pixels: Pixels): Pixels => ({
  ...pixels,
  value: new Float32Array(pixels.value.length).fill(Number.NaN),
});

const noSources = new Uint32Array(0);

function strongestPair({ effects }: Effects, called: Called): string {
  let best = -1;
  for (let pixel = 0; pixel < effects.value.length; pixel++)
    if (Math.abs(effects.value[pixel]) > (best < 0 ? 0 : Math.abs(effects.value[best]))) best = pixel;
  if (best < 0) return "none yet";
  const { source, target } = endsOf(effects, effects.pair[best]);
  return `${pairName(source, target, called)}, ${fixed(effects.value[best], 2)}`;
}

function largest(values: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < values.length; index++) most = Math.max(most, Math.abs(values[index]));
  return most;
}

export function parseSelection(text: string): Focus {
  if (text === "") return null;
  const [source, target] = text.split("-").map(Number);
  return target === undefined ? { kind: "neuron", neuron: source } : { kind: "pair", source, target };
}

export const writeSelection = (focus: Focus): string =>
  focus === null ? "" : focus.kind === "neuron" ? String(focus.neuron) : `${focus.source}-${focus.target}`;
