/** Where lines go as they come. */
export interface EdgesFile {
  write(lines: string): Promise<void>;
  /** What it holds in the end; null where it is in a file that somebody chose. */
  end(): Promise<Blob | null>;
  /** Nothing of it is kept. */
  abandon(): Promise<void>;
}

/** Pieces are handed to the browser, which may keep them on the disk, when they have so many characters. */
const blobCharacters = 2 ** 24;

/**
 * A file for the edges: the one that was chosen, where the browser lets a page write into one, or else a blob.
 *
 * Errors   whatever the browser has against that file.
 */
export async function openEdges(chosen: FileSystemFileHandle | null): Promise<EdgesFile> {
  if (chosen === null) return blobFile();
  const file = await chosen.createWritable();
  return {
    write: (lines) => file.write(lines),
    async end() {
      await file.close();
      return null;
    },
    abandon: () => file.abort(),
  };
}

function blobFile(): EdgesFile {
  const pieces: Blob[] = [];
  let waiting: string[] = [];
  let characters = 0;
  const flush = () => {
    pieces.push(new Blob(waiting));
    [waiting, characters] = [[], 0];
  };
  return {
    async write(lines) {
      waiting.push(lines);
      characters += lines.length;
      if (characters >= blobCharacters) flush();
    },
    async end() {
      flush();
      return new Blob(pieces, { type: "text/csv" });
    },
    async abandon() {
      pieces.length = 0;
    },
  };
}
