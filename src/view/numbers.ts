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

/** "640k", "4M", "2.5G": three digits, for where "4,000,000" has no room. */
export function short(value: number): string {
  const unit = [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e4, "k"],
  ].find(([size]) => value >= (size as number));
  if (!unit) return count(value);
  const [size, name] = unit as [number, string];
  return `${Number((value / (size === 1e4 ? 1e3 : size)).toPrecision(3))}${name}`;
}
