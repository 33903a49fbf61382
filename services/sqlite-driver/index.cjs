// better-sqlite3 for every Node that we run on. 12 aborts on Node 24.19 and later, when a statement is collected
// (nodejs/node#65446); 13, built on Node-API, does not run on Node 20 (a segmentation fault). 22 runs either.
const isNode20 = Number(process.versions.node.split('.')[0]) < 22

module.exports = isNode20 ? require('better-sqlite3') : require('better-sqlite3-13')
