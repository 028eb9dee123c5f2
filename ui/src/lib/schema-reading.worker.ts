// Reads a schema's text beside the page.
import { faultOf } from "./json-places";

addEventListener("message", ({ data }: MessageEvent<{ id: number; text: string }>) => {
  postMessage({ id: data.id, fault: faultOf(data.text) });
});
