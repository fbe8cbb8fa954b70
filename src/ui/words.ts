import { byNumber, type Called } from "../model/names";

/** Minus sign and thousands as in print. */
const printed = (text: string) => text.replace("-", "−");

/** How many decimals a number deserves whose standard error is this: one digit of the error. */
export function decimalsFor(error: number, most = 6): number {
  if (!(error > 0)) return most;
  const digit = Number(error.toExponential(0));
  return Math.min(most, Math.max(0, -Math.floor(Math.log10(digit))));
}

export const fixed = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals);
  return printed(Number(text) === 0 ? text.replace("-", "") : text);
};

/** "0.139 ± 0.004": the error in one digit, the value to the same place. */
export function withError(value: number, error: number): string {
  if (error === 0) return `${fixed(value, 3)} ± 0`;
  const decimals = decimalsFor(error);
  return `${fixed(value, decimals)} ± ${fixed(error, decimals)}`;
}

export const count = (value: number): string => Math.round(value).toLocaleString("en");

/** A rate or size in two digits: "870", "12,000", "31 million". */
export function roughly(value: number): string {
  if (!(value > 0)) return "0";
  const rounded = Number(value.toPrecision(2));
  if (rounded >= 1e12) return `${Number((rounded / 1e12).toPrecision(2)).toLocaleString("en")} trillion`;
  if (rounded >= 1e9) return `${Number((rounded / 1e9).toPrecision(2))} billion`;
  if (rounded >= 1e6) return `${Number((rounded / 1e6).toPrecision(2))} million`;
  return rounded >= 10 ? rounded.toLocaleString("en") : String(rounded);
}

/** "45 MiB", "2.8 GiB" */
export const memory = (bytes: number): string =>
  bytes < 2 ** 30 ? `${roughly(Math.max(1, bytes / 2 ** 20))} MiB` : `${roughly(bytes / 2 ** 30)} GiB`;

/** Of a file: "165 bytes", "3.1 KiB", "45 MiB". */
export const fileSize = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} ${bytes === 1 ? "byte" : "bytes"}`
    : bytes < 2 ** 20
      ? `${roughly(bytes / 1024)} KiB`
      : memory(bytes);

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 1) return "less than a second";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  const days = seconds / 86_400;
  return days < 1000 ? `${roughly(days)} days` : `${roughly(days / 365.25)} years`;
}

/** A list of neurons in words, long ones cut short. */
export function list(neurons: readonly number[], most = 8, called = byNumber): string {
  if (neurons.length === 0) return "none";
  if (neurons.length <= most) return neurons.map(called).join(", ");
  return `${neurons
    .slice(0, most - 1)
    .map(called)
    .join(", ")} and ${count(neurons.length - most + 1)} more`;
}

export interface PairWords {
  readonly source: number;
  readonly target: number;
  /** null or NaN: no estimate yet. */
  readonly effect: number | null;
  readonly standardError: number;
  readonly exact: number | null;
  /** The estimate is still on its way. */
  readonly pending?: boolean;
  /** Why there is none and will be none: see noSourceSentence; "" where that is not so. */
  readonly noSource?: string;
  readonly called?: Called;
  /** How many pairs a pixel stands for, if the pair was picked from several. */
  readonly pooled?: number;
}

/** "neuron 5 → neuron 1" */
export const pairName = (source: number, target: number, called = byNumber): string =>
  `neuron ${called(source)} → neuron ${called(target)}`;

/** "neuron 5 → neuron 1: effect 0.139 ± 0.004, exact 0.141" */
export function pairSentence({
  source,
  target,
  effect,
  standardError,
  exact,
  pending = false,
  noSource = "",
  pooled = 1,
  called = byNumber,
}: PairWords): string {
  const name = `${pairName(source, target, called)}${source === target ? " (itself)" : ""}`;
  const known = effect !== null && Number.isFinite(effect) && Number.isFinite(standardError);
  const estimate = known
    ? `effect ${withError(effect, standardError)}`
    : noSource !== ""
      ? noSource
      : pending
        ? "effect …"
        : "effect not known yet: it needs trials with the source on and off";
  // One place more than the estimate has shows how far off it is.
  const decimals = known ? Math.max(3, decimalsFor(standardError)) : 3;
  const truth = exact === null ? "" : `, exact ${exact === 0 ? "0" : fixed(exact, decimals)}`;
  const where = pooled > 1 ? ` (the largest of ${count(pooled)} pairs here)` : "";
  return `${name}: ${estimate}${truth}${where}`;
}

/** "neuron 17 is not among the 64 sources (A makes it one)"; null where the neuron has just been named. */
export const noSourceSentence = (neuron: number | null, sources: number, called = byNumber): string =>
  `${neuron === null ? "" : `neuron ${called(neuron)} is `}not among the ${count(sources)} ${sources === 1 ? "source" : "sources"} (A makes it one)`;

export interface PairDetailWords {
  readonly level: number;
  /** The interval's ends. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly pValue: number;
  /** Trials until the pair is expected to stand out by z standard errors; null if that is not to be said. */
  readonly z: number;
  readonly needed: number | null;
}

/** "95 % interval 0.131 to 0.147, p < 10^−99; stands out (z = 3) from 410 trials on"; "" where nothing is known. */
export function pairDetailsSentence(words: PairDetailWords): string {
  const { level, low, high, standardError, z, needed } = words;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "";
  const decimals = standardError > 0 ? Math.max(3, decimalsFor(standardError)) : 3;
  const interval = `${percent(level)} interval ${fixed(low, decimals)} to ${fixed(high, decimals)}`;
  const need = needed === null ? "" : `; stands out (z = ${z}) from ${count(needed)} trials on`;
  return `${interval}, ${pText(words.pValue)}${need}`;
}

/** "p = 0.012", "p = 4 × 10^−5", "p < 10^−99": what follows ^ is a superscript, of which typefaces have but a few. */
export function pText(p: number): string {
  if (p < 1e-99) return "p < 10^−99";
  if (p >= 0.001) return `p = ${Number(p.toPrecision(2))}`;
  const [digit, power] = p.toExponential(0).split("e");
  return `p = ${digit} × 10^${printed(power)}`;
}

/** Three digits, and more where it comes near 100: "5 %", "94.4 %", "99.99 %"; what is not all is never 100. */
export function percent(share: number): string {
  const percents = Number((100 * share).toPrecision(share > 0.99 ? 4 : 3));
  return percents === 100 && share < 1 ? "> 99.99 %" : `${percents} %`;
}

/**
 * "neuron 5 sends arrows to 1; receives from 3, 4"
 *
 * known   false if the arrows are those that stand out so far, not the network's own.
 */
export function neuronSentence(
  neuron: number,
  to: readonly number[],
  from: readonly number[],
  known: boolean,
  called = byNumber,
): string {
  // Names may be long.
  const most = called === byNumber ? 8 : 4;
  const sends = to.length === 0 ? "sends no arrows" : `sends arrows to ${list(to, most, called)}`;
  const receives = from.length === 0 ? "receives none" : `receives from ${list(from, most, called)}`;
  return `neuron ${called(neuron)}${known ? " " : ", as far as can be told, "}${sends}; ${receives}`;
}
