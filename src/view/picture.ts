import { make } from "./svg";
import { embedTypefaces } from "./typefaces";

// Any picture of the page as a file that stands alone: SVG parts are copied with the styles that they come to,
// canvases become images, texts of the page become texts of the picture, and the typefaces come along.

/** What of its style an SVG element must carry itself once the page's sheets are gone. */
const carried = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-opacity",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linecap",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "stop-color",
  "image-rendering",
] as const;
const carriedByText = [
  "font-family",
  "font-size",
  "font-weight",
  "font-style",
  "font-variant-numeric",
  "letter-spacing",
] as const;

/** What a property is without being said; saying it would only make the file larger. */
const initial: Record<string, readonly string[]> = {
  "fill-opacity": ["1"],
  "stroke-opacity": ["1"],
  "stroke-dasharray": ["none"],
  "stroke-linecap": ["butt"],
  "stroke-linejoin": ["miter"],
  "paint-order": ["normal"],
  opacity: ["1"],
  "stop-color": ["rgb(0, 0, 0)"],
  "image-rendering": ["auto"],
  "font-style": ["normal"],
  "letter-spacing": ["normal", "0px"],
};

export interface PictureWords {
  /** Where they are left out, the picture's own names for a screen reader. */
  readonly title?: string;
  readonly description?: string;
}

/** Pictures of canvases that cannot be read here, since another thread draws on them. */
export type Drawn = ReadonlyMap<Element, Blob>;

const nothingDrawn: Drawn = new Map();

/**
 * A picture as an SVG file that needs nothing else: styles, background, typefaces, title and description inside.
 *
 * element   the picture's host: a figure, or any part of one.
 */
export async function exportSvg(
  element: Element,
  words: PictureWords = {},
  drawn: Drawn = nothingDrawn,
): Promise<Blob> {
  const svg = stand(element, words, await addressesOf(drawn));
  await embedTypefaces(svg);
  return serialised(svg);
}

/** The same as pixels, `scale` of them to a CSS pixel. */
export async function exportPng(
  element: Element,
  scale = 2,
  words: PictureWords = {},
  drawn: Drawn = nothingDrawn,
): Promise<Blob> {
  const svg = stand(element, words, await addressesOf(drawn));
  // An image does not wait for typefaces inside it: its letters would be missing. The page has them already.
  await drawTexts(svg, scale);
  const url = URL.createObjectURL(serialised(svg));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(Number(svg.getAttribute("width")) * scale));
    canvas.height = Math.max(1, Math.round(Number(svg.getAttribute("height")) * scale));
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error("this browser cannot write a PNG so large"))),
        "image/png",
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

const serialised = (svg: SVGSVGElement): Blob =>
  new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(svg)}\n`], {
    type: "image/svg+xml",
  });

/** "perturbation-lab-lesson-4-bars.svg": names joined so that every system takes them. */
export function pictureName(parts: readonly (string | number)[], extension: "svg" | "png"): string {
  const name = ["perturbation lab", ...parts]
    .join(" ")
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 120);
  return `${name}.${extension}`;
}

/** Room around a picture, so that frames and edges are not cut. */
const margin = 12;

/** The picture as one SVG element, complete but for its typefaces. */
function stand(element: Element, { title, description }: PictureWords, drawn: Addresses): SVGSVGElement {
  const bounds = element.getBoundingClientRect();
  const width = Math.ceil(bounds.width) + 2 * margin;
  const height = Math.ceil(bounds.height) + 2 * margin;
  const root = make("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
  });
  const named = element.matches("[aria-label]") ? element : element.querySelector("[aria-label]");
  const heading = element.querySelector("h2, h3")?.textContent?.trim();
  const said = named?.getAttribute("aria-label") ?? "";
  root.append(
    make("title", {}, title ?? heading ?? said.split(/[:.]/)[0] ?? "Perturbation Lab"),
    make("desc", {}, description ?? said),
    make("rect", { width, height, fill: paper(element) }),
  );
  copy(element, root, { left: bounds.left - margin, top: bounds.top - margin, drawn });
  return root;
}

/** Pictures of canvases, each as an address that holds it. */
type Addresses = ReadonlyMap<Element, string>;

const addressesOf = async (drawn: Drawn): Promise<Addresses> =>
  new Map(
    await Promise.all([...drawn].map(async ([canvas, png]) => [canvas, await addressOf(png)] as const)),
  );

const addressOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });

/** Where the file's corner lies on the page, and what is on canvases that cannot be read. */
interface Origin {
  readonly left: number;
  readonly top: number;
  readonly drawn: Addresses;
}

/** The first colour behind an element. */
function paper(element: Element): string {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const { backgroundColor } = getComputedStyle(at);
    if (backgroundColor && !/, 0\)$|transparent/.test(backgroundColor)) return backgroundColor;
  }
  return getComputedStyle(document.documentElement).getPropertyValue("--paper").trim() || "#ffffff";
}

function copy(element: Element, into: SVGElement, origin: Origin): void {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden" || element.matches(".unseen")) return;
  const bounds = element.getBoundingClientRect();
  const place = { x: bounds.left - origin.left, y: bounds.top - origin.top };
  if (element instanceof SVGSVGElement) {
    const copied = copySvg(element);
    for (const [name, value] of Object.entries({ ...place, width: bounds.width, height: bounds.height }))
      copied.setAttribute(name, String(Math.round(value * 100) / 100));
    into.append(copied);
    return;
  }
  if (element instanceof HTMLCanvasElement) {
    if (element.width > 0 && element.height > 0)
      into.append(
        make("image", {
          ...place,
          width: bounds.width,
          height: bounds.height,
          href: origin.drawn.get(element) ?? element.toDataURL(),
          preserveAspectRatio: "none",
          "image-rendering": style.imageRendering,
        }),
      );
    return;
  }
  copyBox(style, bounds, place, into);
  for (const child of element.childNodes) {
    if (child instanceof Element) copy(child, into, origin);
    else if (child instanceof Text) copyText(child, style, into, origin);
  }
}

/** Clones with the styles that the page's sheets give; classes mean nothing outside. */
function copySvg(element: SVGElement): SVGElement {
  const copied = element.cloneNode(false) as SVGElement;
  const style = getComputedStyle(element);
  copied.removeAttribute("class");
  copied.removeAttribute("aria-hidden");
  const isShape = !/^(svg|g|defs|clipPath|linearGradient|stop)$/.test(element.tagName);
  const isText = element.tagName === "text";
  for (const name of [
    ...(isShape ? carried : (["opacity", "stop-color"] as const)),
    ...(isText ? carriedByText : []),
  ]) {
    if (name === "stop-color" && element.tagName !== "stop") continue;
    const value = style.getPropertyValue(name);
    if (value === "" || initial[name]?.includes(value)) copied.removeAttribute(name);
    else setPaint(copied, name, value);
  }
  if (style.display === "none") copied.setAttribute("display", "none");
  for (const child of element.childNodes) {
    if (child instanceof SVGElement) copied.append(copySvg(child));
    else if (child instanceof Text) copied.append(child.data);
  }
  return copied;
}

/** "rgba(…)" is CSS; older SVG readers know a colour and an opacity apart. */
function setPaint(element: SVGElement, name: string, value: string): void {
  const seeThrough = value.match(/^rgba\((\d+), (\d+), (\d+), ([\d.]+)\)$/);
  if (seeThrough && (name === "fill" || name === "stroke")) {
    const [, red, green, blue, alpha] = seeThrough;
    element.setAttribute(name, Number(alpha) === 0 ? "none" : `rgb(${red}, ${green}, ${blue})`);
    if (Number(alpha) > 0) element.setAttribute(`${name}-opacity`, alpha);
  } else element.setAttribute(name, value.replace(/^(-?[\d.]+)px$/, "$1"));
}

/** The background and the outline of a part of the page, if it has any. */
function copyBox(
  style: CSSStyleDeclaration,
  { width, height }: DOMRect,
  place: { readonly x: number; readonly y: number },
  into: SVGElement,
): void {
  const gradient = style.backgroundImage.match(/^linear-gradient\(to right, (.+)\)$/);
  const rectangle = (fill: string) => make("rect", { ...place, width, height, fill });
  if (gradient) {
    const colours = gradient[1].match(/rgba?\([^)]+\)/g) ?? [];
    const id = `gradient-${into.childNodes.length}`;
    into.append(
      make(
        "linearGradient",
        { id },
        ...colours.map((colour, index) =>
          make("stop", { offset: index / Math.max(1, colours.length - 1), "stop-color": colour }),
        ),
      ),
      rectangle(`url(#${id})`),
    );
  } else if (!/, 0\)$|transparent/.test(style.backgroundColor) && width > 0) {
    const part = rectangle("none");
    setPaint(part, "fill", style.backgroundColor);
    into.append(part);
  }
  const outline = Number.parseFloat(style.outlineWidth);
  if (style.outlineStyle !== "solid" || !(outline > 0)) return;
  const off = Number.parseFloat(style.outlineOffset) + outline / 2;
  into.append(
    make("rect", {
      x: place.x - off,
      y: place.y - off,
      width: width + 2 * off,
      height: height + 2 * off,
      fill: "none",
      stroke: style.outlineColor,
      "stroke-width": outline,
    }),
  );
}

/** A text of the page, line by line as it is broken there. */
function copyText(text: Text, style: CSSStyleDeclaration, into: SVGElement, origin: Origin): void {
  if (text.data.trim() === "") return;
  const range = document.createRange();
  const lines: { left: number; top: number; height: number; words: string[] }[] = [];
  for (const { 0: word, index } of text.data.matchAll(/\S+/g)) {
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    const { left, top, height } = range.getBoundingClientRect();
    const last = lines.at(-1);
    if (last && Math.abs(last.top - top) < 2) last.words.push(word);
    else lines.push({ left, top, height, words: [word] });
  }
  const measure = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  measure.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = measure.measureText("x");
  for (const { left, top, height, words } of lines) {
    const part = make(
      "text",
      {
        x: left - origin.left,
        y: top - origin.top + (height - ascent - descent) / 2 + ascent,
        ...Object.fromEntries(
          carriedByText
            .map((name) => [name, style.getPropertyValue(name)] as const)
            .filter(([name, value]) => value && !initial[name]?.includes(value)),
        ),
      },
      words.join(" "),
    );
    setPaint(part, "fill", style.color);
    into.append(part);
  }
}

/** Replaces every text by a small image of itself, at the same depth of the picture. */
async function drawTexts(svg: SVGSVGElement, scale: number): Promise<void> {
  const texts = [...svg.querySelectorAll("text")];
  const fonts = new Map<string, string>();
  for (const text of texts) fonts.set(fontOf(text), (fonts.get(fontOf(text)) ?? "") + text.textContent);
  await Promise.all([...fonts].map(([font, letters]) => document.fonts.load(font, letters)));
  for (const text of texts) text.replaceWith(drawnText(text, svg, scale));
}

function fontOf(text: SVGTextElement): string {
  const of = (name: string, otherwise: string) => text.getAttribute(name) ?? otherwise;
  const size = Number.parseFloat(of("font-size", "16"));
  return `${of("font-style", "normal")} ${of("font-weight", "400")} ${size}px ${of("font-family", "sans-serif")}`;
}

function drawnText(text: SVGTextElement, svg: SVGSVGElement, scale: number): SVGImageElement {
  const of = (name: string) => text.getAttribute(name);
  const letters = text.textContent ?? "";
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D;
  pen.font = fontOf(text);
  const { width, fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = pen.measureText(letters);
  const stroke = of("stroke") && of("stroke") !== "none" ? Number.parseFloat(of("stroke-width") ?? "1") : 0;
  const room = Math.ceil(stroke / 2) + 2;
  const anchor = { start: 0, middle: width / 2, end: width }[of("text-anchor") ?? "start"] ?? 0;
  const left = Number(of("x")) - anchor - room;
  const top = Number(of("y")) - ascent - room;
  const transform = of("transform");
  // An upright text is drawn on the file's own pixels, a turned one on finer ones.
  const fine = transform ? 2 * scale : scale;
  const holder = text.ownerSVGElement;
  const offset = (name: string) => (holder && holder !== svg ? Number(holder.getAttribute(name)) : 0);
  const snap = (value: number, name: string) =>
    transform ? value : Math.floor((value + offset(name)) * fine) / fine - offset(name);
  const [x, y] = [snap(left, "x"), snap(top, "y")];
  canvas.width = Math.ceil((width + 2 * room) * fine) + 2;
  canvas.height = Math.ceil((ascent + descent + 2 * room) * fine) + 2;
  pen.font = fontOf(text);
  pen.scale(fine, fine);
  pen.translate(left - x + room, top - y + room + ascent);
  if (stroke > 0) {
    pen.lineWidth = stroke;
    pen.lineJoin = "round";
    pen.strokeStyle = of("stroke") ?? "none";
    pen.strokeText(letters, 0, 0);
  }
  pen.fillStyle = of("fill") ?? "black";
  pen.globalAlpha = Number(of("fill-opacity") ?? 1);
  pen.fillText(letters, 0, 0);
  const image = make("image", { href: canvas.toDataURL() });
  // To the full digit: hundredths of a pixel would already blur.
  for (const [name, value] of Object.entries({
    x,
    y,
    width: canvas.width / fine,
    height: canvas.height / fine,
  }))
    image.setAttribute(name, String(value));
  if (transform) image.setAttribute("transform", transform);
  if (of("opacity")) image.setAttribute("opacity", of("opacity") as string);
  return image;
}
