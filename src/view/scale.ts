/** Where a value lies in a picture, and back. */
export interface Scale {
  (value: number): number;
  invert(at: number): number;
  readonly low: number;
  readonly high: number;
}

/** low lies at `from`, high at `to`, pixels. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1;
  return Object.assign((value: number) => from + ((value - low) / span) * (to - from), {
    invert: (at: number) => low + ((at - from) / (to - from)) * span,
    low,
    high,
  });
}

/** The same on a logarithmic axis. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const scale = linear(Math.log(low), Math.log(high), from, to);
  return Object.assign((value: number) => scale(Math.log(value)), {
    invert: (at: number) => Math.exp(scale.invert(at)),
    low,
    high,
  });
}

/** Round numbers from low to high, at most so many, a step of 1, 2 or 5 × 10^k apart. */
export function ticks(low: number, high: number, most: number): number[] {
  const step = roundStep((high - low) / Math.max(1, most - 1));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => rounded((first + index) * step));
}

/** The smallest of 1, 2, 5 × 10^k that is not below the value. */
export function roundStep(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return rounded(([1, 2, 5].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power);
}

/** 0.30000000000000004 is 0.3. */
const rounded = (value: number) => Number(value.toPrecision(12));
