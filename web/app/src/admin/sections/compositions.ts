import { useCompositionsTexts } from '@/texts/compositions'
import { section } from '../section'

export default section({
  slug: 'compositions',
  title: useCompositionsTexts().title,
  roles: ['tenant_admin'],
  load: () => import('../compositions/Compositions.vue'),
})
