// How the JavaScript is linted by `make check`. Nothing of this is served.
import js from "@eslint/js";
import jsdoc from "eslint-plugin-jsdoc";
import globals from "globals";

// Words that name nothing, as names of variables, parameters, functions and properties; tests/test_names.py has Python's.
const PLACEHOLDERS = [
  "one", "made", "held", "found", "told", "said", "asked", "given", "whole", "plain", "wish", "thing", "taken", "kept", "known", "way", "turn",
  "drawn", "picture", "sheet",
];

// What html_map_style.js gives html_map.js.
const MAP_FILE = Object.fromEntries(
  ["Styles", "Roles", "Other", "Colours", "Positions", "Isolated", "Radius", "Ink", "Sign", "Clip", "Outlines"].map((name) => [`masafa${name}`, "readonly"]),
);

export default [
  { ignores: ["build/", "workspace/", ".venv/"] },
  js.configs.recommended,
  {
    linterOptions: { noInlineConfig: true },
    rules: { "eqeqeq": "error", "no-var": "error", "prefer-const": "error" },
  },
  {
    files: ["webapp/static/js/**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    plugins: { jsdoc },
    rules: {
      "id-denylist": ["error", ...PLACEHOLDERS],
      "no-shadow": "error",
      "jsdoc/check-param-names": ["error", { checkDestructured: false }],
      "jsdoc/check-tag-names": ["error", { typed: false }],
      "jsdoc/require-description": ["error", { contexts: ["ExportNamedDeclaration > FunctionDeclaration", "ExportNamedDeclaration > ClassDeclaration"] }],
      "jsdoc/require-jsdoc": ["error", { publicOnly: true, require: { ArrowFunctionExpression: true, ClassDeclaration: true } }],
    },
  },
  {
    // The scripts of the single-file map, which folium calls: one page, one scope.
    files: ["geodata/formats/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: { ...globals.browser, L: "readonly", ...MAP_FILE } },
    plugins: { jsdoc },
    rules: {
      "id-denylist": ["error", ...PLACEHOLDERS],
      "no-redeclare": ["error", { builtinGlobals: false }],
      "no-unused-vars": ["error", { vars: "local" }],
      "jsdoc/check-param-names": ["error", { checkDestructured: false }],
      "jsdoc/check-tag-names": ["error", { typed: false }],
    },
  },
];
