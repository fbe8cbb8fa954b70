// Numbers as in print: a real minus sign, thousands apart, no more digits than the error allows.

export const fixed = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
};

export const count = (value: number): string => Math.round(value).toLocaleString("en");

/** As many decimals as show one digit of the error. */
export function decimalsFor(error: number, most = 6): number {
  if (!(error > 0)) return 3;
  return Math.min(most, Math.max(0, -Math.floor(Math.log10(Number(error.toExponential(0))))));
}

/** "0.139 ± 0.004" */
export function withError(value: number, error: number): string {
  const decimals = decimalsFor(error);
  return `${fixed(value, decimals)} ± ${error > 0 ? fixed(error, decimals) : "0"}`;
}

/** A tick of an axis whose ticks are so far apart. */
export const tickText = (value: number, step: number): string =>
  fixed(value, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));

/** The step of a row of ticks. */
export const stepOf = (ticks: readonly number[]): number => (ticks.length > 1 ? ticks[1] - ticks[0] : 1);
