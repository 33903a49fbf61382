/**
 * What may be asked of Telegram, by purpose. Everything else is refused before it is sent: this program reads, and whatever
 * else it comes to do has to be entered here, where it is seen.
 */
export const METHODS = {
  read: [
    'updates.GetState',
    'updates.GetDifference',
    'updates.GetChannelDifference',
    'users.GetUsers',
    'users.GetFullUser',
    'contacts.ResolveUsername',
    'messages.GetDialogs',
    'messages.GetDialogFilters',
    'messages.GetFullChat',
    'messages.GetHistory',
    'messages.GetMessages',
    'messages.GetRichMessage',
    'messages.GetForumTopics',
    'help.GetAppConfig',
    'channels.GetMessages',
    'channels.GetFullChannel',
    'channels.GetParticipant',
    'channels.GetParticipants',
    'upload.GetFile',
    // A key of another data centre, for the files that lie there.
    'auth.ExportAuthorization',
    'auth.ImportAuthorization',
  ],
  signIn: [
    'auth.SendCode',
    'auth.ResendCode',
    'auth.CancelCode',
    'auth.SignIn',
    'auth.CheckPassword',
    'auth.ExportLoginToken',
    'auth.ImportLoginToken',
    'auth.LogOut',
    'account.GetPassword',
  ],
  /** The owner asks the bot or the API to follow a channel. */
  follow: ['channels.JoinChannel'],
  /** To the owner's Saved Messages, and to chats that TG_SEND_ALLOW names. */
  deliverToOwner: ['messages.SendMessage'],
  relay: ['messages.SendMessage'],
} as const satisfies Record<string, readonly string[]>

const ALLOWED: ReadonlySet<string> = new Set(Object.values(METHODS).flat())

/** Whether a method, by GramJS's name of its request, may be called. */
export function isAllowedMethod(name: string): boolean {
  return ALLOWED.has(name)
}
