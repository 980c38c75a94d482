/** Style sheets are bundled as text and adopted; there is no inline style, so a strict CSP has nothing to refuse. */
declare module "*.css" {
  const text: string;
  export default text;
}
