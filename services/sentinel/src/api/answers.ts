import type { Handlers } from '@tgsentinel/kernel/contract'
import { ok } from '@tgsentinel/kernel/errors'
import type { operations } from '../../../../openapi/generated/sentinel'
import type { Answers } from '../answers/answers'

export function answerHandlers(answers: Answers): Handlers<Pick<operations, 'getAnswerLink' | 'useAnswerLink'>> {
  return {
    getAnswerLink: ({ params }) => ok(answers.link(params.token)),
    useAnswerLink: ({ params }) => {
      const { answered, message } = answers.use(params.token)
      return ok(answered, message)
    },
  }
}
