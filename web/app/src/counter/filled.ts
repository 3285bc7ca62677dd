// What is read out, with the names of this case put in.

/** The names that a script may leave open, as the script's author writes them. */
export interface Names {
  客户姓名: string
  产品名称: string
  订单编号: string
  经办人: string
}

/** Puts names in place of `{客户姓名}` and the like; what is unknown stays as it stands, so that it is noticed. */
export function filled(script: string, names: Names): string {
  return script.replace(/\{([^{}]{1,10})\}/g, (whole, name: string) =>
    Object.prototype.hasOwnProperty.call(names, name) ? names[name as keyof Names] : whole,
  )
}
