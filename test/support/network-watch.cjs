// For `node --require`: tells on stderr of whatever the process and its threads want of the network. Threads inherit it.
const dns = require('node:dns')
const net = require('node:net')

function tell(what, target) {
  // Of a thread, process.stderr is written by the main thread, when it has time.
  require('node:fs').writeSync(2, `network: ${what} ${target}\n`)
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function connectOrTell(...parameters) {
  const [first] = Array.isArray(parameters[0]) ? parameters[0] : parameters
  if (first?.path === undefined) tell('connect', first?.port ? `${first.host ?? 'localhost'}:${first.port}` : first)
  return connect.apply(this, parameters)
}

const { lookup } = dns
dns.lookup = function lookupOrTell(name, ...rest) {
  tell('lookup', name)
  return lookup.call(this, name, ...rest)
}

const { fetch } = globalThis
globalThis.fetch = function fetchOrTell(resource, ...rest) {
  tell('fetch', resource?.url ?? resource)
  return fetch(resource, ...rest)
}
