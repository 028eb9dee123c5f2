// The sign of each type of a schema.
import Braces from "@lucide/svelte/icons/braces";
import Brackets from "@lucide/svelte/icons/brackets";
import CircleHelp from "@lucide/svelte/icons/circle-question-mark";
import Equal from "@lucide/svelte/icons/equal";
import Hash from "@lucide/svelte/icons/hash";
import Link from "@lucide/svelte/icons/link";
import List from "@lucide/svelte/icons/list";
import Split from "@lucide/svelte/icons/split";
import ToggleLeft from "@lucide/svelte/icons/toggle-left";
import TypeIcon from "@lucide/svelte/icons/type";
import type { TypeName } from "../../lib/schema-tree";

export const TYPE_ICONS: Record<TypeName, typeof Braces> = {
  string: TypeIcon,
  number: Hash,
  integer: Hash,
  boolean: ToggleLeft,
  object: Braces,
  array: Brackets,
  null: CircleHelp,
  enum: List,
  const: Equal,
  any_of: Split,
  ref: Link,
  several: Split,
  any: CircleHelp,
};
