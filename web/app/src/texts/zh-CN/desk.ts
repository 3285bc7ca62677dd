export default { title: '坐席工作台' }
