const WIDTH = 240
const HEIGHT = 56
const GAP = 2

interface Bar {
  value: number
  /** What it says when somebody points at it. */
  title: string
  isMarked: boolean
}

/** A bar for each of so many equal times, the highest as high as the picture. */
export function Bars({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value))
  const step = WIDTH / Math.max(1, bars.length)
  return (
    <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
      {bars.map(({ value, title, isMarked }, index) => {
        const height = value === 0 ? 1 : Math.max(3, (value / most) * HEIGHT)
        return (
          <rect
            key={index}
            class={isMarked ? 'bar bar-marked' : 'bar'}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(step / 2, step - GAP)}
            height={height}
            rx={2}
          >
            <title>{title}</title>
          </rect>
        )
      })}
    </svg>
  )
}
