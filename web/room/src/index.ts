/**
 * Everything a page needs to take part in a call: plain TypeScript, no framework. README.md shows the order of use.
 */
export * from './words.ts'
export { Live, type Readable } from './live.ts'
export { Scope } from './scope.ts'
export { Refused, Unreachable } from './replies.ts'
export { Signal, type ClosedWhy, type Link, type SignalOptions } from './signal.ts'
export type { DeviceCause } from './fault.ts'
export { Devices, type Choices, type DeviceKind, type Facing, type Holding } from './devices.ts'
export { Level, type LevelReading } from './level.ts'
export { Call, type CallOptions, type MediaLink } from './call.ts'
export type { Received } from './watch.ts'
export { Screen, canShareScreen, type Shared } from './screen.ts'
export { NetworkCheck, type NetworkFinding, type NetworkReport } from './check.ts'
export { grade, type Grade, type Measured } from './quality.ts'
export { Playing } from './play.ts'
export { support, type Support } from './support.ts'
export { keepAwake } from './wake.ts'
