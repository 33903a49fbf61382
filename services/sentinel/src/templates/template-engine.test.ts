import { SAMPLE_ALERT, variablesOf } from './alert-variables'
import { TemplateEngine } from './template-engine'
import { BUILT_IN } from './templates'

const engine = new TemplateEngine()
const alert = { ...SAMPLE_ALERT, text: '<b>x</b> &amp; {{ score }} <a href="https://evil.example">bank</a>\r\u0007' }
const render = (body: string, title = '') => engine.render({ title, body }, variablesOf(alert))

describe('a template', () => {
  it('knows an alert by its variables, conditions, loops and filters', () => {
    const { body } = render(
      '{% if score > 3 %}{{ profile.name | upcase }}{% else %}no{% endif %}: {% for r in reasons %}{{ r.label }}{% endfor %} {{ chat.username }} {{ text | shorten: 4 }}',
    )
    expect(body.text).toBe('SECURITY: zero day newswire <b>…')
  })

  it('takes nothing that a value holds for markup, nor for a template', () => {
    const { body, title } = render('<b>{{ text }}</b>', '{{ text }}\n{{ where }}')
    expect(body.text).toBe('<b>x</b> &amp; {{ score }} <a href="https://evil.example">bank</a>')
    expect(body.marks).toEqual([{ kind: 'bold', offset: 0, length: body.text.length }])
    expect(title).not.toMatch(/\n/)
  })

  it.each([
    ['{{ text', 'not closed'],
    ['{% nonsense %}', 'nonsense'],
    ['{{ text | nonsense }}', 'nonsense'],
    ['{{ text | raw }}', 'raw'],
    ["{% include '/etc/passwd' %}", 'include'],
    ["{% render '/etc/passwd' %}", 'render'],
    ["{% layout '/etc/passwd' %}", 'layout'],
    ['{% for a in (1..1000000000) %}x{% endfor %}', 'limit'],
    ['{% for a in (1..3000) %}{% for b in (1..3000) %}x{% endfor %}{% endfor %}', 'limit'],
  ])('%s is refused, in words', (body, part) => {
    expect(() => render(body)).toThrow(expect.objectContaining({ code: 'INVALID_TEMPLATE' }))
    expect(() => render(body)).toThrow(part)
  })

  it('reaches nothing but its variables', () => {
    expect(render('{{ constructor }}{{ text.constructor }}{{ __proto__ }}x{{ toString }}').body.text).toBe('x')
  })

  it('that is built in says where, why and what', () => {
    const { title, body } = engine.render(BUILT_IN, variablesOf(SAMPLE_ALERT))
    expect(title).toBe('Security: Mara Lind in News & more')
    expect(body.text.split('\n')).toEqual([
      '[3.5] Security · Mara Lind in News & more',
      'A zero day was found in <b>everything</b>. Update *now*.',
      'Why: “zero day” (security) +2',
      'https://t.me/newswire/77',
    ])
  })
})
