/** What came of asking a policy; a `result` that is `undefined` is one that Rego leaves undefined. */
export type Evaluated =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: string }
