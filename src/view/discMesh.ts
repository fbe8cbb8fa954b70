import {
  attribute,
  float,
  length,
  min,
  mix,
  smoothstep,
  storage,
  uint,
  uintBitsToFloat,
  uniform,
  varying,
  vec2,
  vec3,
  vec4,
  vertexIndex,
} from "three/tsl";
import {
  BufferAttribute,
  BufferGeometry,
  Mesh,
  MeshBasicNodeMaterial,
  type Node,
  StorageBufferAttribute,
} from "three/webgpu";
import type { Rgb } from "./colours";
import type { Origin } from "./layout";
import type { Uploader } from "./storageWords";

/**
 * Words of one disc: x and y of its place in the layout, as the bits of floats; its fill's red, green and blue, a
 * byte each from the lowest on, and half a byte each for the width of its rim, in thirds of a pixel, and for the
 * opacity of its fill; its rim's red, green, blue and opacity, likewise.
 */
export const discWords = 4;

/** How one disc looks. rimWidth: up to 5 pixels of the screen; small discs have thinner ones. */
export interface DiscLook {
  readonly fill: Rgb;
  readonly opacity: number;
  readonly rim: Rgb;
  readonly rimWidth: number;
  readonly rimOpacity: number;
}

/**
 * The neurons, in one draw call: a triangle each, whose corners look the disc up in a storage buffer.
 *
 * Shapes   data [discs × 4], see discWords.
 * Units    pixels of the stage, but rims, which are as wide at any zoom: of the screen; colours in bytes, opacity 0…1.
 */
export class DiscMesh {
  readonly mesh = new Mesh(new BufferGeometry(), new MeshBasicNodeMaterial());
  private words = new StorageBufferAttribute(new Uint32Array(0), 4);
  private discs = 0;
  private capacity = -1;
  /** Words that are not yet where they are drawn from. */
  private fresh = 0;
  private readonly radius = uniform(1);
  private readonly reach = uniform(1);
  private readonly pixel = uniform(1);

  constructor() {
    this.mesh.frustumCulled = false;
  }

  /** Puts a disc at every place of the layout; how they look is to be said anew. */
  place({ x, y }: Origin): void {
    this.reserve(x.length);
    const floats = new Float32Array(this.words.array.buffer as ArrayBuffer);
    for (let disc = 0; disc < x.length; disc++) {
      floats[discWords * disc] = x[disc];
      floats[discWords * disc + 1] = y[disc];
    }
    this.fresh = this.discs * discWords;
  }

  paint(disc: number, { fill, opacity, rim, rimWidth, rimOpacity }: DiscLook): void {
    const data = this.words.array;
    data[discWords * disc + 2] = word(fill, Math.round(3 * rimWidth) | (Math.round(15 * opacity) << 4));
    data[discWords * disc + 3] = word(rim, Math.round(255 * rimOpacity));
    this.fresh = this.discs * discWords;
  }

  /** Shows them with this radius, their places times `reach`. */
  show(radius: number, reach: number): void {
    this.radius.value = radius;
    this.reach.value = reach;
  }

  /** Brings what is new, or all of it, to where it is drawn from; see Uploader. */
  upload(to: Uploader, all = false): GPUBuffer | null {
    const buffer = to.upload(this.words, all ? this.discs * discWords : this.fresh);
    this.fresh = 0;
    return buffer;
  }

  /** A pixel of the screen, in those of the stage: soft edges are one wide, however close one looks. */
  setPixel(pixel: number): void {
    this.pixel.value = pixel;
  }

  private reserve(discs: number): void {
    this.discs = discs;
    this.mesh.visible = discs > 0;
    // A new buffer takes a new material, which is compiled anew: taking turns with a small network shall not.
    const capacity = discs <= mostSpare ? mostSpare : discs;
    if (capacity !== this.capacity) {
      this.capacity = capacity;
      this.words.dispose();
      this.words = new StorageBufferAttribute(new Uint32Array(discWords * capacity), discWords);
      this.mesh.geometry.dispose();
      this.mesh.geometry = triangles(capacity);
      this.mesh.material.dispose();
      this.mesh.material = discMaterial(this.words, this.radius, this.reach, this.pixel);
    }
    this.mesh.geometry.setDrawRange(0, 3 * discs);
  }
}

/** Up to so many discs there is always room. */
const mostSpare = 4_096;

const word = ([red, green, blue]: Rgb, high: number) =>
  (red | (green << 8) | (blue << 16) | (high << 24)) >>> 0;

/** A triangle around the origin, and how much of it makes its inner circle's radius 1. */
const triangle = [-110, -64, 0, 0, 110, -64, 0, 0, 0, 127, 0, 0];
const around = 2.01;

function triangles(discs: number): BufferGeometry {
  const corners = new Int8Array(discs * triangle.length);
  for (let disc = 0; disc < discs; disc++) corners.set(triangle, disc * triangle.length);
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(corners, 4, true));
  return geometry;
}

function discMaterial(
  words: StorageBufferAttribute,
  radius: Node<"float">,
  reach: Node<"float">,
  pixel: Node<"float">,
): MeshBasicNodeMaterial {
  const material = new MeshBasicNodeMaterial({ transparent: true, depthTest: false, depthWrite: false });
  const discs = storage(words, "uvec4", words.count).setName("discs").setPBO(true).toReadOnly();
  const disc = discs.element(vertexIndex.div(uint(3)));
  const byte = (of: Node<"uint">, from: number) => float(of.shiftRight(uint(from)).bitAnd(uint(255)));
  const bytes = (of: Node<"uint">) => vec4(byte(of, 0), byte(of, 8), byte(of, 16), byte(of, 24));
  const fill = varying(bytes(disc.z));
  const rim = varying(bytes(disc.w).div(255));
  const high = varying(
    vec2(float(disc.z.shiftRight(uint(24)).bitAnd(uint(15))), float(disc.z.shiftRight(uint(28)))),
  );
  const rimWidth = high.x.div(3).mul(min(pixel, radius.div(10)));
  // One pixel of air around the disc for its soft edge.
  const outer = radius.add(pixel);
  const half = pixel.div(2);
  const corner = varying(attribute("position", "vec4").xy.mul(around).mul(outer));
  const number = (of: Node<"uint">) => uintBitsToFloat(of) as unknown as Node<"float">;
  const place = vec2(number(disc.x), number(disc.y)).mul(reach);
  material.positionNode = vec3(place.add(corner), 0);
  const distance = length(corner);
  const inside = smoothstep(radius.sub(half), radius.add(half), distance).oneMinus();
  const edge = radius.sub(rimWidth);
  const onRim = smoothstep(edge.sub(half), edge.add(half), distance);
  const both = mix(vec4(fill.xyz.div(255), high.y.div(15)), rim, onRim);
  material.colorNode = both.xyz;
  material.opacityNode = both.w.mul(inside);
  return material;
}
