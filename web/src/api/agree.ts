// SPDX-License-Identifier: Apache-2.0
/**
 * Held against the types generated from docs/openapi.json: every field that the web reads from a kernel route, and every
 * field that it sends, is one that the server declares. A renamed field breaks the type check, not the user.
 * What the server declares as free JSON (records, the catalogue) is checked at run time only.
 */
import type { paths as Declared } from './schema'
import type { Paths } from './paths'

type Content<R> = R extends { content: { 'application/json': infer B } } ? B : never
type Answer<O> = O extends { responses: infer R } ? Content<R[keyof R & (200 | 201)]> : never
type Body<O> = O extends { requestBody?: infer B } ? Content<NonNullable<B>> : never

/** Names in `Ours` that `Theirs` does not know, at any depth; never if all are known. */
type Unknown<Ours, Theirs> =
  unknown extends Theirs ? never
    : Ours extends readonly (infer O)[] ? Theirs extends readonly (infer T)[] ? Unknown<O, T> : never
      : Ours extends object ? Theirs extends object ? string extends keyof Theirs ? never
        : { [K in keyof Ours & string]: K extends keyof Theirs ? Unknown<NonNullable<Ours[K]>, unknown extends Theirs[K] ? unknown : NonNullable<Theirs[K]>> : K }[keyof Ours & string] : never : never

type Both<P, M> = P extends keyof Paths & keyof Declared ? M extends keyof Paths[P] & keyof Declared[P]
  ? Unknown<Answer<Paths[P][M]>, Answer<Declared[P][M]>> | Unknown<Body<Paths[P][M]>, Body<Declared[P][M]>> : never : never

/** By route and method, the names that do not agree. */
type Disagreements = { [P in keyof Paths & keyof Declared]: { [M in keyof Paths[P] & keyof Declared[P]]: Both<P, M> } }
type Any = { [P in keyof Disagreements]: Disagreements[P][keyof Disagreements[P]] }[keyof Disagreements]

/** Does not compile, naming the fields, when web and server have come apart. */
export const agreed: [Any] extends [never] ? true : Any = true
