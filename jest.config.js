/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/services', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // GramJS reads our schema in place of its own, as in the bundle.
  moduleNameMapper: { '^\\./apiTl\\.js$': '<rootDir>/services/sentinel/generated/api-schema.js' },
  transformIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/test/support/longest-first.cjs',
  // A worker that has grown so large by what it has run begins anew before the next file.
  workerIdleMemoryLimit: '700MB',
}
