import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist*/", "node_modules/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.{ts,vue,js,mjs}"],
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: { parser: ts.parser, extraFileExtensions: [".vue"] },
    },
    rules: {
      "max-lines": ["error", { max: 250 }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-undef": "off", // the type check knows better
      "no-restricted-imports": [
        "error",
        { paths: [{ name: "jssip", message: "Only src/phone/softphone.ts speaks SIP." }] },
      ],
      "vue/multi-word-component-names": "off",
      "vue/max-attributes-per-line": "off",
      "vue/multiline-html-element-content-newline": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-self-closing": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/html-indent": "off",
      "vue/attributes-order": "off",
      "vue/no-bare-strings-in-template": "error", // every word comes from i18n
      "vue/require-default-prop": "off",
    },
  },
  { files: ["src/phone/softphone.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["tests/fake-server/**", "eslint.config.js"], rules: { "no-console": "off" } },
);
