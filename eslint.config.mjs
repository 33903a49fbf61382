import tseslint from 'typescript-eslint'

// Medians do not protect, only caps do (STYLE): a file asks for a reason at 250 lines and is refused at 400,
// a function asks at 40 and is refused at 60. The composition root and tables of handlers may have 120.
const length = (lines) => ['error', { max: lines, skipBlankLines: true, skipComments: true }]

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'openapi/generated/**',
      'services/sentinel/generated/**',
      'data/**',
      'test/reports/**',
      'test/fixtures/**',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': length(400),
      'max-lines-per-function': length(60),
      'max-depth': ['error', 4],
      complexity: ['error', 15],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['services/*/src/{sentinel,ui}.ts', 'services/*/src/api/*.ts'],
    rules: { 'max-lines-per-function': length(120) },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['**/*.{js,cjs}'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
)
