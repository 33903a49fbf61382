import { useEffect, useMemo } from 'preact/hooks'
import { useSecondsLeft } from '../countdown'
import { countdown } from '../format'
import { qrPath } from './qr-path'

interface QrStepProps {
  qr: { url: string; expires_at: string }
  /** Called once a code is over: the next one should have come by then. */
  onExpired: () => void
}

export function QrStep({ qr, onExpired }: QrStepProps) {
  const secondsLeft = useSecondsLeft(Date.parse(qr.expires_at))
  const { size, path } = useMemo(() => qrPath(qr.url), [qr.url])
  const isOver = secondsLeft === 0
  useEffect(() => {
    if (isOver) onExpired()
  }, [isOver, qr.url])
  return (
    <div class="qr">
      <svg
        class="qr-code"
        data-testid="qr-code"
        data-url={qr.url}
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label="QR code for signing in"
        shape-rendering="crispEdges"
      >
        <path d={path} />
      </svg>
      <div class="qr-help">
        <ol class="numbered">
          <li>Open Telegram on your phone.</li>
          <li>
            Go to <b>Settings</b>, <b>Devices</b>, <b>Link Desktop Device</b>.
          </li>
          <li>Point the camera at this code.</li>
        </ol>
        <p class="hint" data-testid="qr-expiry">
          {isOver ? 'The next code is on its way.' : `Renews by itself in ${countdown(secondsLeft)}.`}
        </p>
        <p class="hint">Whoever scans it lets this sentinel read that account. Show it to nobody else.</p>
      </div>
    </div>
  )
}
