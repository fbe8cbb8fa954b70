import { byNumber, type Called, Names, shortName } from "../model/names";
import type { State, ViewOptions } from "../ui/state";
import { count, duration, memory } from "../ui/words";
import type { Focus } from "../view/focus";
import { NeedsPicture, type SizeTrials } from "../view/needsPicture";
import type { Prepared } from "./desk";
import { byId, write } from "./elements";
import type { Needs, PairNeed } from "./needs";
import type { Progress } from "./session";

/** Milliseconds between two drawings while trials run. */
const drawInterval = 200;

/** How many trials until arrows stand out: of this network, in a table, and of others of its kind, as a curve. */
export class PlanView {
  private readonly curve = new NeedsPicture(byId("plan-curve"), {
    hover() {},
    select() {},
    say: (words) => write("plan-said", words ?? ""),
  });
  private view: ViewOptions;
  private neurons = 0;
  private called: Called = byNumber;
  private needs: Needs | null = null;
  private selected: Focus = null;
  private pair: PairNeed | null = null;
  private trials = 0;
  private speed = Number.NaN;
  private drawn = 0;
  /** Trials and speed of the last drawing. */
  private shown = "";
  private life = 0;
  private asked = "";
  private askedPair = "";

  constructor(
    { view }: State,
    private readonly ask: {
      needs(z: number): Promise<Needs | null>;
      pair(z: number, source: number, target: number): Promise<PairNeed | null>;
    },
  ) {
    this.view = view;
  }

  setView({ view }: State): void {
    this.view = view;
    this.curve.setTheme(view.theme);
    void this.update();
  }

  /** A network that is ready to be asked about. */
  begin({ network, names }: Prepared): void {
    this.life++;
    this.neurons = network.neurons;
    this.called = names ? new Names(names).called : byNumber;
    this.needs = null;
    this.pair = null;
    this.asked = "";
    this.askedPair = "";
    void this.update();
  }

  /** The pair that stays lit, if one does. */
  select(selected: Focus): void {
    this.selected = selected;
    void this.update();
  }

  progress({ trials, speed, state }: Progress): void {
    this.trials = trials;
    this.speed = speed;
    const now = performance.now();
    const isNews = this.shown !== [trials, speed].join();
    if (this.view.charts !== "plan" || !isNews) return;
    if (state === "running" && now < this.drawn + drawInterval) return;
    this.drawn = now;
    this.draw();
  }

  private async update(): Promise<void> {
    const { view, life, selected } = this;
    if (view.charts !== "plan" || this.neurons === 0) return;
    const { z } = view;
    this.draw();
    const asks: Promise<void>[] = [];
    if (this.asked !== String(z)) {
      this.asked = String(z);
      asks.push(
        this.ask.needs(z).then((needs) => {
          if (life === this.life && this.view.z === z) this.needs = needs;
        }),
      );
    }
    const wanted = selected?.kind === "pair" ? [z, selected.source, selected.target].join() : "";
    if (this.askedPair !== wanted) {
      this.askedPair = wanted;
      this.pair = null;
      if (selected?.kind === "pair")
        asks.push(
          this.ask.pair(z, selected.source, selected.target).then((pair) => {
            if (life === this.life && this.askedPair === wanted) this.pair = pair;
          }),
        );
    }
    await Promise.all(asks);
    if (life === this.life && asks.length > 0) this.draw();
  }

  private draw(): void {
    const { needs, pair, selected, trials } = this;
    this.shown = [trials, this.speed].join();
    const isPair = selected?.kind === "pair";
    byId("need-pair").hidden = !isPair;
    if (isPair) this.row("need-pair", pair?.trials ?? null, this.pairName(selected));
    this.row("need-half", needs?.half ?? null);
    this.row("need-most", needs?.most ?? null);
    this.row("need-all", needs?.all ?? null);
    write("plan-reason", this.reason());
    byId("plan").dataset.z = String(needs?.z ?? "");
    if (!needs) return;
    const here = this.needsHere(needs);
    const curve = needs.curve.map(({ neurons, trials: needed, work, bytes }) => ({
      neurons,
      trials: needed,
      cost: [
        timeText(needed === null ? Number.NaN : work / needs.workPerTrial / this.speed),
        memoryText(bytes),
      ].filter(Boolean),
    }));
    this.curve.draw({ curve, here, done: trials });
  }

  private needsHere({ most, bytes }: Needs): SizeTrials {
    const time = timeText(most === null ? Number.NaN : most / this.speed);
    return { neurons: this.neurons, trials: most, cost: [time, memoryText(bytes)].filter(Boolean) };
  }

  /** A row of the table: the trials, and how long they take here, unless they are done. */
  private row(id: string, needed: number | null, name?: string): void {
    const row = byId<HTMLTableRowElement>(id);
    const [head, trials, time] = row.cells;
    const isDone = needed !== null && this.trials >= needed;
    const texts = [
      [head, name ?? head.textContent],
      [trials, needed === null ? "–" : count(needed)],
      [time, isDone ? "done" : needed === null ? "" : timeText(needed / this.speed)],
    ] as const;
    for (const [cell, text] of texts) if (cell.textContent !== text) cell.textContent = text;
    row.dataset.trials = String(needed ?? "");
    row.classList.toggle("done", isDone);
  }

  private reason(): string {
    const { needs, pair, selected } = this;
    if (!needs) return "";
    if (needs.arrows === 0) return "there are no arrows to stand out";
    if (selected?.kind !== "pair") return "select an arrow for a row of its own";
    return pair?.reason ? `${this.pairName(selected)} ${pair.reason}` : "";
  }

  private pairName({ source, target }: { source: number; target: number }): string {
    return [source, target].map((neuron) => shortName(this.called(neuron))).join(" → ");
  }
}

/** "12 s", "about 3 days"; "" where no speed is known. */
function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return "< 1 s";
  return duration(seconds);
}

const memoryText = (bytes: number | null): string => (bytes === null ? "too much memory" : memory(bytes));
