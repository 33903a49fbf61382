// npm run healthcheck: asks both services; exits with 1 when one does not answer.
const sentinel = process.env.SENTINEL_API_BASE_URL ?? `http://127.0.0.1:${process.env.SENTINEL_API_PORT ?? 8080}/api`
const ui = `http://127.0.0.1:${process.env.UI_PORT ?? 5001}/api`

for (const [name, base] of [
  ['sentinel', sentinel],
  ['ui', ui],
]) {
  const answer = await ask(base)
  console.log(`${name}: ${answer}`)
  if (answer !== 'ok') process.exitCode = 1
}

async function ask(base) {
  try {
    const reply = await fetch(`${base}/health`, { signal: AbortSignal.timeout(5000) })
    return (await reply.json()).status
  } catch (error) {
    return `no answer from ${base} (${error.cause?.code ?? error.name})`
  }
}
