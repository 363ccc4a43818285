/** What went wrong and what to do, as one text. The hint of an error of no known kind is empty. */
export function failureText({ message, hint }: { readonly message: string; readonly hint: string }): string {
  return hint === '' ? message : `${message} ${hint}`
}
