/** Error and next step as one text. An unknown error has an empty hint. */
export function failureText({ message, hint }: { readonly message: string; readonly hint: string }): string {
  return hint === '' ? message : `${message} ${hint}`
}
