import {
  attribute,
  clamp,
  length,
  max,
  mix,
  normalize,
  storage,
  uint,
  varying,
  vec2,
  vec3,
  vertexIndex,
} from "three/tsl";
import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  Mesh,
  MeshBasicNodeMaterial,
  StorageBufferAttribute,
} from "three/webgpu";
import type { Rgb } from "./colours";
import type { Uploader } from "./storageWords";

/** Numbers of one arrow: the curve's four points (8), width, head length, head width, 0, red, green, blue, opacity. */
export const arrowNumbers = 16;

/** Room for arrows of so many segments. */
interface Room {
  readonly segments: number;
  readonly capacity: number;
  readonly numbers: StorageBufferAttribute;
  readonly geometry: BufferGeometry;
  readonly material: MeshBasicNodeMaterial;
}

/** Room for more arrows than this is let go of when it is not needed. */
const mostKept = 8_192;

/**
 * Any number of arrows in one draw call; later arrows lie on top. An arrow is a ribbon along a cubic Bézier curve
 * with a head at its end. Its vertices are the same in every arrow and look its numbers up in a storage buffer:
 * instances would take a software adapter ten times as long.
 *
 * Shapes   data [arrows × 16], see arrowNumbers.
 * Units    pixels of the stage; colours 0…1.
 */
export class ArrowMesh {
  readonly mesh = new Mesh(new BufferGeometry(), new MeshBasicNodeMaterial());
  /** By segments: few arrows and many take turns, and a material made anew would be compiled anew. */
  private readonly rooms = new Map<number, Room>();
  private room = this.reserve(64);
  /** Numbers that are not yet where they are drawn from. */
  private fresh = 0;

  constructor() {
    this.mesh.frustumCulled = false;
  }

  get data(): Float32Array {
    return this.room.numbers.array as Float32Array;
  }

  /** Makes room for so many arrows, all of which are to be written then. */
  reserve(arrows: number): Room {
    const segments = arrows <= 400 ? 20 : arrows <= 4_000 ? 10 : 6;
    const before = this.rooms.get(segments);
    const fits = before !== undefined && before.capacity >= arrows;
    const room = fits ? before : roomFor(arrows, segments);
    for (const other of this.rooms.values())
      if (other !== room && (other.segments === segments || other.capacity > mostKept)) this.close(other);
    this.rooms.set(segments, room);
    this.mesh.geometry = room.geometry;
    this.mesh.material = room.material;
    this.room = room;
    return room;
  }

  private close({ segments, numbers, geometry, material }: Room): void {
    this.rooms.delete(segments);
    for (const part of [numbers, geometry, material]) part.dispose();
  }

  /** Shows the first `arrows` arrows of the data. */
  show(arrows: number): void {
    this.mesh.visible = arrows > 0;
    this.mesh.geometry.setDrawRange(0, arrows * cornersOf(this.room.segments));
    this.fresh = arrows * arrowNumbers;
  }

  /** Brings what is new to where it is drawn from; see Uploader. */
  upload(to: Uploader): GPUBuffer | null {
    const buffer = to.upload(this.room.numbers, this.fresh);
    this.fresh = 0;
    return buffer;
  }
}

function roomFor(arrows: number, segments: number): Room {
  const capacity = Math.max(64, 2 ** Math.ceil(Math.log2(arrows)));
  const numbers = new StorageBufferAttribute(new Float32Array(arrowNumbers * capacity), 4);
  const geometry = ribbons(capacity, segments);
  return { segments, capacity, numbers, geometry, material: arrowMaterial(numbers, segments) };
}

/** How one arrow looks. */
export interface ArrowLook {
  /** Radius of the neurons' discs; heads are smaller where these are. */
  readonly disc: number;
  readonly width: number;
  /** By how much it is larger than an arrow of its width, all around: for outlines. */
  readonly grow: number;
  readonly colour: Rgb;
  readonly alpha: number;
}

/** Writes the arrow `from` of the curves as number `at` of an ArrowMesh's data. */
export function writeArrow(
  data: Float32Array,
  at: number,
  curves: Float32Array,
  from: number,
  { disc, width, grow, colour, alpha }: ArrowLook,
): void {
  const to = at * arrowNumbers;
  const first = 8 * from;
  for (let number = 0; number < 8; number++) data[to + number] = curves[first + number];
  if (grow > 0) {
    // An outline goes around the tip as well.
    const dx = curves[first + 6] - curves[first + 4];
    const dy = curves[first + 7] - curves[first + 5];
    const leg = Math.hypot(dx, dy) || 1;
    data[to + 6] += (dx / leg) * grow * 1.3;
    data[to + 7] += (dy / leg) * grow * 1.3;
  }
  const head = Math.min(1, disc / 9);
  data[to + 8] = width + 2 * grow;
  data[to + 9] = (7 + 1.3 * width) * head + 2.6 * grow;
  data[to + 10] = (6 + 1.7 * width) * head + 3.4 * grow;
  data[to + 12] = colour[0] / 255;
  data[to + 13] = colour[1] / 255;
  data[to + 14] = colour[2] / 255;
  data[to + 15] = alpha;
}

/** Vertices of one arrow, and how often its triangles name them. */
const verticesOf = (segments: number) => 2 * (segments + 1) + 3;
const cornersOf = (segments: number) => 6 * segments + 3;

/** A vertex's largest number: three reads its bytes as parts of it. */
const most = 127;

/** Vertices (segment, side −1…1, 0 body or 1 head, 1 tip) of a ribbon and a head, for every arrow again. */
function ribbons(arrows: number, segments: number): BufferGeometry {
  const vertices: number[] = [];
  const triangles: number[] = [];
  for (let segment = 0; segment <= segments; segment++) {
    vertices.push(segment, -most, 0, 0, segment, most, 0, 0);
    const at = 2 * segment;
    if (segment < segments) triangles.push(at, at + 1, at + 2, at + 2, at + 1, at + 3);
  }
  const head = 2 * (segments + 1);
  vertices.push(0, -most, most, 0, 0, most, most, 0, 0, 0, most, most);
  triangles.push(head, head + 1, head + 2);
  const corners = Int8Array.from(vertices);
  const position = new Int8Array(arrows * corners.length);
  const index = new Uint32Array(arrows * triangles.length);
  for (let arrow = 0; arrow < arrows; arrow++) {
    position.set(corners, arrow * corners.length);
    for (const [at, vertex] of triangles.entries())
      index[arrow * triangles.length + at] = arrow * verticesOf(segments) + vertex;
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(position, 4, true));
  geometry.setIndex(new BufferAttribute(index, 1));
  return geometry;
}

function arrowMaterial(numbers: StorageBufferAttribute, segments: number): MeshBasicNodeMaterial {
  const material = new MeshBasicNodeMaterial({ transparent: true, depthTest: false, depthWrite: false });
  material.side = DoubleSide;
  const arrows = storage(numbers, "vec4", numbers.count).setName("arrows").setPBO(true).toReadOnly();
  const first = vertexIndex.div(uint(verticesOf(segments))).mul(uint(4));
  const start = arrows.element(first);
  const end = arrows.element(first.add(uint(1)));
  const shape = arrows.element(first.add(uint(2)));
  const colour = varying(arrows.element(first.add(uint(3))));
  const corner = attribute("position", "vec4");
  const [a, b, c, d] = [start.xy, start.zw, end.xy, end.zw];

  // The body ends where the head begins, so that a thin arrow keeps its point.
  const lastLeg = d.sub(c);
  const bodyEnd = clamp(shape.y.div(max(length(lastLeg).mul(3), 1e-3)).oneMinus(), 0.2, 1);
  const part = corner.z.mix(corner.x.mul(most / segments).mul(bodyEnd), bodyEnd);
  const rest = part.oneMinus();
  const point = a
    .mul(rest.mul(rest).mul(rest))
    .add(b.mul(part.mul(rest).mul(rest).mul(3)))
    .add(c.mul(part.mul(part).mul(rest).mul(3)))
    .add(d.mul(part.mul(part).mul(part)));
  const forward = b
    .sub(a)
    .mul(rest.mul(rest))
    .add(c.sub(b).mul(part.mul(rest).mul(2)))
    .add(d.sub(c).mul(part.mul(part)));
  const bodyWay = normalize(forward.add(vec2(1e-6, 0)));
  const headWay = normalize(d.sub(point).add(vec2(1e-6, 0)));
  const body = point.add(vec2(bodyWay.y.negate(), bodyWay.x).mul(corner.y.mul(shape.x).mul(0.5)));
  const barb = point.add(vec2(headWay.y.negate(), headWay.x).mul(corner.y.mul(shape.z).mul(0.5)));
  const head = mix(barb, d, corner.w);
  material.positionNode = vec3(mix(body, head, corner.z), 0);
  material.colorNode = colour.xyz;
  material.opacityNode = colour.w;
  return material;
}
