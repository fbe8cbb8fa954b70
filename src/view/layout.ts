/** Where the neurons are: around 0 and no farther than 1 from it, y upwards. */
export interface Layout {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Towards the eye; null where all of them lie in one plane. */
  readonly z: Float32Array | null;
  /** Distance between neighbours. */
  readonly spacing: number;
  readonly ring: boolean;
}

/**
 * What a layout is made of.
 *
 * auto     a ring, or a disc where a ring's neurons would touch
 * blocks   starts [blocks + 1]: the first neuron of each block
 * places   [neurons × dimensions] x, y and, in space, z of any size, as forces have settled them or a file has brought
 *          them; NaN: none, so that neuron stands aside
 */
export type Arranging =
  | { readonly kind: "auto" | "ring" | "disc" | "sphere" }
  | { readonly kind: "blocks"; readonly starts: Uint32Array }
  | {
      readonly kind: "places";
      readonly places: Float32Array | Float64Array;
      readonly dimensions: 2 | 3;
    };

/** How a layout in space is turned: about its upright axis, then towards the eye; in radians. */
export interface Turn {
  readonly across: number;
  readonly up: number;
}

/** Above this a ring's neurons would touch; a disc holds them. */
const mostOnRing = 1_000;

/** The same network always lies the same. */
export function layOut(neurons: number, arranging: Arranging = { kind: "auto" }): Layout {
  switch (arranging.kind) {
    case "auto":
      return neurons <= mostOnRing ? ring(neurons) : disc(neurons);
    case "ring":
      return ring(neurons);
    case "disc":
      return disc(neurons);
    case "sphere":
      return sphere(neurons);
    case "blocks":
      return blocks(neurons, arranging.starts);
    case "places":
      return fitted(arranging.places, arranging.dimensions);
  }
}

const flat = (neurons: number) => ({ x: new Float32Array(neurons), y: new Float32Array(neurons), z: null });

const golden = Math.PI * (3 - Math.sqrt(5));

/**
 * The way around a circle, clockwise from its top, in equal turns. Turned on from one to the next: a sine and a cosine
 * for each of a million would hold up the page.
 */
function around(count: number, turn: number, visit: (at: number, across: number, up: number) => void): void {
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  for (let at = 0, across = 0, up = 1; at < count; at++) {
    visit(at, across, up);
    [across, up] = [across * cosine + up * sine, up * cosine - across * sine];
  }
}

/** Neuron 0 at the top and on clockwise. */
function ring(neurons: number): Layout {
  const { x, y, z } = flat(neurons);
  if (neurons === 1) return { x, y, z, spacing: 2, ring: true };
  around(neurons, (2 * Math.PI) / neurons, (neuron, across, up) => {
    x[neuron] = across;
    y[neuron] = up;
  });
  return { x, y, z, spacing: 2 * Math.sin(Math.PI / neurons), ring: true };
}

/** A sunflower's spiral, from the middle outwards. */
function disc(neurons: number): Layout {
  const { x, y, z } = flat(neurons);
  around(neurons, golden, (neuron, across, up) => {
    const radius = Math.sqrt((neuron + 0.5) / neurons);
    x[neuron] = radius * across;
    y[neuron] = radius * up;
  });
  return { x, y, z, spacing: spacingIn(1, neurons), ring: false };
}

/** Of so many that fill a disc of this radius evenly. */
const spacingIn = (radius: number, neurons: number) => radius * Math.sqrt(Math.PI / Math.max(1, neurons));

/** Points of equal areas down a sphere, on a spiral by the golden angle (a Fibonacci lattice). */
function sphere(neurons: number): Layout {
  const { x, y } = flat(neurons);
  const z = new Float32Array(neurons);
  around(neurons, golden, (neuron, across, towards) => {
    const height = 1 - (2 * neuron + 1) / neurons;
    const radius = Math.sqrt(1 - height * height);
    x[neuron] = radius * across;
    y[neuron] = height;
    z[neuron] = radius * towards;
  });
  // Seen from the side they are closer.
  return { x, y, z, spacing: 0.5 * Math.sqrt((4 * Math.PI) / Math.max(1, neurons)), ring: false };
}

/** Part of a block's share of the ring that it leaves free. */
const between = 0.2;

/** Each block a sunflower of its own; the blocks on a ring, the first at the top. */
function blocks(neurons: number, starts: Uint32Array): Layout {
  const { x, y, z } = flat(neurons);
  const count = starts.length - 1;
  const share = count === 1 ? 0 : (1 - between) * Math.sin(Math.PI / count);
  // The ring and the block on it reach out to 1.
  const ringRadius = count === 1 ? 0 : 1 / (1 + share);
  const radius = 1 - ringRadius;
  let largest = 1;
  around(count, (2 * Math.PI) / count, (block, middleX, middleY) => {
    const [first, end] = [starts[block], starts[block + 1]];
    largest = Math.max(largest, end - first);
    around(end - first, golden, (at, across, up) => {
      const out = radius * Math.sqrt((at + 0.5) / (end - first));
      x[first + at] = ringRadius * middleX + out * across;
      y[first + at] = ringRadius * middleY + out * up;
    });
  });
  return { x, y, z, spacing: spacingIn(radius, largest), ring: false };
}

/** How far out neurons lie that have a place, where others have none. */
const inside = 0.9;

/** Moved to the middle and scaled to reach out to 1; who has no place stands on a ring around the others. */
function fitted(places: Float32Array | Float64Array, dimensions: 2 | 3): Layout {
  const neurons = places.length / dimensions;
  const axes = Array.from({ length: dimensions }, () => new Float32Array(neurons));
  const isPlaced = (neuron: number) => !Number.isNaN(places[dimensions * neuron]);
  let placed = 0;
  for (let neuron = 0; neuron < neurons; neuron++) if (isPlaced(neuron)) placed++;
  const squares = new Float64Array(neurons);
  for (const [axis, along] of axes.entries()) {
    let middle = 0;
    for (let neuron = 0; neuron < neurons; neuron++)
      if (isPlaced(neuron)) middle += places[dimensions * neuron + axis] / placed;
    for (let neuron = 0; neuron < neurons; neuron++) {
      along[neuron] = isPlaced(neuron) ? places[dimensions * neuron + axis] - middle : 0;
      squares[neuron] += along[neuron] ** 2;
    }
  }
  let most = 0;
  for (const square of squares) most = Math.max(most, square);
  const aside = neurons - placed;
  // A hair less than 1, so that rounding puts none outside.
  const scale = most > 0 ? ((aside > 0 ? inside : 1) * (1 - 1e-6)) / Math.sqrt(most) : 1;
  for (const along of axes) for (let neuron = 0; neuron < neurons; neuron++) along[neuron] *= scale;
  const [x, y, z = null] = axes;
  if (aside > 0) {
    const strangers = Array.from({ length: neurons }, (_, neuron) => neuron).filter((one) => !isPlaced(one));
    around(aside, (2 * Math.PI) / aside, (at, across, up) => {
      x[strangers[at]] = (1 - 1e-6) * across;
      y[strangers[at]] = (1 - 1e-6) * up;
    });
  }
  return { x, y, z, spacing: 0.6 * spacingIn(1, neurons), ring: false };
}

/** A layout in space as it is seen when it is turned; one in a plane stays as it is. */
export function turned(layout: Layout, { across, up }: Turn): Layout {
  if (!layout.z) return layout;
  const { x, y, z } = layout;
  const neurons = x.length;
  const seen = { ...layout, x: new Float32Array(neurons), y: new Float32Array(neurons) };
  const depth = new Float32Array(neurons);
  const [sineAcross, cosineAcross] = [Math.sin(across), Math.cos(across)];
  const [sineUp, cosineUp] = [Math.sin(up), Math.cos(up)];
  for (let neuron = 0; neuron < neurons; neuron++) {
    seen.x[neuron] = x[neuron] * cosineAcross + z[neuron] * sineAcross;
    const towards = z[neuron] * cosineAcross - x[neuron] * sineAcross;
    seen.y[neuron] = y[neuron] * cosineUp - towards * sineUp;
    depth[neuron] = towards * cosineUp + y[neuron] * sineUp;
  }
  return { ...seen, z: depth };
}

/** Where neurons were before they set out for another layout. */
export type Origin = Pick<Layout, "x" | "y">;

/** On the way from one layout to the next; part 0…1. */
export function onTheWay(from: Origin | null, to: Layout, part: number): Layout {
  if (!from || part >= 1) return to;
  // Slow at both ends.
  const done = part * part * (3 - 2 * part);
  const mix = (a: Float32Array, b: Float32Array) => a.map((value, at) => value + done * (b[at] - value));
  return { ...to, x: mix(from.x, to.x), y: mix(from.y, to.y), ring: false };
}
