import type { Wiring } from "./network";

/**
 * What the arrows are multiplied by, and who hears how far the iteration is.
 *
 * Shapes   ofArrow: one per arrow of the wiring; ofSource: [neurons]. Without them every arrow is 1.
 * tell     is told the share of 1 that is done after each step, as the residual's logarithm has it.
 */
export interface Scaling {
  readonly ofArrow?: ArrayLike<number> | null;
  readonly ofSource?: Float64Array | null;
  readonly tell?: (share: number) => void;
}

/** Of weights alone, so that whoever knows where they are from can say what helps; memory that runs out is another. */
export class Unsettled extends RangeError {}

/**
 * Relative residual of AᵀA at which the iteration stops; half of it bounds the value's relative error, up to rounding,
 * and where no other value is that near, the error is its square. Where values crowd, as in a small world that is
 * nearly a ring, it takes thousands of steps, and rounding may keep the residual from the finer one.
 */
const tolerance = 1e-13;
const lateTolerance = 1e-9;
const lateStep = 512;
const maxSteps = 20_000;

/**
 * Largest singular value of a sparse matrix, to 1e-12 of itself; where 512 steps do not reach that, to 1e-9.
 *
 * Lanczos on AᵀA. Three vectors are kept and none is orthogonalised again: lost orthogonality repeats values
 * that were already found, it never moves the largest (Paige). Only + − × ÷ and √ are used, so every
 * JavaScript engine gives the same bits.
 *
 * The start vector is positive and irregular. Where no weight is negative, the wanted vector can be chosen
 * without negative entries (Perron–Frobenius), so the two are never orthogonal; with signed weights the
 * irregularity keeps them from it, though no theorem does.
 *
 * Units    those of the arrows.
 * Missing  0 for a matrix of zeros.
 * Errors   Unsettled if 20,000 steps do not reach the tolerance.
 * Source   Golub & Van Loan, Matrix Computations, ch. 10; Paige (1971).
 */
export function largestSingularValue(wiring: Wiring, scaling: Scaling = {}): number {
  const n = wiring.neurons;
  const inputs = scaling.ofArrow || scaling.ofSource ? null : regularDegree(wiring);
  if (inputs !== null) return inputs;
  let previous = new Float64Array(n);
  let current = startVector(n);
  const tridiagonal: Tridiagonal = { diagonal: [], beside: [] };
  let checkAt = 1;
  let done = 0;
  for (let step = 1; step <= maxSteps; step++) {
    const { image: next, squares: onDiagonal } = timesTwice(wiring, scaling, current);
    const before = step === 1 ? 0 : tridiagonal.beside[step - 2];
    for (let i = 0; i < n; i++) next[i] -= onDiagonal * current[i] + before * previous[i];
    const beside = Math.sqrt(dot(next, next));
    tridiagonal.diagonal.push(onDiagonal);
    tridiagonal.beside.push(beside);
    if (step === checkAt || beside <= tolerance * onDiagonal) {
      const largest = largestEigenvalue(tridiagonal);
      const residual = beside * lastOfEigenvector(tridiagonal, largest);
      const enough = step < lateStep ? tolerance : lateTolerance;
      if (residual <= enough * largest) return Math.sqrt(largest);
      done = Math.max(done, Math.log(residual / largest) / Math.log(enough));
      checkAt = step + Math.ceil(step / 8);
    }
    scaling.tell?.(done);
    for (let i = 0; i < n; i++) next[i] /= beside;
    previous = current;
    current = next;
  }
  throw new Unsettled(
    `the largest singular value of ${n} × ${n} weights did not settle in ${maxSteps} steps`,
  );
}

/**
 * Number of inputs of every neuron if they all have the same and as many outputs, else null. It is the largest singular
 * value then, the vector of ones its own: no value is above √(largest sum of a row × largest of a column). A ring,
 * whose values crowd below it, would take the iteration as many steps as it has neurons.
 */
function regularDegree({ neurons, rowStart, source }: Wiring): number | null {
  const inputs = source.length / neurons;
  for (let target = 0; target < neurons; target++)
    if (rowStart[target + 1] - rowStart[target] !== inputs) return null;
  const outputs = new Uint32Array(neurons);
  for (let k = 0; k < source.length; k++) outputs[source[k]]++;
  return outputs.every((count) => count === inputs) ? inputs : null;
}

/** Unit vector with entries in proportions between 1 and 2. */
function startVector(n: number): Float64Array<ArrayBuffer> {
  const start = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const word = Math.imul(i + 1, 0x9e3779b1);
    start[i] = 1 + (Math.imul(word ^ (word >>> 15), 0x85ebca6b) >>> 0) / 2 ** 32;
  }
  const length = Math.sqrt(dot(start, start));
  return start.map((value) => value / length);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/**
 * AᵀA times a vector, and the squared length of A times it. A row is gone through once in each direction while it is
 * at hand, and what a source gives and gets lies side by side: in a large network memory is what takes time.
 */
function timesTwice(
  { neurons, rowStart, source }: Wiring,
  { ofArrow, ofSource }: Scaling,
  vector: Float64Array,
) {
  const givesGets = new Float64Array(2 * neurons);
  for (let i = 0; i < neurons; i++) givesGets[2 * i] = ofSource ? vector[i] * ofSource[i] : vector[i];
  let squares = 0;
  for (let target = 0; target < neurons; target++) {
    const start = rowStart[target];
    const end = rowStart[target + 1];
    let sum = 0;
    if (ofArrow) for (let k = start; k < end; k++) sum += ofArrow[k] * givesGets[2 * source[k]];
    else for (let k = start; k < end; k++) sum += givesGets[2 * source[k]];
    squares += sum * sum;
    if (ofArrow) for (let k = start; k < end; k++) givesGets[2 * source[k] + 1] += ofArrow[k] * sum;
    else for (let k = start; k < end; k++) givesGets[2 * source[k] + 1] += sum;
  }
  const image = new Float64Array(neurons);
  for (let i = 0; i < neurons; i++)
    image[i] = ofSource ? givesGets[2 * i + 1] * ofSource[i] : givesGets[2 * i + 1];
  return { image, squares };
}

/** Symmetric, of the size of `diagonal`; the last number of `beside` couples it to what comes next. */
interface Tridiagonal {
  readonly diagonal: number[];
  readonly beside: number[];
}

/** By bisection: x is above every eigenvalue where no pivot of T − x is positive (Sturm). */
function largestEigenvalue({ diagonal, beside }: Tridiagonal): number {
  const n = diagonal.length;
  const isAbove = (x: number) => {
    let pivot = diagonal[0] - x;
    for (let i = 1; i < n && pivot < 0; i++)
      pivot = diagonal[i] - x - (beside[i - 1] * beside[i - 1]) / pivot;
    return pivot < 0;
  };
  let low = 0;
  let high = 0;
  for (let i = 0; i < n; i++) {
    const reach = (i > 0 ? beside[i - 1] : 0) + (i < n - 1 ? beside[i] : 0);
    low = Math.max(low, diagonal[i]);
    high = Math.max(high, diagonal[i] + reach);
  }
  for (;;) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (isAbove(middle)) high = middle;
    else low = middle;
  }
}

/**
 * Last component of the unit eigenvector of the largest eigenvalue. Built from its end, where it is smallest, so
 * that errors shrink. The pivots are negative; the floor keeps one that is lost to rounding from being 0.
 */
function lastOfEigenvector({ diagonal, beside }: Tridiagonal, eigenvalue: number): number {
  const n = diagonal.length;
  let component = 1;
  let squares = 1;
  const floor = -1e-17 * eigenvalue;
  let pivot = Math.min(floor, diagonal[n - 1] - eigenvalue);
  for (let i = n - 2; i >= 0 && squares < 1e200; i--) {
    component *= -pivot / beside[i];
    squares += component * component;
    pivot = Math.min(floor, diagonal[i] - eigenvalue - (beside[i] * beside[i]) / pivot);
  }
  return 1 / Math.sqrt(squares);
}
