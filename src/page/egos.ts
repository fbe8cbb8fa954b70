import type { EgoNetwork } from "./ego";

/** What joins the neuron that is looked at with others: asked for one at a time, and the latest wins. */
export class Egos {
  private wanted: number | null = null;
  private asking: symbol | null = null;
  private isStale = false;
  /** What was answered last, whoever is looked at now. */
  latest: EgoNetwork | null = null;

  constructor(
    private readonly ask: (neuron: number) => Promise<EgoNetwork | null>,
    private readonly answered: (ego: EgoNetwork | null) => void,
  ) {}

  /** Another neuron is looked at, or none. */
  look(neuron: number | null): void {
    if (neuron === this.wanted) return;
    this.wanted = neuron;
    this.refresh();
  }

  /** There is more to know: other estimates, or another network. */
  refresh(): void {
    this.isStale = true;
    if (!this.asking) void this.go();
  }

  /** What was known is of another network; whoever was asked about that may be gone, and never answer. */
  forget(): void {
    this.latest = null;
    this.asking = null;
    this.answered(null);
    this.refresh();
  }

  private async go(): Promise<void> {
    const mine = Symbol();
    this.asking = mine;
    while (this.isStale && this.wanted !== null) {
      this.isStale = false;
      const ego = await this.ask(this.wanted).catch(() => null);
      if (this.asking !== mine) return;
      if (ego?.neuron !== this.wanted) continue;
      this.latest = ego;
      this.answered(ego);
    }
    this.asking = null;
  }
}
