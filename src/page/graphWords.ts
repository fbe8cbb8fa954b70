import { count } from "../ui/words";
import { standsOut } from "./digest";

/** What there is of one kind of arrows, and how many of these are drawn. */
export interface ShownOf {
  readonly shown: number;
  readonly all: number;
}

export interface GraphWords {
  readonly neurons: number;
  /** What the layout has to say; "" if nothing. */
  readonly layout: string;
  /** Null where the truth is hidden, or not known yet. */
  readonly truth: ShownOf | null;
  readonly estimates: ShownOf;
  /** The neuron whose arrows alone are shown; null where those of all are. */
  readonly ego: number | null;
}

/** Networks up to this size show every pair as an arrow. */
const allPairs = 32;

/**
 * What the graph shows, and of how many: "5,000 neurons · showing a sample of 2,000 of 50,000 true arrows, 31 stand out",
 * "5,000 neurons · arrows of neuron 17: 22 true, 25 stand out", "… · showing 2,000 of 10,431 true arrows of neuron 17".
 */
export function captionOf({ neurons, layout, truth, estimates, ego }: GraphWords): string {
  const isCut = ({ shown, all }: ShownOf) => shown < all;
  const few = ({ shown, all }: ShownOf, what: string) =>
    `${shown < all ? `${count(shown)} of ${count(all)}` : count(all)} ${what}`;
  const of = ego === null ? "" : ` of neuron ${ego}`;
  const found = neurons > allPairs || isCut(estimates) ? few(estimates, "stand out") : "";
  const known =
    truth && isCut(truth)
      ? `showing ${ego === null ? "a sample of " : ""}${few(truth, `true arrows${of}`)}`
      : truth && ego !== null
        ? `arrows${of}: ${few(truth, "true")}`
        : "";
  const said = known
    ? [known, found].filter(Boolean).join(", ")
    : isCut(estimates)
      ? `showing ${few(estimates, `arrows${of}`)}`
      : found && `${few(estimates, `arrows${of}`)} stand out by ${standsOut} standard errors`;
  const all = `${count(neurons)} ${neurons === 1 ? "neuron" : "neurons"}`;
  return [all, said, layout].filter(Boolean).join(" · ");
}
