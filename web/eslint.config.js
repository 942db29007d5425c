import vue from 'eslint-plugin-vue'
import ts from 'typescript-eslint'

export default ts.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  ...ts.configs.recommended,
  ...vue.configs['flat/essential'],
  {
    files: ['src/**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'no-console': 'error',
      'no-eval': 'error',
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Only src/api calls the network.' }],
      eqeqeq: 'error',
    },
  },
  { files: ['src/api/**', 'tools/**', 'src/**/*.test.ts'], rules: { 'no-restricted-globals': 'off', 'no-console': 'off' } },
)
