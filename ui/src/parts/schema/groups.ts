// The rules of strict mode as lines of a list: passed, or the problems that break them.
import type { CheckSchemaOutput, SchemaProblem, SchemaProblemCode } from "../../contract/ipc";
import { tokens } from "../../lib/format";

type Group = "root" | "closed" | "required" | "supported" | "references" | "limits" | "name";

// Exhaustive on purpose: a new rule of the engine does not compile here until it has its line.
const GROUP_OF: Record<SchemaProblemCode, Group> = {
  not_a_schema: "root",
  root_not_object: "root",
  root_any_of: "root",
  extra_keys: "closed",
  not_required: "required",
  required_unknown: "required",
  malformed: "supported",
  type_missing: "supported",
  type_unsupported: "supported",
  format_unsupported: "supported",
  keyword_unsupported: "supported",
  items_missing: "supported",
  tuple_items: "supported",
  ref_remote: "references",
  ref_missing: "references",
  ref_sibling: "references",
  ref_cycle: "references",
  ref_endless: "references",
  too_many_properties: "limits",
  too_deep: "limits",
  too_many_values: "limits",
  too_many_characters: "limits",
  enum_too_long: "limits",
  name_invalid: "name",
};

export interface Rule {
  id: Group;
  /** What is said where it holds. */
  passed: string;
  problems: readonly SchemaProblem[];
}

export function rulesOf(checked: CheckSchemaOutput): Rule[] {
  const { levels, properties } = checked.counts;
  const rules: Record<Group, string> = {
    root: "Root is an object",
    closed: "No object allows extra keys",
    required: "Every field is required",
    supported: "No unsupported keywords",
    references: "References lead somewhere",
    limits: `Depth ${levels.used} and ${tokens(properties.used)} fields: within limits`,
    name: "Name is one that the API takes",
  };
  return (Object.keys(rules) as Group[]).map((id) => ({
    id,
    passed: rules[id],
    problems: checked.problems.filter((it) => GROUP_OF[it.code] === id),
  }));
}
