import { expect, test } from "vitest";
import { tailProbability, tailQuantile } from "../../src/model/studentT";

// SciPy 1.17: 2 * stats.t.sf(ratio, freedom)
test.each([
  [0.5, 1, 0.7048327646991335],
  [3, 1, 0.20483276469913345],
  [1e6, 1, 6.366197723673691e-7],
  [1, 2, 0.4226497308103742],
  [6, 2, 0.02667147321542477],
  [1.7, 5, 0.149876786848324],
  [1.8, 5, 0.13175758327089226],
  [20, 5, 5.775516373224174e-6],
  [0.001, 98, 0.99920414836377],
  [1.9, 98, 0.06037284747358033],
  [10, 98, 1.210253752662219e-16],
  [37, 98, 2.162341401031445e-59],
  [1.96, 2498, 0.050106811606147814],
  [11.5, 2498, 7.342434378474927e-30],
  [20, 2498, 1.1590801545407628e-82],
  [3, 24998, 0.0027024560818401855],
  [2, 1e6, 0.04550053385131924],
  [12, 1e6, 3.571685124765094e-33],
  [1.7, 4294967230, 0.0891309255894902],
  [3, 4294967230, 0.0026997960787382446],
  [11.5, 4294967230, 1.3191556524330978e-30],
  [37, 4294967230, 1.1452393548653212e-299],
])("P(|T| ≥ %d) with %d degrees of freedom", (ratio, freedom, p) => {
  expect(Math.abs(tailProbability(ratio, freedom) / p - 1)).toBeLessThan(1e-12);
});

test("where the formula is short: 1 and 2 degrees of freedom", () => {
  for (const ratio of [0, 0.01, 0.7, Math.sqrt(3) - 1e-9, Math.sqrt(3), 2, 40]) {
    expect(tailProbability(ratio, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(ratio), 13);
    expect(tailProbability(ratio, 2)).toBeCloseTo(1 - ratio / Math.sqrt(2 + ratio ** 2), 13);
  }
});

// SciPy 1.17: stats.t.isf((1 - level) / 2, freedom)
test.each([
  [0.5, 1, 1.0000000000000002],
  [0.5, 2, 0.8164965809277261],
  [0.5, 8, 0.7063866126448388],
  [0.5, 98, 0.677001438780685],
  [0.5, 2498, 0.6745879754750267],
  [0.5, 4294967230, 0.6744897502532031],
  [0.95, 1, 12.706204736174694],
  [0.95, 2, 4.302652729749462],
  [0.95, 8, 2.306004135204166],
  [0.95, 98, 1.9844674545084815],
  [0.95, 2498, 1.9609141052539691],
  [0.95, 4294967230, 1.9599639850923913],
  [0.9999, 1, 6366.197671316637],
  [0.9999, 2, 99.99249984375004],
  [0.9999, 8, 7.1200038827346495],
  [0.9999, 98, 4.0567819914336685],
  [0.9999, 2498, 3.896884088892635],
  [0.9999, 4294967230, 3.8905918900674754],
])("quantile at level %d with %d degrees of freedom", (level, freedom, quantile) => {
  expect(Math.abs(tailQuantile(1 - level, freedom) / quantile - 1)).toBeLessThan(1e-12);
});

test("the quantile inverts the probability, over 30 orders of magnitude", () => {
  for (const freedom of [1, 2, 3, 30, 2498, 1e8])
    for (let tail = 0.999; tail > 1e-30; tail /= 7)
      expect(Math.abs(tailProbability(tailQuantile(tail, freedom), freedom) / tail - 1)).toBeLessThan(1e-12);
});

test("what is no ratio, no probability or no freedom has none", () => {
  for (const [ratio, freedom] of [
    [Number.NaN, 9],
    [-1, 9],
    [1, 0],
    [1, Number.NaN],
  ])
    expect(tailProbability(ratio, freedom)).toBeNaN();
  for (const [tail, freedom] of [
    [0, 9],
    [1, 9],
    [Number.NaN, 9],
    [0.05, 0],
  ])
    expect(tailQuantile(tail, freedom)).toBeNaN();
  expect(tailProbability(0, 9)).toBe(1);
  expect(tailProbability(Number.POSITIVE_INFINITY, 9)).toBe(0);
});
