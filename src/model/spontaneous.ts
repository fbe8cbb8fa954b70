/** A state is a whole number of these steps. */
const steps = 255;

/** States are told from the middle of their range, which keeps the powers in a Taylor series small. */
const places = Float64Array.from({ length: steps + 1 }, (_, step) => (step - steps / 2) / steps);

/** Gauss–Legendre with 8 points on (−1, 1), the positive half: SciPy's roots_legendre(8). */
const legendre = [
  [0.18343464249564984, 0.36268378337836205],
  [0.5255324099163291, 0.3137066458778868],
  [0.7966664774136268, 0.2223810344533745],
  [0.9602898564975364, 0.10122853629037638],
] as const;

/** The noise beyond matters less than 1e-19. */
const reach = 9.25;

/** Panels of the noise no longer than this: 8 points on each are good to rounding. */
const longestPanel = 0.5;

/**
 * How often a neuron that is left alone is found in each of its states: sigmoid(centre + spread · ε), ε ~ N(0, 1),
 * rounded at random to a whole number of steps, which shares each value between its two neighbours.
 *
 * Shapes   [256], state 0 to 255.
 * Units    centre, spread: drive; result: shares of 1, to 1e-15.
 */
export function stateShares(centre: number, spread: number): Float64Array {
  const shares = new Float64Array(steps + 1);
  const add = (drive: number, share: number) => {
    const value = steps / (1 + Math.exp(-drive));
    const below = Math.min(steps - 1, Math.floor(value));
    shares[below] += share * (below + 1 - value);
    shares[below + 1] += share * (value - below);
  };
  if (spread === 0) {
    add(centre, 1);
    return shares;
  }
  // The shares bend where the sigmoid passes a step; between these places everything is smooth.
  const bend = (step: number) => {
    const epsilon = (Math.log(step / (steps - step)) - centre) / spread;
    return Math.max(-reach, Math.min(reach, epsilon));
  };
  for (let step = 0; step < steps; step++) {
    const from = step === 0 ? -reach : bend(step);
    const to = step === steps - 1 ? reach : bend(step + 1);
    const panels = Math.ceil((to - from) / longestPanel);
    for (let panel = 0; panel < panels; panel++) {
      const half = (to - from) / panels / 2;
      const middle = from + (2 * panel + 1) * half;
      for (const [at, weight] of legendre)
        for (const epsilon of [middle - half * at, middle + half * at]) {
          const density = Math.exp((-epsilon * epsilon) / 2) / Math.sqrt(2 * Math.PI);
          add(centre + spread * epsilon, weight * half * density);
        }
    }
  }
  return shares;
}

/** Taylor series this far apart, and so many terms: what is left out is below (¼ · ½)^10 / 10! < 3e-16. */
const spacing = 0.5;
const terms = 10;

/** E exp(iθs) comes again, with the other sign, after so much of θ: the steps are 1 / 255 apart. */
const period = 2 * Math.PI * steps;

/**
 * Characteristic function of a state with such shares, told from the middle of its range:
 * ψ(θ) = E exp(iθ(state − ½)), so that E exp(iθ · state) = exp(iθ/2) ψ(θ). From Taylor series at places of θ that
 * are made when they are first needed.
 *
 * Returns  a function that puts real and imaginary part at `into`.
 * Errors   1e-15.
 */
export function stateTransform(shares: Float64Array): (theta: number, into: Float64Array) => void {
  const known = new Map<number, Float64Array>();
  const seriesAt = (place: number): Float64Array => {
    const series = new Float64Array(2 * terms);
    for (let state = 0; state <= steps; state++) {
      const x = places[state];
      let real = shares[state] * Math.cos(place * spacing * x);
      let imaginary = shares[state] * Math.sin(place * spacing * x);
      for (let k = 0; k < terms; k++) {
        series[2 * k] += real;
        series[2 * k + 1] += imaginary;
        const factor = x / (k + 1);
        [real, imaginary] = [-imaginary * factor, real * factor];
      }
    }
    return series;
  };
  return (theta, into) => {
    const turns = Math.round(theta / period);
    const rest = theta - turns * period;
    const size = Math.abs(rest);
    const place = Math.round(size / spacing);
    let series = known.get(place);
    if (series === undefined) {
      series = seriesAt(place);
      known.set(place, series);
    }
    const step = size - place * spacing;
    let real = 0;
    let imaginary = 0;
    for (let k = terms - 1; k >= 0; k--) {
      real = real * step + series[2 * k];
      imaginary = imaginary * step + series[2 * k + 1];
    }
    const sign = turns % 2 === 0 ? 1 : -1;
    into[0] = sign * real;
    into[1] = rest < 0 ? -sign * imaginary : sign * imaginary;
  };
}
