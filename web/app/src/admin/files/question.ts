/** What is asked before something happens to a file for which a reason is kept. */
export interface Question {
  title: string
  /** What it means. */
  warning: string
  /** What the reason is called. */
  label: string
  hint: string
  confirm: string
  /** It cannot be taken back. */
  danger: boolean
  /** Throws `ApiError`, which the dialog shows. */
  act: (reason: string) => Promise<void>
}
