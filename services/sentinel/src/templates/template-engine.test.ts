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

  it.each([
    ['{{ text | where_exp: "i", "true" }}', 'where_exp'],
    ['{% assign a = reasons | group_by_exp: "i", "i.kind" %}', 'group_by_exp'],
    ['{{ reasons | find_exp: "i", "true" }}', 'find_exp'],
    ['{% assign a = reasons | reject_exp: "i", "true" %}x', 'reject_exp'],
    ['{{a}}'.repeat(1001), 'more than 1000 parts'],
    ['{% assign a = (1..900000) %}{{ a | reverse | size }}', 'beyond the limit'],
  ])('%.40s costs too much', (body, part) => {
    expect(() => render(body)).toThrow(part)
  })

  it.each([
    ['{{ profle.name }}', 'knows no “profle.name”. Did you mean “profile.name”?'],
    ['{{ txet }}', 'Did you mean “text”?'],
    ['{{ sender.usrname }}', 'Did you mean “sender.username”?'],
    ['{{ alert.score }}', 'Did you mean “score”?'],
    ['{{ title }}', 'knows no “title”'],
    ['{{ reasons[0].lable }}', 'knows no “reasons.0.lable”'],
    ['{% for r in reasons %}{{ r.lable }}{% endfor %}', 'Did you mean “r.label”?'],
    ['{% if likn %}{{ text }}{% endif %}', 'Did you mean “link”?'],
    ['{% assign a = scoer | plus: 1 %}{{ a }}', 'Did you mean “score”?'],
    ['{{ text | append: zzzzzzzz }}', 'knows no “zzzzzzzz”.'],
    ['{{ constructor }}', 'knows no “constructor”'],
    ['{{ text.constructor }}', 'knows no “text.constructor”'],
  ])('%s is not kept', (body, part) => {
    expect(() => engine.check({ title: '', body })).toThrow(part)
    expect(() => engine.check({ title: body, body: 'x' })).toThrow('The title of the template')
  })

  it.each([
    BUILT_IN.body,
    '{% for r in reasons %}{{ r.label }}{{ r.category }}{{ forloop.index }}{% endfor %}',
    '{% assign words = text | split: " " %}{{ words.first }}{{ words[0] }}{{ words.size }}',
    '{{ sender.name }}{{ text.size }}{{ reasons.first.label }}{{ reasons | map: "label" | join: ", " }}',
    '{% capture c %}{{ where }}{% endcapture %}{{ c }}{% if sender == nil or link == empty %}x{% endif %}',
    '{% for i in (1..3) %}{{ i }}{% endfor %}{% case raised_by %}{% when "edit" %}e{% endcase %}{{ "now" | date: "%Y" }}',
  ])('%.60s is kept', (body) => {
    expect(() => engine.check({ title: '', body })).not.toThrow()
  })

  it('is cut by what it says, in whole characters, with an ellipsis', () => {
    const long = (text: string) => ({
      ...SAMPLE_ALERT,
      text,
      chat: { ...SAMPLE_ALERT.chat, title: `a${'🔥'.repeat(200)}` },
    })
    const { title, body } = engine.render(
      { title: '{{ chat.title }}', body: '{{ text }}\n{{ link }}' },
      variablesOf(long('&'.repeat(4096))),
    )
    expect(title).toBe(`a${'🔥'.repeat(149)}…`)
    expect(body.text).toBe(`${'&'.repeat(4096)}\nhttps://t.me/newswire/77`)
    const whole = engine.render(
      { title: '', body: '<b>{{ text }}{{ text }}{{ text }}</b>' },
      variablesOf(long('🔥'.repeat(4000))),
    )
    expect(whole.body.text).toHaveLength(19_999)
    expect(whole.body.text.endsWith('🔥…')).toBe(true)
    expect(whole.body.marks).toEqual([{ kind: 'bold', offset: 0, length: 19_998 }])
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
