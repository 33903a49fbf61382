const Sequencer = require('@jest/test-sequencer').default

/** The first take minutes: begun last they would keep one worker busy when the others have nothing left. */
const ORDER = [
  /faults\.test/,
  /bombs\.test/,
  /crash\.test/,
  /\/test\/e2e\//,
  /\/test\/contract\//,
  /\/test\/browser\//,
  /\/test\//,
]

/** A fresh clone knows no times of former runs, by which Jest would order the suites. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((one, other) => rankOf(one) - rankOf(other))
  }
}

function rankOf({ path }) {
  const rank = ORDER.findIndex((pattern) => pattern.test(path))
  return rank < 0 ? ORDER.length : rank
}
