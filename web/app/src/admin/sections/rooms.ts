import { useRoomsTexts } from '@/texts/rooms'
import { section } from '../section'

export default section({
  slug: 'rooms',
  title: useRoomsTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../rooms/Rooms.vue'),
})
