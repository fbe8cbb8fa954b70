import DeskWorker from "./worker.ts?worker&inline";

/**
 * The page's worker. Its script travels inside the page's own: from a file on disk, browsers refuse a
 * worker by its address, and a page on a host has one request less to wait for.
 */
export const hireWorker = (): Worker => new DeskWorker();
