import { interpolateRdBu } from "d3-scale-chromatic";

export type Theme = "desk" | "projector";
export type Rgb = readonly [number, number, number];

/** The colours a picture needs beside the effect scale; bytes. The page's CSS has the same. */
export interface Inks {
  readonly paper: Rgb;
  readonly ink: Rgb;
  readonly muted: Rgb;
  readonly rule: Rgb;
  readonly neuron: Rgb;
  /** A neuron that is too small for a rim, and one of these beside others that stand out. */
  readonly dot: Rgb;
  readonly faintDot: Rgb;
  readonly poked: Rgb;
  readonly missing: Rgb;
}

export const inks: Record<Theme, Inks> = {
  desk: {
    paper: [20, 23, 28],
    ink: [236, 233, 226],
    muted: [160, 166, 174],
    rule: [58, 64, 74],
    neuron: [38, 44, 54],
    dot: [99, 105, 114],
    faintDot: [62, 67, 76],
    poked: [255, 209, 102],
    missing: [74, 79, 88],
  },
  projector: {
    paper: [255, 255, 255],
    ink: [17, 17, 17],
    muted: [85, 85, 85],
    rule: [190, 190, 190],
    neuron: [244, 244, 242],
    dot: [165, 165, 164],
    faintDot: [209, 209, 208],
    poked: [255, 196, 46],
    missing: [190, 190, 190],
  },
};

/**
 * Blue – paper – red over −1…1. On white it is d3's RdBu; on the dark page the same two
 * hues brighten away from a dark middle, so that on both, what stands out is large.
 */
const darkStops: readonly Rgb[] = [
  [126, 196, 255],
  [58, 138, 230],
  [36, 82, 150],
  [33, 38, 47],
  [146, 54, 46],
  [226, 88, 70],
  [255, 146, 118],
];

const steps = 512;

function dark(position: number): Rgb {
  const at = position * (darkStops.length - 1);
  const index = Math.min(Math.floor(at), darkStops.length - 2);
  const part = at - index;
  const [low, high] = [darkStops[index], darkStops[index + 1]];
  return [0, 1, 2].map((c) => Math.round(low[c] + part * (high[c] - low[c]))) as unknown as Rgb;
}

// RdBu's outermost shades are nearly black on a projector; it ends a little earlier.
const light = (position: number): Rgb =>
  (interpolateRdBu(0.93 - 0.86 * position).match(/\d+/g) ?? []).map(Number) as unknown as Rgb;

const build = (colour: (position: number) => Rgb) =>
  Array.from({ length: steps + 1 }, (_, step) => colour(step / steps));

const scales: Record<Theme, readonly Rgb[]> = { desk: build(dark), projector: build(light) };

/** Colour of an effect, relative to the end of its scale: −1…1; beyond the ends, the ends'. */
export const diverging = (theme: Theme, relative: number): Rgb =>
  scales[theme][Math.round(((Math.min(1, Math.max(-1, relative)) + 1) / 2) * steps)];

/** One colour as a pixel of an image whose bytes are red, green, blue, opacity, read as a little-endian word. */
const word = ([red, green, blue]: Rgb) => (255 << 24) | (blue << 16) | (green << 8) | red;

const pixelScales: Record<Theme, Int32Array> = {
  desk: Int32Array.from(scales.desk, word),
  projector: Int32Array.from(scales.projector, word),
};

/**
 * Colours of a whole picture at once.
 *
 * Shapes   value, pixel [pixels], pixel as in ImageData, read as 32-bit words.
 * Missing  NaN gets the colour of missing.
 * visible  opacity of a pixel, 0…1; the paper shows through the rest.
 */
export function paint(
  theme: Theme,
  value: Float32Array,
  scale: number,
  pixel: Int32Array,
  visible: (index: number) => number = () => 1,
): void {
  const colours = pixelScales[theme];
  const missing = word(inks[theme].missing);
  const half = steps / 2;
  for (let index = 0; index < value.length; index++) {
    const relative = value[index] / scale;
    pixel[index] = Number.isNaN(relative)
      ? missing
      : (colours[Math.round((Math.min(1, Math.max(-1, relative)) + 1) * half)] & 0xffffff) |
        (Math.round(255 * visible(index)) << 24);
  }
}

/** Equal is as quiet as paper can be; different cannot be overlooked. Neither is a colour of the effect scale. */
export const sameness: Record<Theme, { readonly equal: Rgb; readonly different: Rgb }> = {
  desk: { equal: [33, 38, 47], different: [255, 209, 102] },
  projector: { equal: [241, 241, 239], different: [214, 90, 0] },
};

/**
 * The same for a picture of sameness.
 *
 * value    0: equal; 1: different.
 * Missing  NaN gets the colour of missing.
 */
export function paintSameness(theme: Theme, value: Float32Array, pixel: Int32Array): void {
  const missing = word(inks[theme].missing);
  const [equal, different] = [word(sameness[theme].equal), word(sameness[theme].different)];
  for (let index = 0; index < value.length; index++)
    pixel[index] = Number.isNaN(value[index]) ? missing : value[index] > 0 ? different : equal;
}

export const css = ([red, green, blue]: Rgb, alpha = 1) => `rgb(${red} ${green} ${blue} / ${alpha})`;

/**
 * How visible a claim of this certainty is, 0…1: one standard error is mist, five are solid.
 *
 * Units    certainty: |effect| in standard errors.
 */
export const opacity = (certainty: number): number => 1 - 0.96 * Math.exp(-((certainty / 2.6) ** 2));

/** The end of a colour scale: the smallest of 1, 1.2, 1.5, 2 … 8, 10 × 10^k that holds the value. */
export function niceEnd(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((s) => s * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(2));
}
