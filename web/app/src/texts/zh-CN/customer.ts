export default {
  title: '远程面签',
}
