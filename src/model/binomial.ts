/**
 * E f(K) for K ~ Binomial(n, probability). Shares are taken relative to the likeliest count and followed outwards
 * until they no longer matter, so nothing over- or underflows and 100,000 trials cost a few thousand counts.
 */
export function binomialMean(n: number, f: (count: number) => number, probability = 0.5): number {
  const negligible = 1e-20;
  const odds = probability / (1 - probability);
  const likeliest = Math.min(n, Math.floor((n + 1) * probability));
  let shares = 1;
  let sum = f(likeliest);
  const visit = (count: number, share: number) => {
    shares += share;
    sum += share * f(count);
  };
  let share = 1;
  for (let count = likeliest; count < n && share > negligible; visit(++count, share))
    share *= ((n - count) / (count + 1)) * odds;
  share = 1;
  for (let count = likeliest; count > 0 && share > negligible; visit(--count, share))
    share *= count / (n - count + 1) / odds;
  return sum / shares;
}
