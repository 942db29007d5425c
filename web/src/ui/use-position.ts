// SPDX-License-Identifier: Apache-2.0
import { ref } from 'vue'

/** Where the device is, if it can tell and its owner allows. */
export function usePosition() {
  const available = typeof navigator !== 'undefined' && 'geolocation' in navigator
  const busy = ref(false)
  const failed = ref(false)

  function locate(): Promise<{ lat: number, lon: number } | null> {
    busy.value = true
    failed.value = false
    return new Promise(resolve => {
      const done = (found: { lat: number, lon: number } | null) => {
        busy.value = false
        failed.value = found === null
        resolve(found)
      }
      const round = (n: number) => Math.round(n * 1e6) / 1e6
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => done({ lat: round(coords.latitude), lon: round(coords.longitude) }),
        () => done(null), { enableHighAccuracy: true, timeout: 10_000 })
    })
  }
  return { available, busy, failed, locate }
}
