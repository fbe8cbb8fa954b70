// The package's main file is CommonJS under "type": "module", which Node refuses;
// its module file works everywhere but has no types of its own.
declare module "wgsl_reflect/wgsl_reflect.module.js" {
  export * from "wgsl_reflect";
}
