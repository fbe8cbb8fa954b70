import { attribute, length, mix, smoothstep, uv, vec3 } from "three/tsl";
import {
  DynamicDrawUsage,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  Mesh,
  MeshBasicNodeMaterial,
  PlaneGeometry,
} from "three/webgpu";

/** Numbers of one disc: x, y, radius, rim width, fill (red, green, blue, opacity), rim (the same). */
export const discNumbers = 12;

/**
 * The neurons, in one draw call.
 *
 * Shapes   data [discs × 12], see discNumbers.
 * Units    pixels of the stage; colours 0…1.
 */
export class DiscMesh {
  readonly mesh = new Mesh(new InstancedBufferGeometry(), discMaterial());
  data = new Float32Array(0);
  private buffer = new InstancedInterleavedBuffer(this.data, discNumbers);

  constructor() {
    this.mesh.frustumCulled = false;
    this.reserve(8);
  }

  reserve(discs: number): void {
    if (this.data.length === discNumbers * discs) return;
    this.data = new Float32Array(discNumbers * discs);
    this.buffer = new InstancedInterleavedBuffer(this.data, discNumbers);
    this.buffer.setUsage(DynamicDrawUsage);
    const plane = new PlaneGeometry(2, 2);
    const geometry = new InstancedBufferGeometry();
    geometry.setIndex(plane.index);
    geometry.setAttribute("position", plane.getAttribute("position"));
    geometry.setAttribute("uv", plane.getAttribute("uv"));
    for (const [index, name] of ["place", "fill", "rim"].entries())
      geometry.setAttribute(name, new InterleavedBufferAttribute(this.buffer, 4, 4 * index));
    geometry.instanceCount = discs;
    this.mesh.geometry.dispose();
    this.mesh.geometry = geometry;
  }

  show(): void {
    this.buffer.needsUpdate = true;
  }
}

function discMaterial(): MeshBasicNodeMaterial {
  const material = new MeshBasicNodeMaterial({ transparent: true, depthTest: false, depthWrite: false });
  const place = attribute("place", "vec4");
  const fill = attribute("fill", "vec4");
  const rim = attribute("rim", "vec4");
  // One pixel of air around the disc for its soft edge.
  const outer = place.z.add(1);
  const corner = attribute("position", "vec3").xy;
  material.positionNode = vec3(place.xy.add(corner.mul(outer)), 0);
  const distance = length(uv().mul(2).sub(1)).mul(outer);
  const inside = smoothstep(place.z.sub(0.5), place.z.add(0.5), distance).oneMinus();
  const edge = place.z.sub(place.w);
  const onRim = smoothstep(edge.sub(0.5), edge.add(0.5), distance);
  const both = mix(fill, rim, onRim);
  material.colorNode = both.xyz;
  material.opacityNode = both.w.mul(inside);
  return material;
}
