import { expect, test } from "vitest";
import { ArrowMesh } from "../../src/view/arrowMesh";

// A material made anew is compiled anew, in the browser and in the driver: a lesson's few arrows and a lab's many take turns.

const materialOf = (arrows: ArrowMesh, count: number) => {
  arrows.reserve(count);
  return arrows.mesh.material;
};

test("few arrows and many take turns with the materials they had", () => {
  const arrows = new ArrowMesh();
  const few = materialOf(arrows, 8);
  const many = materialOf(arrows, 6_000);
  expect(many).not.toBe(few);
  for (let time = 0; time < 3; time++) {
    expect(materialOf(arrows, 60)).toBe(few);
    expect(materialOf(arrows, 5_000)).toBe(many);
  }
});

test("there is room for all of them each time, and what is drawn are those that are shown", () => {
  const arrows = new ArrowMesh();
  for (const count of [8, 350, 90, 3_000, 10_000, 350, 20_000, 1]) {
    arrows.reserve(count);
    expect(arrows.data.length).toBeGreaterThanOrEqual(16 * count);
    arrows.show(count);
    const { geometry } = arrows.mesh;
    const verticesOfOne = geometry.getAttribute("position").count / (arrows.data.length / 16);
    // The last corner that is drawn is the last arrow's last.
    expect(geometry.getIndex()?.array[geometry.drawRange.count - 1]).toBe(count * verticesOfOne - 1);
  }
});

test("room for very many is let go of where few are drawn, and room that is too small where it is replaced", () => {
  const arrows = new ArrowMesh();
  const gone: unknown[] = [];
  const watched = (count: number) => {
    const material = materialOf(arrows, count);
    material.addEventListener("dispose", () => gone.push(material));
    return material;
  };
  const small = watched(64);
  const larger = watched(300);
  expect(gone).toEqual([small]);
  const huge = watched(30_000);
  arrows.reserve(10);
  expect(gone).toEqual([small, huge]);
  expect(arrows.mesh.material).toBe(larger);
});
