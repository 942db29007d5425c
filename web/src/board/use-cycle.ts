// SPDX-License-Identifier: Apache-2.0
/** The wall screen goes through the levels by itself: the area where it began, then each area below, and again. */
import { computed, onBeforeUnmount, ref } from 'vue'

const seconds = 20

export function useCycle(show: (area: string) => void) {
  const stops = ref<string[]>([])
  const at = ref(0)
  const resting = ref(false)
  let timer: ReturnType<typeof setInterval> | undefined

  function start(home: string, below: string[]) {
    stop()
    stops.value = [home, ...below]
    at.value = 0
    resting.value = false
    timer = setInterval(step, seconds * 1000)
  }
  function step() {
    if (resting.value || stops.value.length < 2)
      return
    at.value = (at.value + 1) % stops.value.length
    show(stops.value[at.value]!)
  }
  /** Back to where it began. */
  function stop() {
    clearInterval(timer)
    timer = undefined
    if (at.value)
      show(stops.value[0]!)
    stops.value = []
    at.value = 0
  }
  onBeforeUnmount(() => clearInterval(timer))
  const running = computed(() => stops.value.length > 1)
  const place = computed(() => `${at.value + 1} / ${stops.value.length}`)
  return { running, resting, place, start, stop }
}
