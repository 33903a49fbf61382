import { areForms, stemsOf } from './forms'

/** The first of a line and every other one are forms of one word. */
const FORMS = `
vulnerability vulnerabilities
leak leaks leaked leaking
breach breaches breached
deploy deployed deploys deploying
incident incidents
release releases released releasing
exploit exploits exploited exploiting
patch patches patched patching
update updates updated updating
outage outages
plan planned planning plans
policy policies
attack attacks attacked attacking
deadline deadlines
verify verifies verified
stop stopped stopping
fail failed fails failing
server servers
уязвимость уязвимости уязвимостей уязвимостью уязвимостям уязвимостями уязвимостях
утечка утечки утечек утечку утечкой утечкам
взлом взлома взломы взломов взломе взломом
обновление обновления обновлений обновлению обновлением обновлениях
критический критическая критические критического критическом критической критических
ошибка ошибки ошибок ошибку
сбой сбоя сбои сбоев сбоем
срочный срочная срочное срочного срочные
релиз релиза релизы релизов
пароль пароля пароли паролей паролем
атака атаки атак атаку атакой
взломать взломали взломал взломает
компания компании компаний компанию
список списка списки списком
данные данных данным данными
владелец владельца владельцы
störung störungen
sicherheitslücke sicherheitslücken
angriff angriffe angriffs angriffen
kritisch kritische kritischen kritischer kritisches
passwort passwörter passwörtern
ausfall ausfälle ausfällen
meldung meldungen
fehler fehlern fehlers
problem probleme problemen
schwachstelle schwachstellen
konto konten
dringend dringende
faille failles
critique critiques
vulnérabilité vulnérabilités
journal journaux
piraté piratée piratés piratées
urgent urgente urgents urgentes
réseau réseaux
attaque attaques
officiel officielle officiels
actualización actualizaciones
vulnerabilidad vulnerabilidades
filtración filtraciones
crítico crítica críticos críticas
ataque ataques
contraseña contraseñas
error errores
voz voces
aggiornamento aggiornamenti
vulnerabilità vulnerabilita
critico critica critici critiche
attacco attacchi
violazione violazioni
servizio servizi
falla falle
minaccia minacce
voce voci
atualização atualizações
vulnerável vulneráveis
mensagem mensagens
senha senhas
vazado vazada vazados
falha falhas
violação violações
ameaça ameaças
güncelleme güncellemeler güncellemesi güncellemeleri güncellemede
saldırı saldırılar saldırısı saldırıyı
şifre şifreler şifresi şifreyi
sunucu sunucular
açık açıklar
hata hatalar hataları
баг баги багов багу багам
суд суды судов судом
чат чаты чатов чате
недоступен недоступна недоступны недоступно недоступный
опасен опасна опасны опасный
лежит лежат лежал лежали лежать
держит держат держали
значит значат
сдается сдаются сдавался
продается продаются
bug bugs
job jobs
api apis
вразливість вразливості вразливостей
оновлення оновлень оновленням
витік витоку
атака атаки атаку
`

/** No two of a line are forms of one word. */
const LOOK_ALIKES = `
universe university universal
new news
mar mars
bed bedding
pad padded
thu thus
red redding
тем тема
душ душа
вов вова
рот рота
печать печатает
стена стенка
член членство
organ organization organic
policy police
news new
import important importance
general generate generation
release relative
author authority authorize
secure secular
rce source
past pasta paste
port portal porta
plan plane planet
local locale
moral morale
human humane
short shorten
threat threaten
test tester testament
hack hacker
server serve
deploy deployment
urgent urgently
even evening event
custom customs customer
mean means
good goods
number numb
corn corner
list listen
post poster
mode model modem
code coda
data date
quota quote
schema scheme
princess princes
community communist commune
operate opera
accept acceptable
business busy
passport password
active activity action
relate relation
express expression
contract contraction
policeman policemen's
experience experiment
internal internet international
note notice
commit committee
object objective
probe probable
compute computer
wand wander
numeral numerous
positive position
station static
nation native
fact factor factory
arm army
schon schön
drucken drücken
porto porta
punto punta
puerto puerta
банк банкет банкир
завод заводь
угол уголь
брат брать
место месть
стол столица столовая
лист листва
порт портрет портить
взлом взломать взломщик
уязвимость уязвимый
критика критический критик
обновление обновить
право правый правило
страна странный
мост мостовая
город городской
власть властный
суда судно
время временный
`

const lines = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line) => line.split(' '))

const pairs = lines(FORMS).flatMap(([word, ...forms]) => forms.map((form) => [word as string, form] as const))
const strangers = lines(LOOK_ALIKES).flatMap((words) =>
  words.flatMap((word, at) => words.slice(at + 1).map((other) => [word, other] as const)),
)

describe('forms of a word', () => {
  it('are found in at least 95 of 100 cases', () => {
    const missed = pairs.filter(([word, form]) => !areForms(word, form))
    expect(pairs.length).toBeGreaterThan(120)
    expect(missed.length / pairs.length).toBeLessThanOrEqual(0.05)
  })

  it('are never words that look alike', () => {
    expect(strangers.length).toBeGreaterThan(80)
    expect(strangers.filter(([word, other]) => areForms(word, other) || areForms(other, word))).toEqual([])
  })

  it('are the same from either side, and share a stem', () => {
    for (const [word, form] of pairs) {
      expect([word, form, areForms(form, word)]).toEqual([word, form, areForms(word, form)])
      if (areForms(word, form)) expect(stemsOf(word).some((stem) => stemsOf(form).includes(stem))).toBe(true)
    }
  })

  it('are none of a word of two letters, of one with digits, of two scripts', () => {
    expect([areForms('ai', 'ais'), areForms('сб', 'сба'), areForms('cve1', 'cve1s'), areForms('leak', 'лик')]).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})
