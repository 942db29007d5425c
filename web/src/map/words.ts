// SPDX-License-Identifier: Apache-2.0
/** Words for what a town's files name by a key; a key that we have no word for stands for itself. */
type Say = (key: string) => string
export const kindWord = (t: Say, te: (key: string) => boolean, kind: string) => te(`map.kind.${kind}`) ? t(`map.kind.${kind}`) : kind
