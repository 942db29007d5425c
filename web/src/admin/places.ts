// SPDX-License-Identifier: Apache-2.0
/** The places of the administration and the right that each needs. */
export const places = [
  { name: 'accounts', icon: 'account', right: 'account.read' },
  { name: 'areas', icon: 'hierarchy', right: 'area.read' },
  { name: 'decisions', icon: 'history', right: 'area.manage' },
  { name: 'units', icon: 'units', right: 'unit.read' },
  { name: 'catalogue', icon: 'catalogue', right: 'catalogue.read' },
  { name: 'audit', icon: 'audit', right: 'audit.read' },
  { name: 'outbox', icon: 'send', right: 'outbox.manage' },
  { name: 'health', icon: 'health', right: 'metrics.read' },
] as const
