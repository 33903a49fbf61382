import type { Method } from './dispatcher'

export const accountMethods: Record<string, Method> = {
  'account.updateStatus': () => true,
  'auth.logOut': (_query, { session }) => {
    session.key.signOut()
    return { _: 'auth.loggedOut' }
  },
}
