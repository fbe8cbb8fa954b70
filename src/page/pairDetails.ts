import { intervalHalfWidth, pValue } from "../model/inference";
import type { ViewOptions } from "../ui/state";
import { pairDetailsSentence } from "../ui/words";
import type { PairEstimate } from "./desk";
import { byId } from "./elements";
import type { PairNeed } from "./needs";

type Pair = { readonly source: number; readonly target: number };

/**
 * The small line below the sentence: of a pair its interval, its p-value and the trials it takes to stand out; else
 * what an effect is.
 */
export class PairDetails {
  private asked = "";
  private need: PairNeed | null = null;
  private again: () => void = () => {};

  constructor(
    private readonly ask: (z: number, source: number, target: number) => Promise<PairNeed | null>,
  ) {}

  /** Another network or design: what was known of a pair holds no more. */
  begin(): void {
    this.asked = "";
    this.need = null;
  }

  clear(): void {
    byId("estimand-line").classList.remove("covered");
    writeRaised("pair-details", "");
  }

  /**
   * freedom   degrees of freedom of the standard error
   * truth     whether the truth may be told: the trials needed follow from it
   */
  show(pair: Pair, estimate: PairEstimate | null, freedom: number, view: ViewOptions, truth: boolean): void {
    if (!estimate) {
      this.clear();
      return;
    }
    const { level, z } = view;
    const { effect, standardError } = estimate;
    const reach = intervalHalfWidth(level, freedom) * standardError;
    const need = truth ? this.needOf(pair, z) : null;
    this.again = () => this.show(pair, estimate, freedom, view, truth);
    const text = pairDetailsSentence({
      level,
      low: effect - reach,
      high: effect + reach,
      standardError,
      pValue: pValue(effect, standardError, freedom),
      z,
      needed: need?.trials ?? null,
    });
    byId("estimand-line").classList.toggle("covered", text !== "");
    writeRaised("pair-details", text);
  }

  private needOf({ source, target }: Pair, z: number): PairNeed | null {
    const key = [source, target, z].join();
    if (this.asked === key) return this.need;
    this.asked = key;
    this.need = null;
    void this.ask(z, source, target).then((need) => {
      if (this.asked !== key || byId("pair-details").dataset.text === "") return;
      this.need = need;
      this.again();
    });
    return null;
  }
}

/** A text in which what follows ^ stands raised; readers and tests find it plain in `data-text`. */
function writeRaised(id: string, text: string): void {
  const element = byId(id);
  if (element.dataset.text === text) return;
  element.dataset.text = text;
  element.replaceChildren(
    ...text.split(/(\^[−\d]+)/).map((part) => {
      if (!part.startsWith("^")) return part;
      const raised = document.createElement("sup");
      raised.textContent = part.slice(1);
      return raised;
    }),
  );
}
