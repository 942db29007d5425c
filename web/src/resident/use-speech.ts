// SPDX-License-Identifier: Apache-2.0
import { onScopeDispose, ref } from 'vue'
import { preferences } from '@/shell/preferences'

/** Reads a page aloud, where the browser can. */
export function useSpeech() {
  const voice = globalThis.speechSynthesis
  const available = voice !== undefined && typeof SpeechSynthesisUtterance !== 'undefined'
  const speaking = ref(false)
  function say(text: string) {
    stop()
    const words = new SpeechSynthesisUtterance(text)
    words.lang = preferences.language
    words.rate = 0.9
    words.onend = () => { speaking.value = false }
    speaking.value = true
    voice.speak(words)
  }
  function stop() {
    if (available)
      voice.cancel()
    speaking.value = false
  }
  onScopeDispose(stop)
  return { available, speaking, say, stop }
}
