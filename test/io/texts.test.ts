import { expect, test } from "vitest";
import { hash, Texts } from "../../src/io/texts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test("different texts have numbers of their own, in the order of first appearance", () => {
  const texts = new Texts();
  const numbers = Array.from({ length: 5000 }, (_, at) => `neuron ${(at * at) % 1009}`).map((text) => {
    const bytes = bytesOf(`,${text},`);
    return [text, texts.numberOf(bytes, 1, bytes.length - 1)] as const;
  });
  const expected = [...new Set(numbers.map(([text]) => text))];
  expect(texts.size).toBe(expected.length);
  for (const [text, number] of numbers) expect(expected[number]).toBe(text);
});

test("texts that collide from one start do not from others, so that no file is slow everywhere", () => {
  const of = (text: string, seed: number) => hash(bytesOf(text), 0, text.length, seed) >>> 0;
  const seen = new Map<number, string>();
  const collisions: [string, string][] = [];
  for (let at = 0; collisions.length < 20; at++) {
    const text = `n${at}`;
    const value = of(text, 0x12345600) & 0xffffff;
    const other = seen.get(value);
    if (other !== undefined) collisions.push([text, other]);
    seen.set(value, text);
  }
  for (let start = 1; start <= 100; start++) {
    // The lowest byte is the same.
    const seed = Math.imul(start, 0x9e3779b1) & ~0xff;
    const again = collisions.filter(([one, two]) => ((of(one, seed) ^ of(two, seed)) & 0xffffff) === 0);
    expect(again).toEqual([]);
  }
  // Low bits, which choose a place, take all values alike.
  const places = new Uint32Array(256);
  for (let at = 0; at < 25_600; at++) places[of(`neuron-${at}`, 1) & 255]++;
  expect(Math.max(...places)).toBeLessThan(160);
  expect(Math.min(...places)).toBeGreaterThan(55);
});
