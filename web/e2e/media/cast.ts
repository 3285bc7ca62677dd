// The people of the journeys and what their fake cameras and microphones give.

export interface Actor {
  /** Names the files. */
  key: 'customer' | 'seat'
  /** Hertz of the microphone's tone. */
  tone: number
  /** Makes the frame numbers of one person unreadable as the other's. */
  salt: number
  portrait: Portrait
}

/** Colours of the drawn person and of the room behind. */
export interface Portrait {
  wall: string
  floor: string
  skin: string
  hair: string
  coat: string
  collar: string
  glasses: boolean
  longHair: boolean
}

export const CUSTOMER: Actor = {
  key: 'customer',
  tone: 440,
  salt: 9,
  portrait: {
    wall: '#e9dfd0',
    floor: '#c9b79c',
    skin: '#f0c8a4',
    hair: '#4a3b32',
    coat: '#7d5a4f',
    collar: '#f4ece2',
    glasses: true,
    longHair: false,
  },
}

export const SEAT: Actor = {
  key: 'seat',
  tone: 880,
  salt: 5,
  portrait: {
    wall: '#d5e3e2',
    floor: '#9fbcb9',
    skin: '#f3cfae',
    hair: '#20242a',
    coat: '#1d3f55',
    collar: '#ffffff',
    glasses: false,
    longHair: true,
  },
}
