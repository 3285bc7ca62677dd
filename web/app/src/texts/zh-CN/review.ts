export default { title: '录像质检' }
