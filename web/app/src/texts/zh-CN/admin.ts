// Words of the administration's frame. Each section has a module of its own.
export default {
  title: '管理',
  menu: '菜单',
  openMenu: '打开菜单',
  nowhere: '这里没有内容，可能是链接有误，或者当前账号没有这一项的权限。可以前往',
}
