// Lints, and the borders between the parts of the web view as rules a machine checks.
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const TAURI = {
  regex: "^@tauri-apps/",
  message: "host.ts is the one door to the machine: ask it instead.",
};

/** Forbids imports that match, on top of the one-door rule. */
function zone(files, patterns) {
  return {
    files,
    rules: { "no-restricted-imports": ["error", { patterns: [TAURI, ...patterns] }] },
  };
}

export default ts.config(
  { ignores: ["dist", "src/contract"] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig },
    },
  },
  {
    rules: {
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      // TypeScript knows the globals better.
      "no-undef": "off",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "svelte/no-at-html-tags": "error",
      "svelte/button-has-type": "error",
      // Collections that no markup reads are plain ones on purpose.
      "svelte/prefer-svelte-reactivity": "off",
      "svelte/block-lang": ["error", { script: "ts" }],
    },
  },
  zone(["src/**/*.{ts,svelte}"], []),
  zone(
    ["src/lib/**"],
    [
      {
        regex: "/(state|parts|features|host)(\\.|/|$)",
        message: "lib knows nothing of ours but the contract's types.",
      },
    ],
  ),
  zone(
    ["src/parts/**"],
    [
      {
        regex: "^\\..*/(state|features)(/|$)",
        message: "Parts know no state: take it as props.",
        allowTypeImports: true,
      },
    ],
  ),
  zone(["src/state/**"], [{ regex: "/(parts|features)/", message: "State knows no markup." }]),
  zone(
    ["src/features/**"],
    [
      {
        regex: "/features/|^\\.\\./(build|compare|mock|schema|settings)(/|$)",
        message: "Features never import one another: move what they share to parts or state.",
      },
    ],
  ),
  // Tests set the stage with whatever they need.
  zone(["src/**/*.test.ts"], []),
  { files: ["src/host.ts"], rules: { "no-restricted-imports": "off" } },
);
