// SPDX-License-Identifier: Apache-2.0
const image = 'image/jpeg,image/png,image/webp,image/gif,image/heic'
const document = '.pdf,.docx,.xlsx,.csv,.txt'

/** What the server takes for a field of files, as a file dialog understands it. */
export function typesOf(accept: 'image' | 'document' | 'any' | undefined): string {
  return accept === 'image' ? image : accept === 'document' ? document : `${image},${document},.mp3,.m4a,.mp4,.m4v,.mov`
}
