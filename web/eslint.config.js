// One lint for every package of the web folder. Formatting is prettier's business alone.
import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'api/src/schema.ts'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // The compiler knows better what exists than a list of names.
      'no-undef': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Pages are called by the word of the product: Desk, Review.
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      // Names carry their unit as everywhere else: `at_ms`.
      'vue/prop-name-casing': 'off',
      // Text comes from typed modules and from the server; neither is ever markup.
      'vue/no-v-html': 'error',
    },
  },
  prettier,
)
