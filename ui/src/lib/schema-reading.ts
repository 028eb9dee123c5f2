// Whether a large text is JSON, found out beside the window's own work: a page that reads 400 KB between two keys stutters.
import { faultOf, type TextFault } from "./json-places";

/** In characters: a text up to here is read at once, well within a frame. */
export const AT_ONCE = 24_000;

/** Problems that are shown in the text at once; the list of checks counts them all. */
export const MARKED = 200;

interface Question {
  id: number;
  text: string;
}

interface Answer {
  id: number;
  fault: TextFault | null;
}

const waiting = new Map<number, (fault: TextFault | null) => void>();
let reader: Worker | null | undefined;
let asked = 0;

function start(): Worker | null {
  // Where there are no workers, as in a test, it is read here.
  if (typeof Worker === "undefined") return null;
  let worker: Worker;
  try {
    worker = new Worker(new URL("./schema-reading.worker.ts", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.id)?.(data.fault);
    waiting.delete(data.id);
  };
  // One that breaks is not waited for: its texts are read here.
  worker.onerror = () => {
    reader = null;
    for (const [id, done] of waiting) {
      waiting.delete(id);
      done(NOT_READ);
    }
  };
  return worker;
}

/** Stands for an answer that did not come. */
const NOT_READ: TextFault = { message: "", offset: -1, line: 0, column: 0 };

/** Where a text stops being JSON, null where it does not; and who read it. */
export interface Reading {
  fault: TextFault | null;
  by: "worker" | "page";
}

/** Reads a text beside the page, or where that can't be, in it. */
export async function readBeside(text: string): Promise<Reading> {
  if (reader === undefined) reader = start();
  const worker = reader;
  if (!worker) return { fault: faultOf(text), by: "page" };
  const id = ++asked;
  const question: Question = { id, text };
  const fault = await new Promise<TextFault | null>((done) => {
    waiting.set(id, done);
    worker.postMessage(question);
  });
  return fault === NOT_READ ? { fault: faultOf(text), by: "page" } : { fault, by: "worker" };
}
