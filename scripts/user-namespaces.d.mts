export function readsAsRestricted(read?: () => string): boolean
export function sandboxRemedy(program: string): string
