// What can be done to a message, as the list of messages offers it to each.
import type { MessageBlock, OtherPart, TextField } from "../../../lib/messages";

export interface MessageActs {
  text: (field: TextField, text: string) => void;
  role: (block: MessageBlock, role: string) => void;
  move: (block: MessageBlock, to: number) => void;
  /** The pointer took hold of it. */
  drag: (block: MessageBlock, event: PointerEvent) => void;
  duplicate: (block: MessageBlock) => void;
  remove: (block: MessageBlock) => void;
  files: (block: MessageBlock, files: File[]) => void;
  /** Files of this machine, by their paths. */
  paths: (block: MessageBlock, paths: readonly string[]) => void;
  /** Files came where none can go. */
  refuse: (block: MessageBlock, why: string) => void;
  dismiss: (block: MessageBlock) => void;
  detail: (part: OtherPart, detail: string | null) => void;
  removePart: (block: MessageBlock, part: OtherPart) => void;
  /** Takes what a file of the workspace holds now. */
  renew: (part: OtherPart, block: MessageBlock, path: string) => void;
}
