import { useMessagesTexts } from '@/texts/messages'
import { section } from '../section'

export default section({
  slug: 'messages',
  title: useMessagesTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../messages/Messages.vue'),
})
