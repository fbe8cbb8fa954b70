/** Where the neurons are, in a circle of radius 1 around 0, y upwards. */
export interface Layout {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Distance between neighbours. */
  readonly spacing: number;
  readonly ring: boolean;
}

/** Above this a ring's neurons would touch; a disc holds them. */
const mostOnRing = 1_000;

/**
 * A ring, neuron 0 at the top and on clockwise; very large networks fill a disc on
 * a sunflower's spiral, from the middle outwards. The same network always lies the same.
 */
export function layOut(neurons: number): Layout {
  const x = new Float32Array(neurons);
  const y = new Float32Array(neurons);
  const ring = neurons <= mostOnRing;
  if (neurons === 1) return { x, y, spacing: 2, ring };
  const golden = Math.PI * (3 - Math.sqrt(5));
  const turn = ring ? (2 * Math.PI) / neurons : golden;
  // Turned on from neuron to neuron: a sine and a cosine for each of a million would hold up the page.
  const [sine, cosine] = [Math.sin(turn), Math.cos(turn)];
  for (let neuron = 0, across = 0, up = 1; neuron < neurons; neuron++) {
    const radius = ring ? 1 : Math.sqrt((neuron + 0.5) / neurons);
    x[neuron] = radius * across;
    y[neuron] = radius * up;
    [across, up] = [across * cosine + up * sine, up * cosine - across * sine];
  }
  const spacing = ring ? 2 * Math.sin(Math.PI / neurons) : Math.sqrt(Math.PI / neurons);
  return { x, y, spacing, ring };
}
