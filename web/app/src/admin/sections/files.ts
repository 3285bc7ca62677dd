import { useFilesTexts } from '@/texts/files'
import { section } from '../section'

export default section({
  slug: 'files',
  title: useFilesTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../files/Files.vue'),
})
