// npm run healthcheck [sentinel|ui]: asks the services whether they do what they are for; exits with 1 when one does not, and says why.
// The images run it, too.
const { SENTINEL_API_PORT = 8080, UI_PORT = 5001, BASE_PATH = '/' } = process.env
const services = {
  sentinel: `http://127.0.0.1:${SENTINEL_API_PORT}/api/health?deep=1`,
  ui: `http://127.0.0.1:${UI_PORT}${BASE_PATH.replace(/\/$/, '')}/api/health`,
}

const asked = process.argv[2] ? [process.argv[2]] : Object.keys(services)
for (const name of asked) {
  const answer = await ask(services[name])
  console.log(`${name}: ${answer}`)
  if (answer !== 'ok') process.exitCode = 1
}

async function ask(url) {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(5000) })
    const { status, message } = await reply.json()
    return message ?? status
  } catch (error) {
    return `no answer from ${url} (${error.cause?.code ?? error.name})`
  }
}
