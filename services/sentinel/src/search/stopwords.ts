export type SpacedLanguage = 'ru' | 'uk' | 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'tr'

/** Words of everyday texts, in the form they are looked for: folded, without accents. */
const LISTS: Record<SpacedLanguage, string> = {
  ru: `и в не на что я с он как это по но они мы она так его то все за у из от же вы бы только ее мне было вот меня еще нет
    о ему теперь когда даже ну вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя ничего
    ей может тут где есть надо ней для тебя их чем была сам чтоб без будто чего раз тоже себе под будет кто этот того потому
    этого какой совсем ним здесь этом один почти мой тем чтобы сейчас были куда зачем всех никогда можно при наконец два об
    другой хоть после над больше тот через эти нас про всего них какая много разве эту моя свою этой перед иногда лучше чуть
    том нельзя такой им более всегда конечно всю между привет спасибо пожалуйста сегодня завтра день да`,
  uk: `і й в у не на що я з він як це по але вони ми вона так його те все за із від же ви би тільки її мені було ось мене ще
    ні про йому тепер коли навіть якщо вже або бути був до вас там потім себе нічого їй може тут де є треба для тебе їх чим
    була сам без чого раз теж собі під буде хто цей того тому цього який зовсім один майже мій тим щоб зараз були куди всіх
    ніколи можна при два інший хоч після над більше через ці нас всього них яка багато цю моя свою перед краще такий їм
    завжди звичайно між привіт дякую сьогодні завтра день так та чи бо`,
  en: `the and to of a in is it you that he was for on are with as i his they be at one have this from or had by but not what
    all were we when your can said there use an each which she do how their if will up other about out many then them these
    so some her would make like him into time has look two more write go see no way could people my than been who its now
    did get come made may over new only after also here just know where most very our should because please thanks hello
    today tomorrow any does don am`,
  de: `der die und in den von zu das mit sich des auf fur ist im dem nicht ein eine als auch es an werden aus er hat dass sie
    nach wird bei einer um am sind noch wie einem uber einen so zum war haben nur oder aber vor zur bis mehr durch man sein
    wurde sei ihr ich wir du mein kann wenn hier alle ihre jetzt schon was doch heute morgen danke bitte hallo diese dieser
    dieses muss gibt keine kein sehr immer wieder uns euch mich dich ja nein unter gegen vom habe`,
  fr: `le la les de des du un une et est en que qui dans pour pas sur plus par je il elle nous vous ils elles ne se ce cette
    ces au aux avec son sa ses mais ou comme tout tous fait etre ete sont leur leurs bien peut deux meme aussi si y on lui
    sans entre apres avant mon ma mes ton ta tes notre votre quand encore alors ai as avez avons ont suis merci bonjour
    aujourd hui demain tres quoi oui non donc cela faire c d l j qu n s`,
  es: `el la los las de que y en un una es se no por con para su al lo como mas pero sus le ya o este si porque esta entre
    cuando muy sin sobre tambien me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante
    ellos e esto mi antes algunos unos yo otro otras otra tanto esa estos mucho quienes nada muchos cual poco ella estar
    estas algo nosotros tu te gracias hola hoy manana del son fue ser tiene puede estoy`,
  it: `il lo la i gli le di che e un una in per non con si da come ma sono al del della dei delle nel nella ai alla anche
    piu questo questa o se ci mi ti lui lei noi voi loro essere ha ho hai hanno era stato dal dalla su sul sulla quando
    dove chi cosa perche cosi tutto tutti molto poco ancora gia sempre mai dopo prima qui quello quella grazie ciao oggi
    domani io tu suo mio fare puo ed uno degli`,
  pt: `o a os as de que e do da em um uma para com nao por mais dos das como mas ao ele ela se na no nas nos foi sua seu ou
    quando muito ja esta eu tambem so pelo pela ate isso entre depois sem mesmo aos seus quem me esse eles voce essa num nem
    suas meu minha numa elas qual nosso tem ser sao estou obrigado obrigada ola oi hoje amanha bom dia ter pode fazer aqui
    agora porque tudo todos isto`,
  tr: `ve bir bu da de icin ile cok ne daha gibi var mi mu ama kadar olan olarak sonra en ben sen biz siz onlar o su her hic
    yok degil mi ya ki diye nasil neden nerede kim hangi simdi bugun yarin dun evet hayir tesekkurler merhaba lutfen bana
    sana ona bize size bunu sunu onu beni seni oldu oldugu olur oluyor eden ise hem once gore kendi ayni butun tum baska
    cunku fakat ancak hala artik burada orada iyi guzel`,
}

let index: Map<string, SpacedLanguage[]> | undefined

/** Languages that have a word among their frequent ones. */
export function languagesWith(form: string): readonly SpacedLanguage[] {
  index ??= indexed()
  return index.get(form) ?? []
}

function indexed(): Map<string, SpacedLanguage[]> {
  const languages = new Map<string, SpacedLanguage[]>()
  for (const [language, list] of Object.entries(LISTS) as [SpacedLanguage, string][]) {
    for (const word of new Set(list.split(/\s+/))) languages.set(word, [...(languages.get(word) ?? []), language])
  }
  return languages
}
