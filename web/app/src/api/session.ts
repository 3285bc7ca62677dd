// Who is logged in.

import type { Schema } from '@mingjian/api'
import { get, post, remove, rememberCsrfToken } from './http'

export type Role = Schema<'Role'>

/** A logged-in user of a tenant. */
export type User = Schema<'User'>

type SessionView = Schema<'Session'>

function enter(session: SessionView): User {
  rememberCsrfToken(session.csrf_token)
  return session.user
}

/** Logs in. `ApiError` 401 for a wrong name or password, 429 with `retryAfterS` while the login is locked. */
export async function logIn(login: string, password: string): Promise<User> {
  return enter(await post<SessionView>('/api/v1/session', { login, password }))
}

/** Changes a business system's one-time token for a session. `ApiError` 401 for none of ours, 410 for one that was used. */
export async function enterWith(token: string): Promise<{ user: User; returnUrl: string | null }> {
  const entered = await post<SessionView & { return_url: string | null }>('/api/v1/embed-sessions', { token })
  return { user: enter(entered), returnUrl: entered.return_url }
}

/** The user of the running session. `ApiError` 401 when there is none. */
export async function findSession(): Promise<User> {
  return enter(await get<SessionView>('/api/v1/session'))
}

/** Logs out. */
export async function logOut(): Promise<void> {
  await remove('/api/v1/session')
  rememberCsrfToken(null)
}
